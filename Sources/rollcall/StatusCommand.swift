import ArgumentParser
import Dashboard
import Foundation
import RollcallProtocol

/// `rollcall status`: the fleet on one screen, once or live.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how the fleet is: health in a word and why, active errors first.",
        discussion: """
            Ends with 0 if the fleet is healthy, 1 on a warning, 2 if something is critical, and 3 if that is not known \
            or the server cannot be asked: the convention of Nagios plug-ins, so that a monitoring system can run it as \
            it is.

            Examples:
              rollcall status
              rollcall status --watch --interval 5s
              rollcall status --json | jq '.errors[] | .code + .variant + " " + .subject'
              rollcall status --server cs.example.com --identity ~/.rollcall
            """)

    @Flag(name: .long, help: "Show it live until Ctrl-C, drawn in place on a terminal. Goes on if the server is lost.")
    var watch = false

    @Option(name: .long, help: "With --watch: how often to ask, from 100ms to 1h.")
    var interval: Duration = .seconds(2)

    @Option(name: .long, help: "With --watch: a line of your own under the first one.")
    var note: String?

    @OptionGroup var operators: OperatorOptions

    func validate() throws {
        guard (.milliseconds(100)...(.seconds(3600))).contains(interval) else {
            throw ValidationError("--interval is \(interval.text): use 100ms to 1h.")
        }
    }

    func run() throws {
        if watch {
            let server = try operators.query(status: ExitStatus.unknown, limit: LiveStatus.limit(for: interval))
            return try LiveStatus(
                server: server, interval: interval, note: note, isJSON: operators.json,
                language: operators.language
            )
            .run()
        }
        let server = try operators.query(status: ExitStatus.unknown)
        let status = try asking(status: ExitStatus.unknown) { try server.status() }
        if operators.json {
            try JSONOutput.show(status.json)
        } else {
            let canvas = TextOutput.canvas(
                now: WallTime(field: status.serverTimeUnixMs), language: operators.language)
            try TextOutput.standard.show(StatusView(status, on: canvas).lines(), on: canvas)
        }
        let end = Self.exitCode(for: status.health)
        if end != ExitStatus.healthy { throw end }
    }

    /// The status the process ends with.
    static func exitCode(for health: WireHealth) -> ExitCode {
        switch health {
        case .healthy: ExitStatus.healthy
        case .warning: ExitStatus.warning
        case .critical: ExitStatus.critical
        case .unspecified, .UNRECOGNIZED: ExitStatus.unknown
        }
    }
}
