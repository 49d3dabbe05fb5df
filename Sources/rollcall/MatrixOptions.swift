import AgentClient
import ArgumentParser
import ConnectivityProbe

/// Whom to try in the port matrix.
struct MatrixOptions: ParsableArguments {
    @Flag(name: .long, help: "Go through the port matrix for this machine's role: a verdict for each row.")
    var matrix = false

    @Option(
        name: .long,
        help: """
            With --matrix: what this machine is: agent, process-server, master-target, configuration-server. (default: as \
            its agent is configured, else agent)
            """, transform: MatrixOptions.role)
    var role: PortMatrix.Role?

    @Option(name: .long, help: ArgumentHelp("With --matrix: its process server.", valueName: "host[:port]"))
    var processServer: [String] = []

    @Option(name: .long, help: ArgumentHelp("With --matrix: its master target.", valueName: "host:port"))
    var masterTarget: [String] = []

    @Option(name: .long, help: ArgumentHelp("With --matrix: vCenter or ESXi.", valueName: "host[:port]"))
    var vcenter: [String] = []

    @Option(name: .long, help: ArgumentHelp("With --matrix: a machine of the same group.", valueName: "host[:port]"))
    var peer: [String] = []

    func validate() throws {
        let named = [processServer, masterTarget, vcenter, peer].contains { !$0.isEmpty } || role != nil
        if named, !matrix {
            throw ValidationError("--role, --process-server, --master-target, --vcenter and --peer go with --matrix.")
        }
        if let bare = masterTarget.first(where: { !$0.contains(":") }) {
            throw ValidationError("--master-target \(bare): its port is set there, so name it: \(bare):PORT.")
        }
    }

    /// The machines of each role.
    /// - Throws: `ClientError.badServerName`.
    func targets(server: ServerName?) throws -> [PortMatrix.Role: [ServerName]] {
        func names(_ texts: [String], _ port: UInt16) throws -> [ServerName] {
            try texts.map { text in
                let name = try ServerName(parsing: text)
                // A port of its own, or the matrix's.
                return text.hasSuffix(":\(name.port)") ? name : ServerName(host: name.host, port: port)
            }
        }
        return [
            .configurationServer: server.map { [$0] } ?? [],
            .processServer: try names(processServer, 9443),
            .masterTarget: try names(masterTarget, 443),
            .virtualCenter: try names(vcenter, 443),
            .agent: try names(peer, 20004),
        ]
    }

    private static func role(_ text: String) throws -> PortMatrix.Role {
        guard let role = PortMatrix.Role(rawValue: text), role != .virtualCenter else {
            throw ValidationError(
                "--role is '\(text)': use agent, process-server, master-target or configuration-server.")
        }
        return role
    }
}
