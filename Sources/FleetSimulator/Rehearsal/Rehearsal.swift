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
        case refused(node: Int)
        case arrival(node: Int, connection: UInt64, RehearsedMessage)
        /// The agent hears that its registration stands.
        case welcome(node: Int, connection: UInt64)
        /// The agent hears that its connection is over.
        case ended(node: Int, connection: UInt64)
        case answersAreDue(Question)
        case commit([Change], admitting: UInt64?)
        case tick
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
    /// Machines of whom something can be said though they are heard: clock, version, certificate, data path.
    var oddities: Set<Int> = []
    var server: RehearsedServer
    var serverState = ServerState.up
    var upSince: Instant
    /// When it last began to stand still.
    var stalledAt = Instant(nanoseconds: 0)
    /// What waits for a server that stands still.
    var deferred: [Event] = []
    var commitTime = Self.commitTime
    var isStoreBroken = false
    /// Since when commits succeed.
    var storedSince: Instant
    var troubledServerUntil: Instant
    private var nextConnection: UInt64 = 1
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
        let span = scenario.duration ?? (plan.events.last?.at ?? .zero) + aftermath
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
        for (number, event) in plan.events.enumerated() { queue.add(.act(number), at: start + event.at) }
        queue.add(.handOver, at: start + .seconds(1))
        queue.add(.save, at: start + settings.lastSeenSaveInterval)
        queue.add(.look, at: start + lookPeriod)
        while let next = queue.popNext(notAfter: end), violations.count < RehearsalReport.violationsMax {
            now = next.at
            handle(next.event)
        }
        now = end
        look()
    }

    private func report(_ span: Duration) -> RehearsalReport {
        RehearsalReport(
            span: span, nodes: fleet.nodes.count, heartbeats: heartbeats, raised: server.watch.raised,
            raisedMax: raisedMax,
            errors: server.watch.published.values.sorted { ($0.raisedAt, $0.id) < ($1.raisedAt, $1.id) }
                .map { ObservedError($0, since: start) },
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
        case .refused(let node): refused(node)
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
            server.tick(at: now)
        case .handOver:
            server.handOver()
            queue.add(.handOver, at: now + .seconds(1))
        case .save:
            server.save(at: now)
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
        guard server.commit(changes, at: now) || changes.isEmpty, let number = admitting,
            let node = server.nodeOf(number)
        else { return }
        server.admit(number, bootTag: 0, at: now)
        guard nodes[node].cutSince == nil, !nodes[node].isDeaf else { return }
        let delay = nodes[node].transit()
        queue.add(.welcome(node: node, connection: number), at: now + delay)
    }

    // MARK: an agent's life

    mutating func bringUp(_ node: Int) {
        nodes[node].life += 1
        nodes[node].instance = UInt64(node + 1) << 32 + nodes[node].life
        nodes[node].isRunning = true
        nodes[node].isOff = false
        nodes[node].backoff.reset()
        let delay = Duration.milliseconds(Int.random(in: 0...1_000, using: &nodes[node].chance))
        queue.add(.dial(node: node, life: nodes[node].life), at: now + delay)
        refreshTruth(node)
    }

    mutating func dialLater(_ node: Int) {
        guard nodes[node].isRunning else { return }
        let delay = nodes[node].nextDelay()
        queue.add(.dial(node: node, life: nodes[node].life), at: now + delay)
    }

    private mutating func dial(_ node: Int) {
        guard nodes[node].isRunning, !nodes[node].isFrozen, nodes[node].connection == nil else { return }
        if nodes[node].cutSince != nil || nodes[node].isDeaf {
            queue.add(.dialled(node: node, life: nodes[node].life), at: now + timings.dialLimit)
        } else {
            let delay = nodes[node].transit() * 3
            queue.add(.dialled(node: node, life: nodes[node].life), at: now + min(delay, timings.dialLimit))
        }
    }

    private mutating func dialled(_ node: Int) {
        guard nodes[node].isRunning, !nodes[node].isFrozen, nodes[node].connection == nil else { return }
        guard nodes[node].cutSince == nil, !nodes[node].isDeaf, serverState != .down else { return dialLater(node) }
        guard nodes[node].refusal == nil else {
            queue.add(.refused(node: node), at: now + nodes[node].transit())
            return dialLater(node)
        }
        let number = nextConnection
        nextConnection += 1
        // No beat before it is welcome.
        nodes[node].connection = .init(number: number, start: now, beats: -1, lastArrival: now)
        send(.register, from: node)
        queue.add(.unregistered(node: node, connection: number), at: now + timings.registrationLimit)
    }

    /// The server turned it away, and has noted why.
    private mutating func refused(_ node: Int) {
        refreshTruth(node)
        guard let refusal = nodes[node].refusal else { return }
        server.attempted(attempt(of: node, refusal), at: now)
    }

    private mutating func welcome(_ node: Int, _ connection: UInt64) {
        guard nodes[node].connection?.number == connection, (nodes[node].connection?.beats ?? 0) < 0 else { return }
        nodes[node].connection?.start = now
        nodes[node].connection?.beats = 0
        queue.add(.beat(node: node, connection: connection), at: now + settings.heartbeatInterval)
        if nodes[node].dataBlockedSince != nil { tellDataPath(of: node) }
    }

    private mutating func beat(_ node: Int, _ number: UInt64) {
        guard var connection = nodes[node].connection, connection.number == number, nodes[node].isRunning,
            !nodes[node].isFrozen
        else { return }
        connection.beats += 1
        nodes[node].connection = connection
        let arrival = send(.beat(number: connection.beats, sent: now + nodes[node].clockAhead), from: node)
        // An answer that is certain to come in time needs nobody who waits for it.
        if serverState != .up || nodes[node].isDeaf || arrival.map({ $0 - now > .seconds(5) }) ?? true {
            queue.add(
                .unanswered(node: node, connection: number, beat: connection.beats), at: now + timings.answerLimit)
        }
        if nodes[node].backoff.failures > 0, now - connection.start >= timings.steadyAfter {
            nodes[node].backoff.reset()
        }
        let interval = settings.heartbeatInterval
        let passed = (now - connection.start).inNanoseconds / interval.inNanoseconds
        let next = connection.start + .nanoseconds((passed + 1) * interval.inNanoseconds)
        queue.add(.beat(node: node, connection: number), at: next)
    }

    /// The server has not answered: the agent tries another connection.
    private mutating func giveUp(_ node: Int) {
        guard let connection = nodes[node].connection, !nodes[node].isFrozen else { return }
        if nodes[node].cutSince != nil {
            nodes[node].abandoned.append(connection.number)
        } else {
            send(.closed(.closedWithoutGoodbye), from: node)
        }
        nodes[node].connection = nil
        dialLater(node)
    }

    /// - Returns: when it arrives; nil while the path is cut, for then nobody knows.
    @discardableResult
    mutating func send(_ message: RehearsedMessage, from node: Int) -> Instant? {
        guard var connection = nodes[node].connection else { return nil }
        guard nodes[node].cutSince == nil else {
            nodes[node].connection?.held.append(message)
            return nil
        }
        connection.lastArrival = max(connection.lastArrival, now + nodes[node].transit())
        nodes[node].connection = connection
        queue.add(
            .arrival(node: node, connection: connection.number, message), at: connection.lastArrival)
        return connection.lastArrival
    }

    // MARK: at the server

    private mutating func arrived(_ message: RehearsedMessage, of node: Int, on connection: UInt64) {
        guard connection >= firstLiveConnection else {
            // The process that knew this connection is gone; its kernel says so.
            queue.add(.ended(node: node, connection: connection), at: now + nodes[node].baseDelay)
            return
        }
        switch message {
        case .register: server.registered(node, registration(of: node, on: connection), at: now)
        case .beat(let number, let sent):
            heartbeats += 1
            server.beat(connection, beat: number, sent: sent, at: now)
            if nodes[node].connection?.number == connection, !nodes[node].isDeaf {
                nodes[node].connection?.answered = number
            }
        case .report(let services): server.reported(connection, services, at: now)
        case .dataPath(let isOpen, let since):
            let path = Registry.DataPath(
                isOpen: isOpen, processServer: nodes[node].facts.processServer, port: Self.dataPort, since: since)
            server.dataPathTried(connection, path, at: now)
        case .leave(let reason):
            nodes[node].hasLeft = server.nodeOf(connection) != nil
            server.left(connection, reason, at: now)
        case .closed(let loss): server.lost(connection, loss, at: now)
        }
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
