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
        /// The agent on this connection is to register again.
        case reportInFull(UInt64)
        /// Somebody silent is to be asked.
        case ask(Question)
    }

    /// A session: whose it is, and its clock once it is admitted.
    private struct Session {
        var node: Int
        var slot: LivenessSlot?
        var lastBeat: Int64 = 0
    }

    /// The version of the server, and of agents where nothing else is said.
    static let version = "1.9.0"
    /// How long certificates are valid where nothing else is said.
    static let certificateLifetime = Duration.seconds(365 * 86_400)

    let settings: RegistrySettings
    private(set) var registry: Registry
    private var liveness: Liveness
    private var sessions: [UInt64: Session] = [:]
    private var store = ModelStore()
    private(set) var requests: [Request] = []
    /// What somebody sees who only watches errors.
    var watch = ErrorWatch()
    /// Events the registry took in.
    private(set) var events = 0

    /// What its clock shows.
    private(set) var now: Instant
    /// How far that is ahead of the true time.
    private(set) var clockAhead = Duration.zero
    /// Set by so much since its process last looked.
    private var unnoticedStep = Duration.zero
    /// The end of its certificate, by the true time.
    var certificateUntil: Instant
    /// Of its time so many per cent are lost.
    var load = 0
    /// All in all, in this process.
    private var lost = Duration.zero
    /// Which run of which registry it is.
    private(set) var tag = ServerTag(registry: ModelStore.registry, start: 0, run: 0, host: "")
    private var chance = Chance(seed: 1, 31)

    init(settings: RegistrySettings, at start: Instant) {
        self.settings = settings
        now = start
        certificateUntil = start + Self.certificateLifetime
        liveness = Liveness(DeadlineTuning(settings))
        registry = Registry(settings: settings, at: start)
        beginRun()
    }

    /// As a process does at its start.
    private mutating func beginRun() {
        let number = chance.next()
        let (start, runs) = store.beginRun(number)
        tag = ServerTag(registry: ModelStore.registry, start: start, run: number, host: settings.serverName)
        registry.identify(as: tag, runs: runs)
        readCertificate()
    }

    /// An event finds it at this time, the true one.
    mutating func turn(at moment: Instant) { now = moment + clockAhead }

    /// When it next wants to look at its deadlines, by the true time.
    var nextDeadline: Instant? {
        [liveness.nextDeadline, registry.nextDeadline].compactMap(\.self).min().map { $0 - clockAhead }
    }

    mutating func takeRequests() -> [Request] {
        defer { requests.removeAll(keepingCapacity: true) }
        return requests
    }

    func nodeOf(_ connection: UInt64) -> Int? { sessions[connection]?.node }

    // MARK: what arrives

    /// - Returns: why it was not let in; nil if it was.
    mutating func registered(_ node: Int, _ registration: Registration) -> RegistrationRefusal? {
        let number = registration.session.number
        if sessions[number] == nil { sessions[number] = Session(node: node) }
        let outcome = registry.register(registration, at: now)
        switch outcome.reply {
        case .admitted:
            carryOut(outcome.effects, admitting: number)
            return nil
        case .refused(let refusal):
            carryOut(outcome.effects)
            close(number)
            return refusal
        }
    }

    /// The registration's commit is done: from now on the session has a clock.
    mutating func admit(_ number: UInt64, bootTag: UInt64) {
        guard sessions[number] != nil, sessions[number]?.slot == nil else { return }
        sessions[number]?.slot = liveness.admit(
            SessionID(loop: 0, number: number), interval: settings.heartbeatInterval, bootTag: bootTag, at: now)
    }

    mutating func beat(_ number: UInt64, beat: Int64, sent: Instant) {
        guard let slot = sessions[number]?.slot else { return }
        sessions[number]?.lastBeat = beat
        let reply = liveness.heartbeat(
            slot, sequence: UInt64(clamping: beat), bootTag: 0,
            sentUnixMilliseconds: UInt64(clamping: sent.unixMilliseconds), at: now)
        if case .heardAgain = reply {
            carryOut(registry.heardAgain(SessionID(loop: 0, number: number), at: now))
        }
    }

    /// The last beat of the connection that arrived.
    func lastBeat(of number: UInt64) -> Int64? { sessions[number]?.lastBeat }

    mutating func reported(_ number: UInt64, _ services: [ServiceReport]) {
        guard sessions[number]?.slot != nil else { return }
        carryOut(
            registry.reported(SessionID(loop: 0, number: number), services: services, load: nil, at: now).effects)
    }

    mutating func dataPathTried(_ number: UInt64, _ path: Registry.DataPath) {
        guard sessions[number]?.slot != nil else { return }
        carryOut(registry.dataPathTried(SessionID(loop: 0, number: number), path, at: now))
    }

    mutating func answered(_ session: SessionID, _ answer: Answer) {
        carryOut(registry.answered(session, answer, at: now))
    }

    mutating func answered(_ node: NodeID, _ answers: [Answer]) {
        carryOut(registry.answered(node, answers, at: now))
    }

    mutating func attempted(_ attempt: Attempt) {
        carryOut(registry.attempted([attempt], at: now))
    }

    mutating func left(_ number: UInt64, _ reason: LeaveReason) {
        guard sessions[number] != nil else { return }
        carryOut(registry.left(SessionID(loop: 0, number: number), reason, at: now).effects)
        disconnect(number)
    }

    mutating func lost(_ number: UInt64, _ loss: ConnectionLoss) {
        guard sessions[number] != nil else { return }
        let words = disconnect(number)
        carryOut(
            registry.connectionLost(
                SessionID(loop: 0, number: number), loss, lastHeard: words?.heard, path: words?.path, at: now))
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
    mutating func resumed(after lost: Duration) {
        noticeClock()
        liveness.forgive(lost)
        carryOut(registry.stalled(.control, for: lost, at: now))
    }

    /// Somebody sets its clock; it notices when its process next turns.
    mutating func setClock(ahead: Duration) {
        unnoticedStep += ahead - clockAhead
        now = now + (ahead - clockAhead)
        clockAhead = ahead
    }

    mutating func noticeClock() {
        let step = unnoticedStep
        guard step != .zero else { return }
        unnoticedStep = .zero
        liveness.move(by: step)
        carryOut(registry.clockStepped(by: step, at: now))
    }

    mutating func tick() {
        var news: [LivenessNews] = []
        while liveness.tick(at: now, into: &news) {}
        for case .silent(let session, let since) in news {
            let heldUp = sessions[session.number]?.slot.map { liveness.heldUp($0) } ?? .zero
            carryOut(registry.silent(session, since: since, heldUp: heldUp, at: now))
        }
        if let next = registry.nextDeadline, next <= now { carryOut(registry.tick(at: now)) }
    }

    /// Each second: what its sessions heard, and what its control loop lost since.
    mutating func handOver(after period: Duration) {
        var heard: [(SessionID, Instant)] = []
        liveness.drainTouched(into: &heard)
        registry.lastHeard(heard)
        lost += period * load / 100
        if lost > .zero { carryOut(registry.note([LoopPulse(.control, lost: lost)], at: now)) }
    }

    mutating func save() {
        let (lastSeen, history) = (registry.takeLastSeenBatch(), registry.takeHistoryBatch())
        guard !lastSeen.isEmpty || !history.isEmpty else { return }
        let changes = history.map { Change.history($0) }
        if store.isBroken {
            carryOut(registry.commitFailed(changes, lastSeen: lastSeen, reason: "disk full", at: now))
        } else {
            store.apply(changes)
            store.apply(lastSeen: lastSeen)
            registry.commitSucceeded(changes)
        }
    }

    // MARK: operators

    mutating func declareFailover(_ id: NodeID) {
        carryOut(registry.declareFailover(id, at: now)?.effects ?? .none)
    }

    mutating func cancelFailover(_ id: NodeID) {
        carryOut(registry.cancelFailover(id, at: now) ?? .none)
    }

    /// It reads its certificate, at the start or anew.
    mutating func readCertificate() {
        carryOut(registry.serverCertificateRead(until: certificateUntil, at: now))
    }

    // MARK: the store

    /// What a backup would hold.
    var backup: ModelStore { store }

    /// Its store is as it was.
    mutating func restore(_ backup: ModelStore) {
        let isBroken = store.isBroken
        store = backup
        store.isBroken = isBroken
    }

    mutating func commit(_ changes: [Change]) -> Bool {
        guard !store.isBroken else {
            carryOut(registry.commitFailed(changes, reason: "disk full", at: now))
            return false
        }
        store.apply(changes)
        registry.commitSucceeded(changes)
        return true
    }

    mutating func breakStore() { store.isBroken = true }

    mutating func mendStore() {
        store.isBroken = false
        carryOut(registry.storeRecovered(at: now))
    }

    /// The process dies; what was not committed never was.
    mutating func crash() {
        liveness = Liveness(DeadlineTuning(settings))
        sessions = [:]
        requests = []
    }

    /// A new process finds what was committed.
    mutating func restart() {
        unnoticedStep = .zero
        lost = .zero
        registry = Registry(settings: settings, restored: store.restored, at: now)
        watch.startAgain(from: registry.activeFindings(), at: now - clockAhead)
        beginRun()
    }

    // MARK: effects

    private mutating func carryOut(_ effects: Effects, admitting number: UInt64? = nil) {
        events += 1
        for effect in effects {
            switch effect {
            case .publish(let event, let finding): watch.see(event, finding, at: now - clockAhead)
            case .closeSession(let session, _): close(session.number)
            case .ask(let question): requests.append(.ask(question))
            case .askForFullReport(let session): requests.append(.reportInFull(session.number))
            default: break
            }
        }
        let changes = effects.compactMap { effect -> Change? in
            if case .persist(let change) = effect { change } else { nil }
        }
        if !changes.isEmpty || number != nil { requests.append(.commit(changes, admitting: number)) }
    }
}
