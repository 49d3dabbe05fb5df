import ArgumentParser
import Dashboard
import ErrorCatalogue
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
        let language = operators.language ?? TextOutput.language(in: ProcessInfo.processInfo.environment)
        for attempt in answer.attempts { print(Self.line(attempt).text(in: language).printable) }
        if answer.attempts.isEmpty {
            let nobody = Phrase("Nobody failed to get in, as far as the server remembers.", "就伺服器所記得的，沒有人被拒於門外。")
            print(nobody.text(in: language))
        }
        if answer.dropped > 0 {
            let more = Phrase("\(answer.dropped) more were too many to be noted.", "另有 \(answer.dropped) 個太多，沒有記下。")
            print(more.text(in: language))
        }
    }

    /// "2026-11-25T14:02:11.123Z  10.1.2.3:40112  handshake began, 1200 bytes in, 0 out, nothing more came: stalled …"
    static func line(_ attempt: WireAttempt) -> Phrase {
        let time = WallTime(field: attempt.atUnixMs)?.rfc3339 ?? "?"
        let detail = attempt.detail.isEmpty ? "" : " (\(attempt.detail))"
        let (progress, end) = (progress(attempt.progress), end(attempt.end))
        return Phrase(
            "\(time)  \(attempt.peerAddress)  \(progress.english), \(attempt.bytesIn) bytes in, \(attempt.bytesOut) out, "
                + "\(end.english) after \(attempt.lastedMs) ms: \(attempt.reason)\(detail)",
            "\(time)  \(attempt.peerAddress)  \(progress.traditionalChinese)，收 \(attempt.bytesIn) 位元組，送 "
                + "\(attempt.bytesOut)，\(attempt.lastedMs) ms 後\(end.traditionalChinese)：\(attempt.reason)\(detail)")
    }

    static func progress(_ progress: WireAttemptProgress) -> Phrase {
        switch progress {
        case .connected: Phrase("connected", "已連上")
        case .spoke: Phrase("spoke plain text", "說了純文字")
        case .handshaking: Phrase("handshake began", "開始交握")
        case .secured: Phrase("TLS up", "TLS 已建立")
        case .served: Phrase("served", "已受理")
        case .refused: Phrase("refused", "遭拒")
        default: Phrase("?", "?")
        }
    }

    static func end(_ end: WireAttemptEnd) -> Phrase {
        switch end {
        case .open: Phrase("still open", "仍開著")
        case .closedByPeer: Phrase("closed by the other side", "由對方關閉")
        case .reset: Phrase("reset", "遭重設")
        case .silence: Phrase("nothing more came", "再無音訊")
        case .closedByServer: Phrase("closed by the server", "由伺服器關閉")
        default: Phrase("?", "?")
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
                            ("progress", .string(progress(attempt.progress).english)),
                            ("end", .string(end(attempt.end).english)),
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
