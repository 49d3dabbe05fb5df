import RollcallProtocol

/// Nodes counted by role or by site. Columns without a count in any row are left out, so that what is not as it should
/// be stands out.
struct TallyTable {
    private let title: String
    private let tallies: [WireGetStatusResponse.Tally]
    private let hidden: [WireGetStatusResponse.Tally]

    private struct Figure {
        var title: String
        var short: String
        var ink: Ink
        var count: (WireGetStatusResponse.Tally) -> UInt32
        var isAlwaysShown = false
    }

    private static var figures: [Figure] {
        [
            Figure(title: "nodes", short: "nodes", ink: .strong, count: { $0.nodes }, isAlwaysShown: true),
            Figure(title: "reachable", short: "reach", ink: .plain, count: { $0.reachable }, isAlwaysShown: true),
            Figure(title: "suspect", short: "susp", ink: .caution, count: { $0.suspect }),
            Figure(title: "unreachable", short: "unrch", ink: .bad, count: { $0.unreachable }),
            Figure(title: "left", short: "left", ink: .faint, count: { $0.left }),
            Figure(title: "expected", short: "exp", ink: .faint, count: { $0.expected }),
            Figure(title: "healthy", short: "ok", ink: .good, count: { $0.healthy }, isAlwaysShown: true),
            Figure(title: "warning", short: "warn", ink: .caution, count: { $0.warning }),
            Figure(title: "critical", short: "crit", ink: .bad, count: { $0.critical }),
            Figure(title: "unknown", short: "unkn", ink: .strong, count: { $0.unknown }),
        ]
    }

    /// A table of `tallies` under `title`. Above `limit` rows, those without trouble are summed up in one line.
    init(title: String, _ tallies: [WireGetStatusResponse.Tally], limit: Int? = nil) {
        self.title = title
        guard let limit, tallies.count > limit else {
            self.tallies = tallies
            hidden = []
            return
        }
        let worstFirst = tallies.enumerated()
            .sorted { left, right in
                left.element.trouble == right.element.trouble
                    ? left.offset < right.offset
                    : right.element.trouble.lexicographicallyPrecedes(left.element.trouble)
            }
            .map(\.element)
        let shown = max(limit, worstFirst.count { $0.trouble.contains { $0 > 0 } })
        self.tallies = Array(worstFirst.prefix(shown))
        hidden = Array(worstFirst.dropFirst(shown))
    }

    func lines(on canvas: Canvas) -> [Line] {
        let figures = Self.figures.filter { figure in
            figure.isAlwaysShown || tallies.contains { figure.count($0) > 0 }
        }
        var table = Table(
            [.init(title, minimum: 10)] + figures.map { .init($0.title, short: $0.short, numbers: true, minimum: 5) })
        for tally in tallies {
            let name = tally.name.isEmpty ? "(none)" : title == "role" ? tally.name.spaced : tally.name
            table.add(
                [.init(name)]
                    + figures.map { figure in
                        let count = figure.count(tally)
                        return .init(count == 0 ? "-" : String(count), count == 0 ? .faint : figure.ink)
                    })
        }
        var lines = table.lines(width: canvas.width)
        if !hidden.isEmpty {
            let nodes = hidden.reduce(0) { $0 + Int($1.nodes) }
            let more = Phrases.count(hidden.count, "more \(title)")
            lines.append(Line("… and \(more), \(Phrases.count(nodes, "node")), without trouble", .faint))
        }
        return lines
    }
}

extension WireGetStatusResponse.Tally {
    /// How much attention the row deserves: critical before unreachable before warning before the rest.
    fileprivate var trouble: [UInt32] { [critical, unreachable, warning, suspect, unknown] }
}
