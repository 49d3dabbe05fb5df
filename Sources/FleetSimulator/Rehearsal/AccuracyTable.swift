internal import Foundation
internal import Registry

/// How right the diagnosis was over many scenarios, as a page's table: each with what was expected and what was raised,
/// the sums of each folder, and which rows of the decision table no scenario reached.
public struct AccuracyTable: Equatable, Sendable {
    private struct Line: Equatable, Sendable {
        var name: String
        var about: String
        var report: RehearsalReport
    }

    private var lines: [Line] = []

    /// Of nothing yet.
    public init() {}

    /// Adds a scenario that expects something.
    /// - Parameters:
    ///   - report: what came of it.
    ///   - scenario: the scenario.
    ///   - name: its file, relative to the folder of all: "rows/78093.yaml".
    public mutating func add(_ report: RehearsalReport, of scenario: Scenario, named name: String) {
        guard report.check != nil else { return }
        lines.append(Line(name: name, about: scenario.name, report: report))
    }

    /// Rows of the decision table that decided nothing in any of them.
    public var rowsNotReached: [String] {
        let reached = Set(lines.flatMap(\.report.rows))
        return DecisionTable.rows.map(\.name).filter { !reached.contains($0) }
    }

    /// The page's text, in Markdown.
    public var markdown: [String] {
        var text: [String] = []
        for folder in Set(lines.map { Self.folder($0.name) }).sorted() {
            let mine = lines.filter { Self.folder($0.name) == folder }.sorted { $0.name < $1.name }
            if !text.isEmpty { text.append("") }
            text += ["### \(folder.isEmpty ? "Others" : folder.prefix(1).uppercased() + folder.dropFirst())", ""]
            text += ["| scenario | machines | time | errors expected | errors raised | decided by |"]
            text += ["|---|---|---|---|---|---|"]
            text += mine.map(Self.line)
            text += ["", Self.sum(mine)]
        }
        let missing = rowsNotReached
        text += [
            "",
            missing.isEmpty
                ? "Each of the \(DecisionTable.rows.count) rows of the decision table decides in at least one scenario."
                : "Rows of the decision table that decide in none: \(missing.joined(separator: ", ")).",
        ]
        return text
    }

    private static func folder(_ name: String) -> String {
        name.contains("/") ? String(name.prefix { $0 != "/" }) : ""
    }

    private static func line(_ line: Line) -> String {
        let report = line.report
        guard let check = report.check else { return "" }
        let raised =
            check.unexpected == 0 ? "\(check.observed)" : "\(check.observed), **\(check.unexpected) not expected**"
        let right = check.met == check.expected ? "\(check.expected)" : "\(check.expected), **\(check.met) right**"
        let rows = report.rows.isEmpty ? "–" : report.rows.joined(separator: ", ")
        return "| \(line.about) | \(report.nodes) | \(report.span.text) | \(right) | \(raised) | \(rows) |"
    }

    private static func sum(_ lines: [Line]) -> String {
        let checks = lines.compactMap(\.report.check)
        let (expected, met) = (checks.reduce(0) { $0 + $1.expected }, checks.reduce(0) { $0 + $1.met })
        let (observed, wrong) = (checks.reduce(0) { $0 + $1.observed }, checks.reduce(0) { $0 + $1.unexpected })
        let recall = expected == 0 ? 100 : Double(met) / Double(expected) * 100
        let precision = observed == 0 ? 100 : Double(observed - wrong) / Double(observed) * 100
        return String(
            format:
                "%d scenarios: of %d expected errors %d right in every respect (recall %.1f %%); of %d raised %d not "
                + "expected (precision %.1f %%).", lines.count, expected, met, recall, observed, wrong, precision)
    }
}
