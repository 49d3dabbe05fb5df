internal import ErrorCatalogue
internal import Registry

/// The server of a rehearsal: the real registry and the real clocks of sessions, between a store and a network that
/// obey the scenario. What the shell of the server does, it does in the same order.
struct RehearsedServer {
    /// What the driver has to do because of an event.
    enum Request {
        /// These changes wait for a commit; whoever registered on the connection is answered after it.
        case commit([Change], admitting: UInt64?)
        /// The server closed this connection.
        case close(UInt64)
    }

    /// A session: whose it is, and its clock once it is admitted.
    private struct Session {
        var node: Int
        var slot: LivenessSlot?
        var lastBeat: Int64 = 0
    }

    let settings: RegistrySettings
    private(set) var registry: Registry
    private var liveness: Liveness
    private var sessions: [UInt64: Session] = [:]
    private var store = RehearsedStore()
    private(set) var requests: [Request] = []
    private var justRaised: [Finding] = []

    /// Every error that was published, by id, as it stood last.
    private(set) var published: [UInt64: Finding] = [:]
    /// How often an error was raised.
    private(set) var raised = 0
    /// What somebody who only watches could make no sense of.
    private(set) var nonsense: [String] = []
    /// Events the registry took in.
    private(set) var events = 0

    init(settings: RegistrySettings, at now: Instant) {
        self.settings = settings
        liveness = Liveness(DeadlineTuning(settings))
        registry = Registry(settings: settings, at: now)
    }

    /// When the server next wants to look at its deadlines.
    var nextDeadline: Instant? {
        [liveness.nextDeadline, registry.nextDeadline].compactMap(\.self).min()
    }

    mutating func takeRequests() -> [Request] {
        defer { requests.removeAll(keepingCapacity: true) }
        return requests
    }

    /// Errors raised since the last call.
    mutating func takeRaised() -> [Finding] {
        defer { justRaised.removeAll(keepingCapacity: true) }
        return justRaised
    }

    func nodeOf(_ connection: UInt64) -> Int? { sessions[connection]?.node }

    // MARK: what arrives

    mutating func registered(_ node: Int, _ registration: Registration, at now: Instant) {
        let number = registration.session.number
        if sessions[number] == nil { sessions[number] = Session(node: node) }
        let outcome = registry.register(registration, at: now)
        switch outcome.reply {
        case .admitted: carryOut(outcome.effects, admitting: number, at: now)
        case .refused:
            carryOut(outcome.effects, at: now)
            close(number)
        }
    }

    /// The registration's commit is done: from now on the session has a clock.
    mutating func admit(_ number: UInt64, bootTag: UInt64, at now: Instant) {
        guard sessions[number] != nil, sessions[number]?.slot == nil else { return }
        sessions[number]?.slot = liveness.admit(
            SessionID(loop: 0, number: number), interval: settings.heartbeatInterval, bootTag: bootTag, at: now)
    }

    mutating func beat(_ number: UInt64, beat: Int64, sent: Instant, at now: Instant) {
        guard let slot = sessions[number]?.slot else { return }
        sessions[number]?.lastBeat = beat
        let reply = liveness.heartbeat(
            slot, sequence: UInt64(clamping: beat), bootTag: 0,
            sentUnixMilliseconds: UInt64(clamping: sent.unixMilliseconds), at: now)
        if case .heardAgain = reply {
            carryOut(registry.heardAgain(SessionID(loop: 0, number: number), at: now), at: now)
        }
    }

    /// The last beat of the connection that arrived.
    func lastBeat(of number: UInt64) -> Int64? { sessions[number]?.lastBeat }

    mutating func reported(_ number: UInt64, _ services: [ServiceReport], at now: Instant) {
        guard sessions[number]?.slot != nil else { return }
        carryOut(
            registry.reported(SessionID(loop: 0, number: number), services: services, load: nil, at: now).effects,
            at: now)
    }

    mutating func left(_ number: UInt64, _ reason: LeaveReason, at now: Instant) {
        guard sessions[number] != nil else { return }
        carryOut(registry.left(SessionID(loop: 0, number: number), reason, at: now).effects, at: now)
        disconnect(number)
    }

    mutating func lost(_ number: UInt64, _ loss: ConnectionLoss, at now: Instant) {
        guard sessions[number] != nil else { return }
        let words = disconnect(number)
        carryOut(
            registry.connectionLost(
                SessionID(loop: 0, number: number), loss, lastHeard: words?.heard, path: words?.path, at: now),
            at: now)
    }

    @discardableResult
    private mutating func disconnect(_ number: UInt64) -> LastWords? {
        sessions.removeValue(forKey: number)?.slot.flatMap { liveness.disconnect($0) }
    }

