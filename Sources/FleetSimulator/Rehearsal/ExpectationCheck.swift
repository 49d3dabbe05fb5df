internal import Foundation
internal import RollcallProtocol

/// Errors as they were raised, held against what a scenario's author expected.
///
/// Recall is the share of expected errors that came in time, for the expected reason and with the expected remedy, and
/// went in time; precision the share of raised errors that somebody expected.
public struct ExpectationCheck: Equatable, Sendable {
    /// Errors that had to come.
    public var expected = 0
    /// Of those, the ones that were right in every respect.
    public var met = 0
    /// Errors that came.
    public var observed = 0
    /// Of those, the ones that nobody expected.
    public var unexpected = 0
    /// Each thing that was not as expected, in a line.
    public var faults: [String] = []

    /// Share of the expected errors that were right; 1 if none was expected.
    public var recall: Double { expected == 0 ? 1 : Double(met) / Double(expected) }
    /// Share of the raised errors that were expected; 1 if none was raised.
    public var precision: Double { observed == 0 ? 1 : Double(observed - unexpected) / Double(observed) }
    /// Nothing missing, nothing late, nothing else.
    public var isPassed: Bool { faults.isEmpty }

    /// Holds errors against a scenario's expectations.
    /// - Parameters:
    ///   - errors: every error of the run.
    ///   - scenario: what was expected; nothing if it says nothing.
    ///   - plan: the scenario laid over the fleet.
    ///   - fleet: the fleet.
    ///   - file: the scenario's name, for messages.
    /// - Throws: `ScenarioError` for an expectation that names no machine of the fleet, or a step that is not there.
    public init(
        _ errors: [ObservedError], against scenario: Scenario, _ plan: ScenarioPlan, in fleet: SimulatedFleet,
        file: String
    ) throws(ScenarioError) {
        var open = errors.sorted { $0.raisedAt < $1.raisedAt }
        observed = open.count
        for expectation in scenario.expectations ?? [] {
            for item in try Self.items(expectation, plan, fleet, file) {
                let mine = open.filter(item.fits)
                open.removeAll(where: item.fits)
                if expectation.isOptional, mine.isEmpty { continue }
                expected += 1
                let found = item.faults(in: mine)
                if found.isEmpty { met += 1 }
                unexpected += max(0, mine.count - expectation.times)
                faults += found
            }
        }
        unexpected += open.count
        faults += open.map { "not expected: \($0.code) about \($0.subject), raised after \($0.raisedAt.inSeconds)" }
    }

    /// An expectation about one subject.
    private struct Item {
        var expectation: Expectation
        /// What it is called, and was called later.
        var names: [String]

        func fits(_ error: ObservedError) -> Bool {
            // What the many have in common is for the cause to name.
            expectation.error.alternatives.contains(error.code) && error.scope == expectation.scope
                && (names.contains(error.name) || expectation.scope == .group)
                && error.isAbout(service: expectation.service)
        }

        func faults(in errors: [ObservedError]) -> [String] {
            let what = "\(expectation.error) about \(subject)"
            guard let first = errors.first, let last = errors.last else { return ["missing: \(what)"] }
            var faults: [String] = []
            if first.raisedAt > expectation.by {
                faults.append(
                    "late: \(what), raised after \(first.raisedAt.inSeconds), expected by \(expectation.by.text)")
            }
            if let goneBy = expectation.goneBy {
                if let cleared = last.clearedAt {
                    if cleared > goneBy {
                        faults.append(
                            "late to go: \(what), cleared after \(cleared.inSeconds), expected by \(goneBy.text)")
                    }
                } else {
                    faults.append("still there: \(what), expected to be gone by \(goneBy.text)")
                }
            }
            if errors.count > expectation.times {
                faults.append("raised \(errors.count) times: \(what), expected \(expectation.times) at most")
            }
            if !expectation.cause.isEmpty, !expectation.cause.alternatives.contains(where: last.likelyCause.contains) {
                faults.append("wrong cause: \(what): \(last.likelyCause)")
            }
            let step = last.remedy.first ?? "none"
            if !expectation.remedy.isEmpty, !expectation.remedy.alternatives.contains(where: step.contains) {
                faults.append("wrong remedy first: \(what): \(step)")
            }
            return faults
        }

        private var subject: String {
            let name = names.first ?? ""
            return switch expectation.scope {
            case .node: name
            case .service: "\(expectation.service) on \(name)"
            case .site: "site \(name)"
            case .group: "machines with something in common"
            case .peer: name
            case .server: "the server"
            }
        }
    }

    private static func items(
        _ expectation: Expectation, _ plan: ScenarioPlan, _ fleet: SimulatedFleet, _ file: String
    ) throws(ScenarioError) -> [Item] {
        let nodes = try expectation.nodes(of: plan, in: fleet, file: file).map { fleet.nodes[$0] }
        let names: [[String]] =
            switch expectation.scope {
            case .server, .group: [[""]]
            case .peer: Set(nodes.compactMap(\.addresses.first)).sorted().map { [$0] }
            case .site: Set(nodes.map(\.site)).sorted().map { [$0] }
            case .node: nodes.map { namesOf($0, plan) }
            case .service:
                // A program that dials in is known by a name of its own, which no list of services has.
                (nodes.contains { $0.watches(expectation.service) }
                    ? nodes.filter { $0.watches(expectation.service) } : nodes).map { namesOf($0, plan) }
            }
        return names.map { Item(expectation: expectation, names: $0) }
    }

    private static func namesOf(_ node: NodeBlueprint, _ plan: ScenarioPlan) -> [String] {
        [node.hostname]
            + plan.events.compactMap { event in
                if case .rename(let name) = event.act, event.nodes.contains(node.index) { name } else { nil }
            }
    }
}

extension String {
    /// "806|78022": one of them will do.
    var alternatives: [String] {
        split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

extension NodeBlueprint {
    fileprivate func watches(_ service: String) -> Bool { services.contains { $0.name == service } }
}

extension Duration {
    /// "61.5 s".
    fileprivate var inSeconds: String {
        let tenths = Int64((self / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
