internal import AgentClient
internal import Registry

/// A scenario in virtual time: the server's real core, a model of agents and network, days in seconds. What must never be
/// is looked for all the way; what the scenario expects is compared at the end. The same scenario and fleet give the same
/// run, to the last byte.
///
/// Read next: `RehearsedNode` (agents and paths), `RehearsedServer`, `Rehearsal+Acts` (what a scenario does),
/// `Rehearsal+Truth` (what must never be).
public struct Rehearsal {
    /// Something that happens at a known time.
    enum Event {
        case act(Int)
        case dial(node: Int, life: UInt64)
        case dialled(node: Int, life: UInt64)
        case beat(node: Int, connection: UInt64)
        case unanswered(node: Int, connection: UInt64, beat: Int64)
        case unregistered(node: Int, connection: UInt64)
        /// It did not get in.
        case refused(node: Int, RehearsedNode.Refusal)
        case arrival(node: Int, connection: UInt64, RehearsedMessage)
        /// The agent hears that its registration stands.
        case welcome(node: Int, connection: UInt64)
        /// The agent hears that its connection is over.
        case ended(node: Int, connection: UInt64)
        case answersAreDue(Question)
        case commit([Change], admitting: UInt64?)
        case tick
        case backUp
        case handOver
        case save
        case look
    }

    /// Whether the server does anything.
    enum ServerState: Equatable {
        case up
        case stalled
        case down
    }

    /// How long a commit takes; each commit of a slow store.
    static let commitTime = Duration.milliseconds(8)
    static let slowCommitTime = Duration.seconds(4)
    /// How often the server looks at deadlines that have come.
    static let tickPeriod = Duration.milliseconds(100)
    /// Some minutes' work.
    static let heartbeatsMax = 200_000_000
    /// After the last act, until an unlimited run ends.
    static let aftermath = Duration.seconds(900)

    let fleet: SimulatedFleet
    let plan: ScenarioPlan
    let settings: RegistrySettings
    let timings = AgentTimings()
    let start: Instant
    var now: Instant
    var queue = TimedQueue<Event>()
    /// The standard program of each machine of the fleet, in its order; then application services that dial in, and
    /// copies.
    var nodes: [RehearsedNode]
    /// Each machine's place.
    let indexes: [NodeID: Int]
    /// What can be said of machines that are heard: of clock, version, certificate, data path, identity.
    var oddities: Set<Oddity> = []
    var server: RehearsedServer
    var serverState = ServerState.up
    var upSince: Instant
    /// When it last began to stand still.
    var stalledAt = Instant(nanoseconds: 0)
    /// What waits for a server that stands still.
    var deferred: [Event] = []
    var commitTime = Self.commitTime
    var isStoreBroken = false
    /// Stores as they were when a backup was made that the scenario restores.
    var backups: [Instant: ModelStore] = [:]
    /// When a machine last came from the copy of the server.
    var copyMetAt: Instant?
    var serverClockSetAt: Instant?
    /// Since when commits succeed.
    var storedSince: Instant
    var troubledServerUntil: Instant
    var nextConnection: UInt64 = 1
    /// Connections before this one died with an earlier process of the server.
    var firstLiveConnection: UInt64 = 1
    private var tickAt: Instant?
    var heartbeats = 0
    /// Events the registry had taken in when its invariants were last looked at.
    var eventsLookedAt = 0
    var violations: [String] = []

    // MARK: a run

    /// Runs a scenario from its start to its end.
    /// - Parameters:
    ///   - scenario: what happens, what is expected, for how long.
    ///   - fleet: to whom; what the scenario says of a fleet is for the caller to have looked at.
    ///   - file: the scenario's name, for messages.
    /// - Returns: what came of it.
    /// - Throws: `ScenarioError` for a step or an expectation that does not fit the fleet.
    public static func run(
        _ scenario: Scenario, over fleet: SimulatedFleet, file: String
    ) throws(ScenarioError) -> RehearsalReport {
        let plan = try ScenarioPlan(scenario, over: fleet, file: file)
        var rehearsal = Rehearsal(
            plan, over: fleet, interval: scenario.interval ?? .seconds(30), asking: scenario.asking)
        let span = scenario.duration ?? plan.usualDuration
        try plan.mustEnd(after: span, scenario, file: file)
        let beats = Double(fleet.nodes.count) * (span / (scenario.interval ?? .seconds(30)))
        guard beats <= Double(heartbeatsMax) else {
            throw ScenarioError(
                file, 0,
                "\(fleet.nodes.count) machines would beat more than \(heartbeatsMax) times in \(span.text): "
                    + "take fewer, a shorter 'duration', or a longer 'interval'")
        }
        rehearsal.run(for: span)
        var report = rehearsal.report(span)
        if scenario.expectations != nil {
            report.check = try ExpectationCheck(report.errors, against: scenario, plan, in: fleet, file: file)
        }
        return report
    }