    private mutating func close(_ number: UInt64) {
        disconnect(number)
        requests.append(.close(number))
    }

    // MARK: time

    /// The server turns again after so long, as its shell tells it, before anything is judged.
    mutating func resumed(after lost: Duration, at now: Instant) {
        liveness.forgive(lost)
        carryOut(registry.stalled(.control, for: lost, at: now), at: now)
    }

    mutating func tick(at now: Instant) {
        var news: [LivenessNews] = []
        while liveness.tick(at: now, into: &news) {}
        for case .silent(let session, let since) in news {
            carryOut(registry.silent(session, since: since, at: now), at: now)
        }
        if let next = registry.nextDeadline, next <= now { carryOut(registry.tick(at: now), at: now) }
    }

    mutating func handOver() {
        var heard: [(SessionID, Instant)] = []
        liveness.drainTouched(into: &heard)
        registry.lastHeard(heard)
    }

    mutating func save(at now: Instant) {
        let (lastSeen, history) = (registry.takeLastSeenBatch(), registry.takeHistoryBatch())
        guard !lastSeen.isEmpty || !history.isEmpty else { return }
        let changes = history.map { Change.history($0) }
        if store.isBroken {
            carryOut(registry.commitFailed(changes, lastSeen: lastSeen, reason: "disk full", at: now), at: now)
        } else {
            store.apply(changes)
            store.apply(lastSeen: lastSeen)
            registry.commitSucceeded(changes)
        }
    }

    // MARK: the store

    mutating func commit(_ changes: [Change], at now: Instant) -> Bool {
        guard !store.isBroken else {
            carryOut(registry.commitFailed(changes, reason: "disk full", at: now), at: now)
            return false
        }
        store.apply(changes)
        registry.commitSucceeded(changes)
        return true
    }

    mutating func breakStore() { store.isBroken = true }

    mutating func mendStore(at now: Instant) {
        store.isBroken = false
        carryOut(registry.storeRecovered(at: now), at: now)
    }

    /// The process dies; what was not committed never was.
    mutating func crash() {
        liveness = Liveness(DeadlineTuning(settings))
        sessions = [:]
        requests = []
    }

    /// A new process finds what was committed.
    mutating func restart(at now: Instant) {
        registry = Registry(settings: settings, restored: store.restored, at: now)
        // What was not on the disk when the server died never was, for whoever watches.
        let active = Dictionary(uniqueKeysWithValues: registry.activeFindings().map { ($0.id, $0) })
        for (id, finding) in published where finding.clearedAt == nil && active[id] == nil { published[id] = nil }
        published.merge(active) { $1 }
    }

    // MARK: effects

    private mutating func carryOut(_ effects: Effects, admitting number: UInt64? = nil, at now: Instant) {
        events += 1
        for effect in effects {
            switch effect {
            case .publish(let event, let finding): watch(event, finding)
            case .closeSession(let session, _): close(session.number)
            default: break
            }
        }
        let changes = effects.compactMap { effect -> Change? in
            if case .persist(let change) = effect { change } else { nil }
        }
        if !changes.isEmpty || number != nil { requests.append(.commit(changes, admitting: number)) }
    }

    private mutating func watch(_ event: FindingEvent, _ finding: Finding) {
        let known = published[finding.id]
        let isActive = known.map { $0.clearedAt == nil } ?? false
        switch event {
        case .raised:
            raised += 1
            justRaised.append(finding)
            if known != nil { nonsense.append("raised twice: \(finding.title)") }
        case .updated: if !isActive { nonsense.append("updated, but not active: \(finding.title)") }
        case .cleared: if !isActive { nonsense.append("cleared, but not active: \(finding.title)") }
        }
        published[finding.id] = finding
    }
}

/// What a store would hold: applies changes as a store does, and gives back what a restart would know.
struct RehearsedStore {
    private var nodes: [NodeID: NodeRecord] = [:]
    private var findings: [UInt64: Finding] = [:]
    /// Every commit fails.
    var isBroken = false

    mutating func apply(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .node(let record): nodes[record.id] = record
            case .removeNode(let id): nodes[id] = nil
            case .finding(let finding): findings[finding.id] = finding
            case .history: break
            }
        }
    }

    mutating func apply(lastSeen batch: [(NodeID, Instant)]) {
        for (id, at) in batch { nodes[id]?.lastSeen = at }
    }

    var restored: RestoredRegistry {
        RestoredRegistry(
            nodes: nodes.values.sorted { $0.id < $1.id }, findings: findings.values.sorted { $0.id < $1.id },
            lastFindingID: findings.keys.max() ?? 0, lastAlive: nodes.values.map(\.lastSeen).max())
    }
}
