/// A scenario laid over a fleet: single acts on known nodes, in the order of time.
public struct ScenarioPlan: Equatable, Sendable {
    /// One act.
    public struct Event: Equatable, Sendable {
        /// When, after the start of the simulation.
        public var at: Duration
        /// What; never `flap`.
        public var act: Scenario.Act
        /// Indices of the nodes in the fleet.
        public var nodes: [Int]
        /// Whether it undoes an earlier step.
        public var isUndoing: Bool
        /// The line of its step in the file, for messages.
        public var line: Int
    }

    /// Acts of one scenario. More is a mistake in the file (a flap of every millisecond for a day).
    static let eventsMax = 200_000
    /// How long a restart takes where the scenario does not say.
    static let restartDefault: Duration = .seconds(20)

    /// The acts, earliest first.
    public let events: [Event]
    /// The machines that each step of the file hits, in the file's order.
    public let nodesOfSteps: [[Int]]

    /// Finds the machines of each step and unfolds what is repeated or undone.
    /// - Throws: `ScenarioError` for a step that fits no machine, or a service that none of them has.
    public init(_ scenario: Scenario, over fleet: SimulatedFleet, file: String) throws(ScenarioError) {
        var events: [Event] = []
        var nodesOfSteps: [[Int]] = []
        for (number, step) in scenario.steps.enumerated() {
            let nodes: [Int]
            if let same = step.target.sameAs {
                guard nodesOfSteps.indices.contains(same - 1) else {
                    throw ScenarioError(file, step.line, "'same-as' is \(same): it is an earlier step, counted from 1")
                }
                nodes = nodesOfSteps[same - 1]
            } else {
                nodes = step.act.isOfServer ? [] : step.target.nodes(in: fleet, step: number)
            }
            nodesOfSteps.append(nodes)
            guard !nodes.isEmpty || step.act.isOfServer else {
                throw ScenarioError(
                    file, step.line, "\(step.target) fits no machine of this fleet: \(fleet.inWords)")
            }
            if let service = step.act.service,
                !nodes.contains(where: { fleet.nodes[$0].services.contains { $0.name == service } })
            {
                let known = Set(nodes.flatMap { fleet.nodes[$0].services.map(\.name) }).sorted()
                throw ScenarioError(
                    file, step.line,
                    "no machine that fits has a service '\(service)'. They have: \(known.joined(separator: ", "))")
            }
            if step.act == .blockData, !nodes.contains(where: { !fleet.nodes[$0].processServer.isEmpty }) {
                throw ScenarioError(file, step.line, "no machine that fits sends to a process server")
            }
            if case .hangService(let name, _) = step.act, name != RoleServices.scout || !fleet.options.hasOwnClocks {
                throw ScenarioError(
                    file, step.line,
                    "a service that hangs shows only where it dials in itself: '\(RoleServices.scout)', "
                        + "in a fleet with 'own-clocks: true'")
            }
            events += Self.unfold(step, nodes)
            guard events.count <= Self.eventsMax else {
                throw ScenarioError(
                    file, step.line, "with this step the scenario has more than \(Self.eventsMax) events")
            }
        }
        self.nodesOfSteps = nodesOfSteps
        // A stable order: what stands first in the file happens first.
        self.events = events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }

    /// How long to look where the scenario does not say: a while past the last act.
    public var usualDuration: Duration { (events.last?.at ?? .zero) + Rehearsal.aftermath }

    /// Refuses what would never be looked at: steps and expectations after the end.
    /// - Throws: `ScenarioError` that names the first one.
    public func mustEnd(after span: Duration, _ scenario: Scenario, file: String) throws(ScenarioError) {
        let end = "the scenario ends after \(span.text)" + (scenario.duration == nil ? ": give it a 'duration'" : "")
        for step in scenario.steps where step.at > span {
            throw ScenarioError(file, step.line, "'at' is '\(step.at.text)', and \(end)")
        }
        for expectation in scenario.expectations ?? [] {
            for (key, time) in [("by", expectation.by), ("gone-by", expectation.goneBy ?? .zero)] where time > span {
                throw ScenarioError(file, expectation.line, "'\(key)' is '\(time.text)', and \(end)")
            }
        }
    }

    /// Refuses what only a rehearsal can do.
    /// - Throws: `ScenarioError` that names the first such act.
    public func mustBeForRealServers(file: String) throws(ScenarioError) {
        guard let event = events.first(where: { $0.act.isForRehearsalsOnly }) else { return }
        throw ScenarioError(
            file, event.line,
            "'\(event.act)' cannot be done to a real server from here; try 'rollcall rehearse \(file)'")
    }

    private static func unfold(_ step: Scenario.Step, _ nodes: [Int]) -> [Event] {
        func event(_ at: Duration, _ act: Scenario.Act, undoing: Bool = false) -> Event {
            Event(at: at, act: act, nodes: nodes, isUndoing: undoing, line: step.line)
        }
        switch step.act {
        case .flap(let period, let times):
            return (0..<times).flatMap { round in
                let begin = step.at + period * round
                return [event(begin, .kill), event(begin + period / 2, .comeBack, undoing: true)]
            }
        case .restart:
            return [
                event(step.at, .restart),
                event(step.at + (step.lasting ?? restartDefault), .comeBack, undoing: true),
            ]
        case .upgrade:
            return [
                event(step.at, step.act),
                event(step.at + (step.lasting ?? restartDefault), .comeBack, undoing: true),
            ]
        default:
            guard let lasting = step.lasting, let undoing = step.act.undoing else { return [event(step.at, step.act)] }
            return [event(step.at, step.act), event(step.at + lasting, undoing, undoing: true)]
        }
    }
}
