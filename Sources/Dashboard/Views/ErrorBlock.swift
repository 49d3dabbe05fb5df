import RollcallProtocol

/// A connectivity error as a few lines: in brief for the summary, in full where the reader asked for errors.
struct ErrorBlock {
    let error: WireConnectivityError
    let canvas: Canvas

    init(error: WireConnectivityError, canvas: Canvas) {
        self.error = error.translated(to: canvas.language)
        self.canvas = canvas
    }

    /// What is wrong, with whom, since when, why, and the first thing to do.
    func brief() -> [Line] {
        var lines = [headline()] + canvas.paragraph("", error.bareTitle, indent: 2, column: 0)
        if !error.likelyCause.isEmpty {
            lines += canvas.paragraph(canvas.label("cause", "原因"), error.likelyCause, indent: 2, column: 7)
        }
        if let first = error.remedy.first {
            lines += canvas.paragraph(canvas.label("do", "處理"), first, .strong, indent: 2, column: 7)
        }
        return lines
    }

    /// One line: code, subject, age, title.
    func oneLine() -> Line {
        headline() + Line("  \(error.bareTitle)")
    }

    /// Everything known about it.
    func full() -> [Line] {
        [headline()] + details()
    }

    /// All but the headline.
    func details() -> [Line] {
        var lines = canvas.paragraph("", error.bareTitle, .strong, indent: 2, column: 0)
        for (index, fact) in error.evidence.enumerated() {
            let time = WallTime(field: fact.atUnixMs).map { Phrases.clock($0, on: canvas) + " " } ?? ""
            let source = fact.source.isEmpty ? "" : "\(fact.source): "
            lines += canvas.paragraph(
                index == 0 ? canvas.label("evidence", "佐證") : "", time + source + fact.text, indent: 2, column: 10)
        }
        if !error.likelyCause.isEmpty {
            lines += canvas.paragraph(canvas.label("cause", "原因"), error.likelyCause, indent: 2, column: 10)
        }
        if !error.otherCause.isEmpty {
            lines += canvas.paragraph(canvas.label("or else", "或者"), error.otherCause, indent: 2, column: 10)
        }
        for (index, step) in error.remedy.enumerated() {
            let bullet = error.remedy.count > 1 ? "\(index + 1). " : ""
            lines += canvas.paragraph(
                index == 0 ? canvas.label("do", "處理") : "", step, .strong, bullet: bullet, indent: 2, column: 10)
        }
        if !error.members.isEmpty {
            lines += canvas.paragraph(canvas.label("hits", "影響"), members, indent: 2, column: 10)
        }
        if error.isCleared, !error.clearedBecause.isEmpty {
            lines += canvas.paragraph(canvas.label("cleared", "已清除"), error.clearedBecause, indent: 2, column: 10)
        }
        return lines
    }

    /// `CRITICAL  95226b  web-03 (taipei)  4 min, since 14:02:11`.
    func headline() -> Line {
        var line = Line()
        if error.isCleared {
            line.append(canvas.label("cleared", "已清除"), .good, padding: .right, to: 10)
        } else {
            line = severity
        }
        return line + name + Line("  \(period)", .faint)
    }

    /// `CRITICAL`, as wide as a column of severities.
    var severity: Line {
        var line = Line()
        let word = canvas.word(error.severity).uppercased()
        line.append(word, error.severity.ink, padding: .right, to: max(10, word.displayWidth + 2))
        return line
    }

    /// `95226b  web-03 (taipei)`.
    var name: Line { Line(error.fullCode, .strong) + Line("  \(subject)") }

    private var subject: String {
        let hit =
            error.memberCount > 1 ? canvas.label(", ", "，") + canvas.count(Int(error.memberCount), "node", "個節點") : ""
        switch error.scope {
        case .site: return canvas.label("site ", "站台 ") + "\(error.subject.or(error.site))\(hit)"
        case .server: return canvas.label("server ", "伺服器 ") + "\(error.subject)\(hit)"
        default: return error.site.isEmpty ? "\(error.subject)\(hit)" : "\(error.subject) (\(error.site))\(hit)"
        }
    }

    private var period: String {
        guard let raised = WallTime(field: error.raisedUnixMs) else {
            return canvas.label("since an unknown time", "起始時間不明")
        }
        guard let cleared = WallTime(field: error.clearedUnixMs) else { return Phrases.since(raised, on: canvas) }
        let (from, to) = (Phrases.clock(raised, on: canvas), Phrases.clock(cleared, on: canvas))
        let long = Phrases.length(cleared.since(raised), on: canvas)
        return canvas.label("\(from) to \(to), \(long)", "\(from) 至 \(to)，\(long)")
    }

    private var members: String {
        let rest = Int(error.memberCount) - error.members.count
        return error.members.joined(separator: ", ")
            + (rest > 0 ? canvas.label(" and \(rest) more", "，另有 \(rest) 個") : "")
    }
}

extension WireConnectivityError {
    /// `95226b`.
    var fullCode: String { code + variant }

    /// The title for a place that names the subject anyway.
    var bareTitle: String {
        let prefix = subject + ": "
        return !subject.isEmpty && title.hasPrefix(prefix) ? String(title.dropFirst(prefix.count)) : title
    }

    var isCleared: Bool { clearedUnixMs != 0 }
}
