internal import ErrorCatalogue
internal import Registry
public import RollcallProtocol

/// How the verdicts about one node came about, row by row of the decision table, and what would change them.
public struct VerdictView {
    private let canvas: Canvas

    /// A view on `canvas`.
    public init(on canvas: Canvas) { self.canvas = canvas }

    /// What is known, and each active error with the rows that were tried before its own, and those that other facts
    /// would lead to.
    public func lines(_ story: WireGetNodeResponse) -> [Line] {
        var lines = known(story.node)
        if story.errors.isEmpty, story.node.reachability == .suspect {
            lines.append(
                Line(
                    canvas.label(
                        "It is late, and suspect; it is judged if it stays silent.", "它已遲到而可疑；若持續沒有訊息，才會判定。"), .caution)
            )
        } else if story.errors.isEmpty {
            lines.append(
                Line(
                    canvas.label(
                        "Nothing is wrong with it: no row of the decision table fits what is known.",
                        "沒有異常：目前已知的事實不符合決策表的任何一列。"), .good))
        }
        for error in story.errors {
            lines.append(Line())
            lines += ErrorBlock(error: error, canvas: canvas).full()
            lines += reasoning(error, story.node)
        }
        return lines
    }

    private func known(_ node: WireNode) -> [Line] {
        var lines = [Line(node.hostname.printable, .strong) + Line("  \(node.site.printable)", .faint)]
        for component in node.components {
            let heard = WallTime(field: component.lastHeardUnixMs).map { Phrases.clock($0, on: canvas) }
            let state = component.connected ? canvas.label("connected", "已連線") : component.lastClose
            lines += canvas.paragraph(
                canvas.label("clock", "時鐘"),
                "\(canvas.word(component.component)): "
                    + (heard.map { canvas.label("last heard \($0)", "最後訊息 \($0)") }
                        ?? canvas.label("never heard", "從未有訊息"))
                    + (state.isEmpty ? "" : ", \(state)"), indent: 2, column: 10)
        }
        for service in node.services {
            let age = WallTime(field: service.reportedUnixMs).map { Phrases.clock($0, on: canvas) } ?? "?"
            let stale = service.stale ? canvas.label(" (not known any more)", "（已無法得知）") : ""
            lines += canvas.paragraph(
                canvas.label("service", "服務"),
                "\(service.report.name): \(canvas.word(service.report.state))\(stale), "
                    + canvas.label("told \(age)", "回報於 \(age)"), indent: 2, column: 10)
        }
        for (position, fact) in node.asked.enumerated() {
            lines += canvas.paragraph(
                position == 0 ? canvas.label("asked", "詢問") : "", fact.translated(to: canvas.language).text, indent: 2,
                column: 10)
        }
        return lines
    }

    private func reasoning(_ error: WireConnectivityError, _ node: WireNode) -> [Line] {
        guard let row = DecisionTable.row(named: error.row) else { return [] }
        let role = Role(rawValue: UInt8(clamping: node.role.rawValue))
        let related = DecisionTable.rows.filter { $0.concerns(sameAs: row, role) }
        let position = related.firstIndex { $0.name == row.name } ?? 0
        var lines = canvas.paragraph(
            canvas.label("row", "依據"), "\(row.name): \(row.pattern)", .strong, indent: 2, column: 10)
        for (index, earlier) in related[..<position].enumerated() {
            lines += canvas.paragraph(
                index == 0 ? canvas.label("not", "不符") : "", "\(earlier.name): \(earlier.pattern)", indent: 2,
                column: 10)
        }
        for (index, other) in related.filter({ $0.name != row.name }).enumerated() {
            lines += canvas.paragraph(
                index == 0 ? canvas.label("change", "若改變") : "",
                "\(other.pattern) → \(other.code.rawValue) (\(other.name))", bullet: "- ", indent: 2, column: 10)
        }
        return lines
    }
}

extension DecisionRow {
    /// Whether the row answers the same question about such a node.
    fileprivate func concerns(sameAs other: DecisionRow, _ role: Role?) -> Bool {
        code.topic == other.code.topic && pattern.concerns(role)
    }
}
