import AgentClient
import ArgumentParser
import ConnectivityProbe
import Dashboard
import EventLoop
import Foundation
import SecureTransport

/// `rollcall probe`: finds out why a path is broken.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Tries the path to a configuration server step by step, and says what is wrong and what to do.",
        discussion: """
            Works against anything that listens. Every address of the name is tried. Ends with 0 if all is well, 1 if \
            something is slow or doubtful, 2 if it does not work. See docs/probe.md for every verdict.

            Who must reach whom:
            \(PortMatrix.lines.map { "  " + $0 }.joined(separator: "\n"))
            """)

    @Argument(
        help: ArgumentHelp(
            "Where to. (port: 443; default: the server that this machine's agent is configured for)",
            valueName: "host[:port]"))
    var server: String?

    @OptionGroup var options: ProbeOptions

    @Flag(name: .long, help: "Show what ping, telnet, a browser and the end-to-end client would have shown here.")
    var explain = false

    @Flag(name: .long, help: "Probe once a second until Ctrl-C: loss, times, changes.")
    var watch = false

    @Option(name: .long, help: "With --watch: end after so many rounds.")
    var count: Int?

    @Flag(name: .long, help: "Find out after how long a firewall forgets a connection that is not used.")
    var idleTest = false

    @Option(name: .long, help: "With --idle-test: the longest pause. (default: 10m)")
    var idleMax: Duration?

    @OptionGroup var matrix: MatrixOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "On the server: probe this node, at the addresses it registered with.", valueName: "name"))
    var node: String?

    @Option(
        name: .long, help: "With --node: the server's data directory. (default: $ROLLCALL_DATA, then the usual one)")
    var data: String?

    @Option(name: .long, help: "With --node: the port to try. (default: 9443 on a process server, else 20004)")
    var port: UInt16?

    func validate() throws {
        if count != nil, !watch { throw ValidationError("--count goes with --watch.") }
        if let count, count < 1 { throw ValidationError("--count is \(count): it must be 1 or more.") }
        if idleMax != nil, !idleTest { throw ValidationError("--idle-max goes with --idle-test.") }
        if let idleMax, idleMax < .seconds(1) || idleMax > .seconds(7200) {
            throw ValidationError("--idle-max is \(idleMax.text): it can be 1s to 2h.")
        }
        let manners = [watch, idleTest, matrix.matrix, node != nil].filter { $0 }.count
        if manners > 1 {
            throw ValidationError(
                "--watch, --idle-test, --matrix and --node exclude each other: leave all but one out.")
        }
        if data != nil || port != nil, node == nil { throw ValidationError("--data and --port go with --node.") }
        if node != nil, server != nil {
            throw ValidationError("--node asks the registry for the address: leave \(server ?? "") out.")
        }
    }

    func run() throws {
        do {
            let run = ProbeRun(options: options, explains: explain)
            let local = LocalAgent(root: "")
            let configured = local.settingsFile == nil ? nil : local.server
            let grade: Grade
            if let node {
                grade = try run.node(node, data: data, port: port)
            } else if matrix.matrix {
                let role = matrix.role ?? local.role.flatMap(PortMatrix.Role.init(rawValue:)) ?? .agent
                let target = try (server ?? configured).map { try ServerName(parsing: $0) }
                grade = try run.matrix(role, try matrix.targets(server: target))
            } else {
                guard let place = server ?? configured else {
                    throw ValidationError(
                        "say where to, host[:port]: no agent is configured on this machine that could tell.")
                }
                let target = try ServerName(parsing: place)
                grade =
                    try watch
                    ? run.watch(target, count: count)
                    : run.once(target, local, idle: idleTest ? idleMax ?? .seconds(600) : nil)
            }
            fflush(nil)
            // A resolver that was given up may still hold a thread: waiting for it would be waiting in vain.
            Foundation.exit(grade.exitCode.rawValue)
        } catch let error as ClientError {
            if case .badServerName = error { throw ValidationError("\(error)") }
            throw CommandFailure("\(error)", status: ExitStatus.usage)
        } catch let error as TLSError {
            throw CommandFailure("\(error)", status: ExitStatus.usage)
        } catch let error as LoopError {
            throw CommandFailure("\(error)", status: ExitStatus.critical)
        }
    }
}

extension Grade {
    /// What the process ends with.
    var exitCode: ExitCode {
        switch self {
        case .passed: ExitStatus.healthy
        case .doubtful: ExitStatus.warning
        case .failed: ExitStatus.critical
        }
    }
}
