import RollcallProtocol

/// Nodes counted by role or by site. Columns without a count in any row are left out, so that what is not as it should
/// be stands out.
struct TallyTable {
    /// What is counted by.
    enum Kind { case role, site }

    private let kind: Kind
    private let tallies: [WireGetStatusResponse.Tally]
    private let hidden: [WireGetStatusResponse.Tally]

    private struct Figure {
        var title: String
        var short: String
        var ink: Ink
        var count: (WireGetStatusResponse.Tally) -> UInt32
        var isAlwaysShown = false
    }

    private static func figures(on canvas: Canvas) -> [Figure] {
        func name(_ reachability: WireReachability) -> String { canvas.word(reachability) }
        func name(_ health: WireHealth) -> String { canvas.word(health) }
        return [
            Figure(
                title: canvas.label("nodes", "節點"), short: canvas.label("nodes", "節點"), ink: .strong,
                count: { $0.nodes }, isAlwaysShown: true),
            Figure(
                title: name(.reachable), short: canvas.label("reach", "可連"), ink: .plain, count: { $0.reachable },
                isAlwaysShown: true),
            Figure(title: name(.suspect), short: canvas.label("susp", "疑似"), ink: .caution, count: { $0.suspect }),
            Figure(title: name(.unreachable), short: canvas.label("unrch", "失聯"), ink: .bad, count: { $0.unreachable }),
            Figure(title: name(.left), short: canvas.label("left", "離開"), ink: .faint, count: { $0.left }),
            Figure(title: name(.expected), short: canvas.label("exp", "等候"), ink: .faint, count: { $0.expected }),
            Figure(
                title: name(.healthy), short: canvas.label("ok", "正常"), ink: .good, count: { $0.healthy },
                isAlwaysShown: true),
            Figure(title: name(.warning), short: canvas.label("warn", "警告"), ink: .caution, count: { $0.warning }),
            Figure(title: name(.critical), short: canvas.label("crit", "嚴重"), ink: .bad, count: { $0.critical }),
            Figure(title: canvas.unknown, short: canvas.label("unkn", "不明"), ink: .strong, count: { $0.unknown }),
        ]
    }

    /// A table of `tallies`. Above `limit` rows, those without trouble are summed up in one line.
    init(_ kind: Kind, _ tallies: [WireGetStatusResponse.Tally], limit: Int? = nil) {
        self.kind = kind
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
        let title = kind == .role ? canvas.label("role", "角色") : canvas.label("site", "站台")
        let figures = Self.figures(on: canvas).filter { figure in
            figure.isAlwaysShown || tallies.contains { figure.count($0) > 0 }
        }
        var table = Table(
            [.init(title, minimum: 10)] + figures.map { .init($0.title, short: $0.short, numbers: true, minimum: 5) })
        for tally in tallies {
            let name =
                tally.name.isEmpty
                ? canvas.label("(none)", "（無）") : kind == .role ? canvas.role(named: tally.name) : tally.name
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
            let more = canvas.count(hidden.count, "more \(title)", "個\(title)")
            let count = canvas.count(nodes, "node", "個節點")
            lines.append(
                Line(canvas.label("… and \(more), \(count), without trouble", "… 另有 \(more)，\(count)，一切正常"), .faint))
        }
        return lines
    }
}

extension WireGetStatusResponse.Tally {
    /// How much attention the row deserves: critical before unreachable before warning before the rest.
    fileprivate var trouble: [UInt32] { [critical, unreachable, warning, suspect, unknown] }
}