    private init(_ plan: ScenarioPlan, over fleet: SimulatedFleet, interval: Duration, asking: Scenario.Asking) {
        self.fleet = fleet
        self.plan = plan
        var settings = RegistrySettings(heartbeatInterval: interval, serverName: "cs-01.corp.example")
        settings.serverVersion = RehearsedServer.version
        settings.askSuspects = AskPolicy(rawValue: asking.rawValue) ?? .off
        self.settings = settings
        // A fixed day: nothing in a run depends on when it was run.
        start = Instant(unixMilliseconds: 1_767_225_600_000)
        now = start
        upSince = start
        storedSince = start
        troubledServerUntil = start
        let timings = timings
        nodes = fleet.nodes.map {
            RehearsedNode($0, seed: fleet.options.seed, program: .standard, timings: timings)
        }
        indexes = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($0.element.id, $0.offset) })
        if fleet.options.hasOwnClocks {
            for node in fleet.nodes where node.services.contains(where: { $0.name == RoleServices.scout }) {
                nodes[node.index].applicationService = nodes.count
                nodes.append(
                    RehearsedNode(node, seed: fleet.options.seed, program: .applicationService, timings: timings))
            }
        }
        // All programs of a machine are of one boot.
        for node in nodes.indices {
            if let other = nodes[node].applicationService { nodes[other].facts.bootID = nodes[node].facts.bootID }
        }
        server = RehearsedServer(settings: settings, at: start)
    }

    private mutating func run(for span: Duration) {
        let end = start + span
        for index in nodes.indices { bringUp(index) }
        for (number, event) in plan.events.enumerated() {
            queue.add(.act(number), at: start + event.at)
            if case .restoreServer(let age) = event.act { queue.add(.backUp, at: max(start, start + event.at - age)) }
        }
        queue.add(.handOver, at: start + .seconds(1))
        queue.add(.save, at: start + settings.lastSeenSaveInterval)
        queue.add(.look, at: start + lookPeriod)
        while let next = queue.popNext(notAfter: end), violations.count < RehearsalReport.violationsMax {
            now = next.at
            server.turn(at: now)
            handle(next.event)
        }
        now = end
        server.turn(at: now)
        look()
    }

    private func report(_ span: Duration) -> RehearsalReport {
        RehearsalReport(
            span: span, nodes: fleet.nodes.count, heartbeats: heartbeats, raised: server.watch.raised,
            raisedMax: raisedMax,
            errors: server.watch.seen.map { ObservedError($0, since: start) },
            rows: server.watch.rows.sorted(), violations: violations, check: nil)
    }

    // MARK: events

    private mutating func handle(_ event: Event) {
        if serverState != .up, event.isOfServer { return defer_(event) }
        switch event {
        case .act(let number): carryOut(plan.events[number])
        case .dial(let node, let life): if nodes[node].life == life { dial(node) }
        case .dialled(let node, let life): if nodes[node].life == life { dialled(node) }
        case .beat(let node, let connection): beat(node, connection)
        case .unanswered(let node, let connection, let beat):
            if let open = nodes[node].connection, open.number == connection, open.answered < beat { giveUp(node) }
        case .unregistered(let node, let connection):
            if let open = nodes[node].connection, open.number == connection, open.beats < 0 { giveUp(node) }
        case .refused(let node, let refusal): refused(node, refusal)
        case .arrival(let node, let connection, let message): arrived(message, of: node, on: connection)
        case .welcome(let node, let connection): welcome(node, connection)
        case .ended(let node, let connection):
            guard nodes[node].connection?.number == connection else { return }
            nodes[node].connection = nil
            dialLater(node)
        case .answersAreDue(let question): answer(question)
        case .commit(let changes, let admitting): commit(changes, admitting)
        case .tick:
            guard tickAt == now else { return }
            tickAt = nil
            server.tick()
        case .backUp: backups[now] = server.backup
        case .handOver:
            server.handOver(after: .seconds(1))
            queue.add(.handOver, at: now + .seconds(1))
        case .save:
            server.save()
            queue.add(.save, at: now + settings.lastSeenSaveInterval)
        case .look:
            look()
            queue.add(.look, at: now + lookPeriod)
        }
        settle()
        lookAtRaised()
    }

    /// The kernel keeps what arrives for a process that stands still, and nothing for one that is gone.
    private mutating func defer_(_ event: Event) {
        switch (event, serverState) {
        case (.tick, _): tickAt = nil
        case (.handOver, _), (.save, _), (_, .stalled): deferred.append(event)
        default: break
        }
    }

    /// Does what the server wants done, and sees to it that it looks at its deadlines in time.
    mutating func settle() {
        guard serverState == .up else { return }
        for request in server.takeRequests() {
            switch request {
            case .commit(let changes, let admitting):
                queue.add(.commit(changes, admitting: admitting), at: now + (changes.isEmpty ? .zero : commitTime))
            case .close(let connection): ended(connection)
            case .reportInFull(let connection):
                if let node = listener(on: connection) { send(.register, from: node) }
            case .ask(let question): ask(question)
            }
        }
        guard let due = server.nextDeadline else { return }
        let period = Self.tickPeriod.inNanoseconds
        let wanted = Instant(nanoseconds: (max(due, now).nanoseconds / period + 1) * period)
        if let tickAt, tickAt <= wanted { return }
        tickAt = wanted
        queue.add(.tick, at: wanted)
    }

    /// Tells the agent, as soon as its path lets it know.
    private mutating func ended(_ connection: UInt64) {
        for node in nodes.indices where nodes[node].connection?.number == connection && nodes[node].cutSince == nil {
            let delay = nodes[node].transit()
            queue.add(.ended(node: node, connection: connection), at: now + delay)
        }
    }

    private mutating func commit(_ changes: [Change], _ admitting: UInt64?) {
        guard server.commit(changes) || changes.isEmpty, let number = admitting,
            let node = server.nodeOf(number)
        else { return }
        server.admit(number, bootTag: 0)
        guard nodes[node].cutSince == nil, !nodes[node].isDeaf else { return }
        let delay = nodes[node].transit()
        queue.add(.welcome(node: node, connection: number), at: now + delay)
    }
}

extension Rehearsal.Event {
    /// Needs a server that runs.
    var isOfServer: Bool {
        switch self {
        case .arrival, .answersAreDue, .commit, .tick, .handOver, .save, .refused: true
        default: false
        }
    }
}
