import AgentClient
import ConnectivityProbe
import Dashboard
import ErrorCatalogue
import Foundation

/// A path that is watched: a line a round, and at the end what they come to.
struct WatchPage {
    let target: ServerName
    let isJSON: Bool
    let language: Language

    /// One of the page's own words.
    private func word(_ english: String, _ chinese: String) -> String { Phrase(english, chinese).text(in: language) }

    private func out(_ text: String) {
        print(text)
        fflush(nil)
    }

    func begin() {
        guard !isJSON else { return }
        out(word("Watching \(target), one round a second. Ctrl-C ends it.", "持續探測 \(target)，每秒一輪。按 Ctrl-C 結束。"))
    }

    func show(_ round: PathRound) {
        if isJSON { return out(Self.json(round).compact) }
        let clock = "\(UTCTime(round.atUnixMilliseconds))".dropFirst(11).prefix(8)
        let mark = round.isChange ? "→ " : "  "
        let words =
            round.roundTrip.map { time in
                "\(time.inWords)\(round.symptom.map { "  (\($0.rawValue)) \(round.cause ?? "")" } ?? "")"
            } ?? "\(word("FAIL", "失敗"))  (\(round.symptom?.rawValue ?? "unknown")) \(round.cause ?? "")"
        out("\(mark)\(clock)  \(round.number)  \(words)".printable)
    }

    func end(_ statistics: PathStatistics) {
        if isJSON { return out(Self.json(statistics).compact) }
        let (rounds, lost, changes) = (statistics.rounds, statistics.lost, statistics.changes)
        let percent = Self.percent(statistics)
        out(
            word(
                "\(rounds) rounds, \(lost) lost (\(percent)), \(changes) changes",
                "\(rounds) 輪，失敗 \(lost) 輪（\(percent)），變化 \(changes) 次"))
        if let shortest = statistics.shortest, let average = statistics.average, let longest = statistics.longest,
            let deviation = statistics.deviation
        {
            out("min \(shortest.inWords), avg \(average.inWords), max \(longest.inWords), σ \(deviation.inWords)")
        }
    }

    private static func percent(_ statistics: PathStatistics) -> String {
        let tenths = Int((statistics.lossPercent * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }

    static func json(_ round: PathRound) -> JSONValue {
        .object([
            ("round", .integer(Int64(round.number))), ("at", .string("\(UTCTime(round.atUnixMilliseconds))")),
            ("round_trip_ms", round.roundTrip.map(ProbeDocument.milliseconds) ?? .null),
            ("symptom", .word(round.symptom?.rawValue)), ("cause", .word(round.cause)),
            ("change", .bool(round.isChange)),
        ])
    }

    static func json(_ statistics: PathStatistics) -> JSONValue {
        .object([
            ("rounds", .integer(Int64(statistics.rounds))), ("lost", .integer(Int64(statistics.lost))),
            ("loss_percent", .number(statistics.lossPercent)), ("changes", .integer(Int64(statistics.changes))),
            (
                "round_trip_ms",
                .object([
                    ("min", statistics.shortest.map(ProbeDocument.milliseconds) ?? .null),
                    ("avg", statistics.average.map(ProbeDocument.milliseconds) ?? .null),
                    ("max", statistics.longest.map(ProbeDocument.milliseconds) ?? .null),
                    ("deviation", statistics.deviation.map(ProbeDocument.milliseconds) ?? .null),
                ])
            ),
        ])
    }
}
