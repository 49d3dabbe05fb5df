public import RollcallProtocol

/// Connectivity errors in full: a list, or one event after the other as they come.
public struct ErrorsView {
    private let canvas: Canvas

    /// A view on `canvas`, whose `now` the ages are by.
    public init(on canvas: Canvas) {
        self.canvas = canvas
    }

    /// The list, in the order it came in, and below it how many errors it does not show. Without any: a sentence.
    /// - Parameters:
    ///   - errors: what the server answered.
    ///   - total: how many match in all.
    ///   - all: whether cleared ones were asked for too.
    ///   - isFiltered: whether only some were asked for.
    /// - Returns: the lines.
    public func list(_ errors: [WireConnectivityError], total: Int, all: Bool, isFiltered: Bool = false) -> [Line] {
        guard !errors.isEmpty else {
            if isFiltered {
                let none =
                    all
                    ? canvas.label("No such error.", "沒有這樣的錯誤。")
                    : canvas.label("No such error is active.", "沒有這樣的錯誤在進行中。")
                return [Line(none, .good)]
            }
            let none =
                all
                ? canvas.label("No error was ever raised.", "從未發生過錯誤。") : canvas.label("No active error.", "沒有進行中的錯誤。")
            return [Line(none, .good)]
        }
        let blocks = errors.map { ErrorBlock(error: $0, canvas: canvas).full() }
        var lines = Array(blocks.joined(separator: [Line()]))
        let hidden = total - errors.count
        if hidden > 0 {
            lines += [
                Line(),
                Line(
                    canvas.label(
                        "… and \(hidden) more of \(total): raise --limit", "… 共 \(total) 個，另有 \(hidden) 個：調高 --limit"),
                    .faint),
            ]
        }
        return lines
    }

    /// One event of a watch. What is new is told in full; that it ended, or that something about it changed, briefly.
    public func event(_ event: WireWatchErrorsResponse) -> [Line] {
        if event.hasSuspect { return suspect(event) }
        let block = ErrorBlock(error: event.error, canvas: canvas)
        var first = Line(time(of: event).map { Phrases.clock($0, on: canvas) } ?? "--:--:--", .faint)
        first.append("  ")
        first.append(word(of: event.event), event.event == .cleared ? .good : .strong, padding: .right, to: 9)
        switch event.event {
        case .cleared:
            let lasted = WallTime(field: event.error.clearedUnixMs).flatMap { cleared in
                WallTime(field: event.error.raisedUnixMs).map { Phrases.length(cleared.since($0), on: canvas) }
            }
            first = first + block.name + Line(lasted.map { canvas.label("  after \($0)", "  歷時 \($0)") } ?? "", .faint)
            return [first] + paragraph(block.error.clearedBecause)
        case .updated:
            return [first + block.severity + block.name] + paragraph(block.error.bareTitle)
                + (block.error.likelyCause.isEmpty
                    ? []
                    : canvas.paragraph(canvas.label("cause", "原因"), block.error.likelyCause, indent: 2, column: 10))
        case .raised:
            return [first + block.severity + block.name] + block.details()
        case .active, .suspected, .returned, .unspecified, .UNRECOGNIZED:
            return [first + block.headline()] + block.details()
        }
    }

    private func word(of event: WireErrorEvent) -> String {
        switch event {
        case .active: canvas.label("active", "進行中")
        case .raised: canvas.label("raised", "發生")
        case .updated: canvas.label("updated", "更新")
        case .cleared: canvas.label("cleared", "已清除")
        case .suspected: canvas.label("suspect", "疑似失聯")
        case .returned: canvas.label("returned", "恢復")
        case .unspecified, .UNRECOGNIZED: canvas.unknown
        }
    }

    /// That a node is missed, which is no error yet, or that it is back: two lines and one.
    private func suspect(_ event: WireWatchErrorsResponse) -> [Line] {
        let node = event.suspect
        let since = WallTime(field: node.sinceUnixMs)
        let returned = WallTime(field: node.returnedUnixMs)
        var first = Line((returned ?? since).map { Phrases.clock($0, on: canvas) } ?? "--:--:--", .faint)
        first.append("  ")
        first.append(word(of: event.event), returned == nil ? .strong : .good, padding: .right, to: 9)
        first.append(node.hostname, .strong)
        if !node.site.isEmpty { first.append(" (\(node.site))", .faint) }
        if let returned {
            let lasted = since.map { Phrases.length(returned.since($0), on: canvas) } ?? "?"
            return [first + Line("  \(canvas.label("heard again after", "失聯後恢復，歷時")) \(lasted)", .faint)]
        }
        let verdict = WallTime(field: node.verdictUnixMs).map { Phrases.clock($0, on: canvas) } ?? "?"
        let next = canvas.label(
            "an error follows at \(verdict) unless it returns", "若未恢復，將於 \(verdict) 提報錯誤")
        return [first] + paragraph("\(node.evidence.translated(to: canvas.language).text); \(next)")
    }

    private func paragraph(_ text: String) -> [Line] {
        text.isEmpty ? [] : canvas.paragraph("", text, indent: 2, column: 0)
    }

    private func time(of event: WireWatchErrorsResponse) -> WallTime? {
        switch event.event {
        case .cleared: WallTime(field: event.error.clearedUnixMs)
        case .updated: WallTime(field: event.error.updatedUnixMs)
        case .active, .raised, .suspected, .returned, .unspecified, .UNRECOGNIZED:
            WallTime(field: event.error.raisedUnixMs)
        }
    }
}
