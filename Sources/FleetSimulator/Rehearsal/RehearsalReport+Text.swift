import Foundation
internal import RollcallProtocol

// How reports read, for people and for programs. The field names are promises.
extension RehearsalReport {
    /// What came of a run, the faults first found below it.
    public func lines(named name: String) -> [String] {
        var line = "\(name): \(nodes) machines, \(span.text), \(heartbeats) heartbeats, \(raised) errors raised"
        if let check {
            line += ", \(check.met) of \(check.expected) expected ones right, \(check.unexpected) not expected"
        }
        line += isPassed ? ": as it should be" : ": NOT as it should be"
        return [line] + violations.map { "  must not be: \($0)" } + (check?.faults ?? []).map { "  \($0)" }
    }

    /// What happened and which errors came and went, by time.
    /// - Throws: `ScenarioError` if the scenario does not fit the fleet.
    public func story(
        of scenario: Scenario, over fleet: SimulatedFleet, file: String
    ) throws(ScenarioError) -> [String] {
        var moments: [(at: Duration, text: String)] = []
        for event in try ScenarioPlan(scenario, over: fleet, file: file).events {
            let whom = event.nodes.prefix(4).map { fleet.nodes[$0].hostname }.joined(separator: ", ")
            let more = event.nodes.count > 4 ? " and \(event.nodes.count - 4) more" : ""
            moments.append((event.at, "\(event.act)\(whom.isEmpty ? "" : ": ")\(whom)\(more)"))
        }
        for error in errors {
            moments.append((error.raisedAt, "  raised  \(error.code) about \(error.subject): \(error.likelyCause)"))
            if let clearedAt = error.clearedAt {
                moments.append((clearedAt, "  cleared \(error.code) about \(error.subject)"))
            }
        }
        return moments.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map { "\($0.element.at.clock)  \($0.element.text)" }
    }

    /// The report as an object on one line.
    public func json(named name: String) -> String {
        let document = Document(
            scenario: name, passed: isPassed, nodes: nodes, spanSeconds: span / .seconds(1), heartbeats: heartbeats,
            raised: raised, expected: check?.expected, met: check?.met, unexpected: check?.unexpected,
            precision: check?.precision, recall: check?.recall, violations: violations, faults: check?.faults ?? [])
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        guard let bytes = try? encoder.encode(document) else { return "{}" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private struct Document: Encodable {
        var scenario: String
        var passed: Bool
        var nodes: Int
        var spanSeconds: Double
        var heartbeats: Int
        var raised: Int
        var expected: Int?
        var met: Int?
        var unexpected: Int?
        var precision: Double?
        var recall: Double?
        var violations: [String]
        var faults: [String]
    }
}

/// Several rehearsals together.
public struct RehearsalTotal: Equatable, Sendable {
    /// Rehearsals.
    public private(set) var runs = 0
    /// Those that were not as they should be.
    public private(set) var failed = 0
    private var expected = 0
    private var met = 0
    private var observed = 0
    private var unexpected = 0

    /// None yet.
    public init() {}

    /// Counts one more.
    public mutating func add(_ report: RehearsalReport) {
        runs += 1
        if !report.isPassed { failed += 1 }
        guard let check = report.check else { return }
        expected += check.expected
        met += check.met
        observed += check.observed
        unexpected += check.unexpected
    }

    /// All of it in a line.
    public var line: String {
        var line = "\(runs) rehearsals, \(runs - failed) as they should be"
        if expected + observed > 0 {
            let recall = expected == 0 ? 100 : Double(met) / Double(expected) * 100
            let precision = observed == 0 ? 100 : Double(observed - unexpected) / Double(observed) * 100
            line += String(
                format:
                    "; %d of %d expected errors right (recall %.1f %%), %d raised, %d not expected (precision %.1f %%)",
                met, expected, recall, observed, unexpected, precision)
        }
        return line
    }
}

extension Duration {
    /// "1:02:03".
    fileprivate var clock: String {
        let seconds = Int64(self / .seconds(1))
        return String(format: "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60)
    }
}
