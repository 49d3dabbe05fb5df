import ArgumentParser
import Dashboard
import Foundation
import RollcallProtocol

/// `rollcall probes`: who tried to get in and did not, as the server saw it.
struct ProbesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probes",
        abstract: "Lists connections that came to nothing, newest first: from where, how far, how many bytes, why.",
        discussion: """
            The server remembers the newest 2,000 since its start. A probe fetches its own and lays them beside what it \
            saw itself; here are all of them.

            Examples:
              rollcall probes
              rollcall probes --from 10.1.2.3 --failures
            """)

    @Option(name: .long, help: ArgumentHelp("Only from this address.", valueName: "address"))
    var from: String?

    @Option(name: .long, help: ArgumentHelp("Only those that asked for this name in TLS.", valueName: "name"))
    var sni: String?

    @Flag(name: .long, help: "Leave out passers-by: health checks, port scans, probes that only looked.")
    var failures = false

    @Option(name: .long, help: "At most this many. (default: 100, which is the most)")
    var limit: Int?

    @OptionGroup var operators: OperatorOptions

    func validate() throws {
        if let limit, !(1...100).contains(limit) { throw ValidationError("--limit is \(limit): use 1 to 100.") }
    }

    func run() throws {
        let server = try operators.query()
        let request = WireListAttemptsRequest.with {
            $0.peerAddress = from ?? ""
            $0.serverName = sni ?? ""
            $0.failuresOnly = failures
            $0.limit = UInt32(limit ?? 0)
        }
        let answer = try asking { try server.attempts(request) }
        if operators.json { return try JSONOutput.show(Self.json(answer)) }
        for attempt in answer.attempts { print(Self.line(attempt).printable) }
        if answer.attempts.isEmpty { print("Nobody failed to get in, as far as the server remembers.") }
        if answer.dropped > 0 { print("\(answer.dropped) more were too many to be noted.") }
    }

    /// "2026-11-25T14:02:11.123Z  10.1.2.3:40112  handshake began, 1200 bytes in, 0 out, nothing more came: stalled …"
    static func line(_ attempt: WireAttempt) -> String {
        let time = WallTime(field: attempt.atUnixMs)?.rfc3339 ?? "?"
        let detail = attempt.detail.isEmpty ? "" : " (\(attempt.detail))"
        return "\(time)  \(attempt.peerAddress)  \(progress(attempt.progress)), \(attempt.bytesIn) bytes in, "
            + "\(attempt.bytesOut) out, \(end(attempt.end)) after \(attempt.lastedMs) ms: \(attempt.reason)\(detail)"
    }

    static func progress(_ progress: WireAttemptProgress) -> String {
        switch progress {
        case .connected: "connected"
        case .spoke: "spoke plain text"
        case .handshaking: "handshake began"
        case .secured: "TLS up"
        case .served: "served"
        case .refused: "refused"
        default: "?"
        }
    }

    static func end(_ end: WireAttemptEnd) -> String {
        switch end {
        case .open: "still open"
        case .closedByPeer: "closed by the other side"
        case .reset: "reset"
        case .silence: "nothing more came"
        case .closedByServer: "closed by the server"
        default: "?"
        }
    }

    static func json(_ answer: WireListAttemptsResponse) -> JSONValue {
        .object([
            (
                "attempts",
                .array(
                    answer.attempts.map { attempt in
                        .object([
                            ("at", .time(attempt.atUnixMs)), ("peer_address", .text(attempt.peerAddress)),
                            ("local_address", .text(attempt.localAddress)),
                            ("lasted_ms", .unsigned(attempt.lastedMs)),
                            ("progress", .string(progress(attempt.progress))), ("end", .string(end(attempt.end))),
                            ("reason", .text(attempt.reason)), ("detail", .text(attempt.detail)),
                            ("failure", .bool(attempt.failure)), ("bytes_in", .unsigned(attempt.bytesIn)),
                            ("bytes_out", .unsigned(attempt.bytesOut)), ("server_name", .text(attempt.serverName)),
                            ("hostname", .text(attempt.hostname)), ("issuer", .text(attempt.issuer)),
                        ])
                    })
            ),
            ("noted", .unsigned(answer.noted)), ("dropped", .unsigned(answer.dropped)),
        ])
    }
}
