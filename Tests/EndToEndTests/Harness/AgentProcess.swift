import Foundation

/// A running `rollcall agent`, which reports this machine under a name of its own.
final class AgentProcess {
    let child: ChildProcess
    let name: String

    /// Starts an agent that looks at its services five times a second.
    /// - Throws: `POSIXError`.
    init(
        _ name: String, identity: String, server: ServerProcess, role: String = "agent", watch: [String] = [],
        _ flags: [String] = []
    ) throws {
        self.name = name
        var command = [Program.path, "agent", "--server", server.address, "--identity", identity]
        command += ["--hostname", name, "--role", role, "--watch-interval", "200ms", "--site", "taipei"]
        // All agents of a test share one hardware.
        if !flags.contains("--hardware-id") { command += ["--hardware-id", "none"] }
        for spec in watch { command += ["--watch", spec] }
        child = try ChildProcess(
            command + flags, name: "\(name)-\(UInt32.random(in: 0 ... .max))", logs: server.fleet.logs)
    }

    /// How often it registered.
    var registrations: Int { child.log.components(separatedBy: "registered").count - 1 }
}

/// A service to watch: `sleep`, and a file with its process id.
final class WatchedService {
    static let name = "InMage Scout Application Service"
    let pidFile: String
    private let logs: String
    private var process: ChildProcess?

    init(_ fleet: TestFleet) {
        logs = fleet.logs
        pidFile = fleet.directory.path("appservice.pid")
    }

    /// As `--watch` takes it.
    var spec: String { "\(Self.name)=pidfile:\(pidFile)" }

    func start() throws {
        let child = try ChildProcess(["/bin/sleep", "1000000"], name: "sleep", logs: logs)
        process = child
        try Data("\(child.pid)\n".utf8).write(to: URL(filePath: pidFile), options: .atomic)
    }

    func stop() { process = nil }
}
