import AgentClient
import ConnectivityProbe
import Dashboard
import ErrorCatalogue
import EventLoop
import Foundation
import SecureTransport

/// A probe as people see it: a line for each check as it ends, then the chain, then the verdict.
struct ProbePage {
    private let target: ServerName
    private let palette: Palette
    private let language: Language
    private let print: (String) -> Void

    /// A page on standard output.
    init(target: ServerName, language: Language = .english) {
        self.init(
            target: target, language: language,
            palette: .fitting(
                isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
        ) { line in
            Swift.print(line)
            // Each line when it is true, also in a pipe.
            fflush(nil)
        }
    }

    /// A page on anything.
    init(
        target: ServerName, language: Language = .english, palette: Palette, print: @escaping (String) -> Void
    ) {
        self.target = target
        self.language = language
        self.palette = palette
        self.print = print
    }

    /// What is about to happen.
    func begin() {
        out(Line(word("Probing \(target)", "探測 \(target)"), .strong))
    }

    /// One check that has ended.
    func show(_ check: Check) {
        let (mark, ink) = mark(check)
        var line = Line("  ")
        line.append(mark, ink, padding: .right, to: 4)
        line.append(check.took.map(\.inWords) ?? "", .faint, padding: .left, to: 8)
        line.append("  ")
        line.append(check.kind.title.text(in: language), .plain, padding: .right, to: 15)
        if let address = check.address { line.append("\(address)  ", .faint) }
        line.append(check.detail.text(in: language))
        out(line)
    }

    /// The chains, and the verdict.
    func end(_ report: ProbeReport, _ verdict: Verdict) {
        var shown: [[CertificateFacts]] = []
        for look in report.tls where !shown.contains(look.chain) && !look.chain.isEmpty {
            shown.append(look.chain)
            showChain(look, now: report.startedUnixMilliseconds / 1000)
        }
        out(Line())
        let frame = Verdict.frame(in: language, verdict.grade)
        var headline = Line("\(frame.verdict): ", .strong)
        headline.append(frame.grade, Self.ink(verdict.grade))
        if let symptom = verdict.symptom { headline.append(" (\(symptom.rawValue))", .faint) }
        headline.append("\(frame.after)\(report.took.inWords)", .faint)
        out(headline)
        if FieldChain(on: report).connectsButIsUnreachable {
            out(
                Line(
                    word(
                        "  Connects, but is reported unreachable: TCP is open, and what stands above it does not get through.",
                        "  連得上，卻顯示為無法連線：TCP 是通的，其上的卻過不去。")))
        }
        out(Line("  " + verdict.cause))
        for line in verdict.evidence { out(Line("  \(frame.evidence): ", .faint) + Line(line)) }
        out(Line("  \(frame.next): ", .strong) + Line(verdict.nextStep))
    }

    /// A remark while something takes long.
    func note(_ text: String) { out(Line("  " + text, .faint)) }

    /// What the field's own tools would have shown.
    func explain(_ chain: FieldChain) {
        out(Line())
        out(Line(word("What other tools would have shown here:", "其他工具在此處會顯示："), .strong))
        for step in chain.steps {
            let mark = step.succeeds.map { $0 ? word("ok", "正常") : word("FAIL", "失敗") } ?? "–"
            var line = Line("  ")
            line.append(
                mark, step.succeeds == true ? .good : step.succeeds == false ? .bad : .faint, padding: .right, to: 6)
            line.append(step.command.text(in: language) + "  ", .strong)
            line.append(step.shows.text(in: language))
            out(line)
        }
    }

    private func showChain(_ look: TLSLook, now: Int64) {
        out(Line())
        let trust =
            switch look.trust {
            case .passed: word("passed", "可信")
            case .failed: word("failed", "不可信")
            case .unknown: word("unknown", "不明")
            }
        out(
            Line(
                word("Certificates from \(look.address), trust: \(trust)", "來自 \(look.address) 的憑證，信任：\(trust)"),
                .strong))
        for (depth, certificate) in look.chain.enumerated() {
            var line = Line("  \(depth): \(certificate.subject)")
            if !certificate.uri.isEmpty { line.append(", \(certificate.uri)") }
            out(line)
            let names = certificate.hostNames.joined(separator: ", ")
            if !names.isEmpty { out(Line("     " + word("for \(names)", "用於 \(names)"))) }
            out(Line("     " + word("issued by \(certificate.issuer)", "簽發者 \(certificate.issuer)")))
            let from = UTCTime(certificate.notBeforeUnixSeconds * 1000)
            let until = UTCTime(certificate.notAfterUnixSeconds * 1000)
            let days = certificate.daysLeft(atUnixSeconds: now)
            out(
                Line(
                    "     "
                        + word(
                            "valid \(from) to \(until), \(days) days left", "有效期間 \(from) 至 \(until)，還剩 \(days) 天")))
        }
    }

    private func out(_ line: Line) { print(line.rendered(in: palette)) }

    /// One of the page's own words.
    private func word(_ english: String, _ chinese: String) -> String { Phrase(english, chinese).text(in: language) }

    private func mark(_ check: Check) -> (String, Ink) {
        switch check.state {
        case .passed: check.symptom == nil ? (word("ok", "正常"), .good) : (word("ok?", "留意"), .caution)
        case .failed: (word("FAIL", "失敗"), .bad)
        case .unknown: ("?", .caution)
        }
    }

    private static func ink(_ grade: Grade) -> Ink {
        switch grade {
        case .passed: .good
        case .doubtful: .caution
        case .failed: .bad
        }
    }
}
