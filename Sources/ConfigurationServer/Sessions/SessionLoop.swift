internal import EventLoop
internal import Logging
internal import Registry
internal import RollcallProtocol
internal import SecureTransport

/// What one loop owns: its sessions, their clocks, and the time limits of those who have not registered. Confined to
/// its loop.
final class SessionLoop {
    let index: UInt16
    let loop: EventLoop
    let settings: ServerSettings
    let trust: ServerTrust
    /// For new connections.
    var tls: TLSContext { trust.context(ofLoop: Int(index)) }
    let log: Logger
    let liveness: LoopOwned<Liveness>
    private var stallWatch: StallWatch
    /// After a stall nobody is expired before what waited to be read has been read, and the next beat was due.
    private var expiryHeldUntil: Instant?
    let intervalMilliseconds: UInt32
    private var clock: ServerClock
    private let census: ConnectionCensus
    let pace: AdmissionPace
    private let entrance: Entrance
    /// Tells the owner of the registry. Set before the first connection comes.
    var onEvent: (SessionID, SessionEvent) -> Void = { _, _ in }
    /// Tells that this loop lost time.
    var onStall: (Duration) -> Void = { _ in }
    /// Where each loop says how far it is.
    private let pulses: PulseBoard
    /// Whoever dialled by then, on the loop's clock, has begun to be let in.
    private var admittedUntil: UInt64 = 0
    /// Hands over who was heard, and how many heartbeats came, since the last time.
    var onHeard: ([(SessionID, Instant)], Int) -> Void = { _, _ in }

    private var listeners: [Listener] = []
    private var sessions = SessionTable()
    private var deadlines = DeadlineIndex()
    private var ticker: LoopTimer?
    private var heartbeats = 0
    private var nextHandOver: Instant
    private var portion = SessionLoop.portionMin
    /// Set when the server stops.
    private(set) var draining: Draining?
    /// Newcomers beyond the limit that are being told so.
    private var excused = 0
    private var questions = OpenQuestions()
    private var news: [LivenessNews] = []
    private var heard: [(SessionID, Instant)] = []
    private var refusals = RefusalLog()
    private var attempts = AttemptOutbox()
    /// Hands over attempts that came to nothing, and how many more there were.
    var onAttempts: ([Attempt], Int) -> Void = { _, _ in }
    private var shortage = ShortageLog()
    private var localSessions = 0

    /// Operators on the local socket at a time: as many as may watch, and as many again who ask.
    static let localSessionsMax = 2 * WatchStreams.watchesMax

    init(
        index: UInt16, loop: EventLoop, settings: ServerSettings, trust: ServerTrust, clock: ServerClock,
        census: ConnectionCensus, pace: AdmissionPace, pulses: PulseBoard, log: Logger
    ) {
        self.index = index
        self.loop = loop
        self.settings = settings
        self.trust = trust
        self.clock = clock
        self.census = census
        self.pace = pace
        self.pulses = pulses
        entrance = Entrance(pace: pace)
        self.log = log
        liveness = LoopOwned(Liveness(DeadlineTuning(settings.registry)))
        stallWatch = StallWatch(period: settings.tickPeriod)
        intervalMilliseconds = UInt32(clamping: settings.registry.heartbeatInterval.inMilliseconds)
        nextHandOver = clock.now(on: loop)
    }

    /// Server time at the beginning of this turn.
    @inline(__always)
    var now: Instant { clock.now(on: loop) }

    var readiness: WireReadiness { draining != nil ? .draining : census.isReadOnly ? .readOnly : .ready }

    @inline(__always)
    func countHeartbeat() { heartbeats &+= 1 }

    func tell(_ event: SessionEvent, of session: SessionID) { onEvent(session, event) }

    // MARK: coming in

    /// Begins to look at deadlines.
    func start() {
        let timer = LoopTimer(on: loop)
        ticker = timer
        timer.start(after: settings.tickPeriod, repeating: settings.tickPeriod) { [unowned self] in self.tick() }
    }

    /// Accepts TLS connections.
    /// - Throws: `LoopError` if the loop cannot watch the socket.
    func listen(_ socket: ListeningSocket) throws(LoopError) {
        listeners.append(
            try Listener(socket, on: loop) { [unowned self] event in
                switch event {
                case .accepted(let stream): self.accept(stream)
                case .outOfDescriptors(let refused): self.outOfDescriptors(refused)
                }
            })
    }

    /// Accepts operators on the local socket.
    /// - Throws: `LoopError` if the loop cannot watch the socket.
    func listenLocally(_ socket: ListeningSocket) throws(LoopError) {
        listeners.append(
            try Listener(socket, on: loop) { [unowned self] event in
                switch event {
                case .accepted(let stream): self.acceptLocal(stream)
                case .outOfDescriptors(let refused): self.outOfDescriptors(refused)
                }
            })
    }

    private func accept(_ stream: ByteStream) {
        if let full = census.enter() {
            let peer = stream.peer?.description ?? ""
            cameToNothing("turned away: \(full)", metadata: ["from": "\(peer)"])
            note(Attempt(peer: peer, at: now, progress: .connected, end: .closedByServer, reason: .limit, detail: full))
            return excuse(stream, full)
        }
        entrance.enter(stream, at: now) { [unowned self] in
            self.newSession(counted: true).start($0)
        } turn: {
            [unowned self] in
            self.now
        }
    }

    /// Tells a newcomer that there is no place for it: TLS clients by an alert, people and the probe in words.
    private func excuse(_ stream: ByteStream, _ full: String) {
        guard excused < Self.excusedMax else { return stream.reset() }
        excused += 1
        stream.whenClosed { self.excused -= 1 }
        stream.write(PlainGreeting.full(hostname: settings.hostname, full))
        stream.finish()
    }

    /// Told at a time on each loop; the others are reset. Each takes a descriptor beyond the limit, of the 256 left for
    /// such things.
    static let excusedMax = 16

    private func acceptLocal(_ stream: ByteStream) {
        guard localSessions < Self.localSessionsMax else {
            cameToNothing("turned away: \(localSessions) operators are on the local socket, the limit", metadata: [:])
            return stream.close()
        }
        localSessions += 1
        newSession(counted: false).startLocal(stream)
    }

    private func newSession(counted: Bool) -> Session {
        let session = sessions.insert { number in
            Session(id: SessionID(loop: index, number: number), home: self, at: now)
        }
        session.count = counted ? .unproven : .uncounted
        if draining != nil { session.machine.drain() }
        reconsider(session)
        return session
    }

    private func outOfDescriptors(_ refused: Int) {
        shortage.note(refused)
        shortage.flush(at: now, limit: settings.descriptorLimit, to: log)
    }

    /// Who the certificate's holder is to this server.
    func peer(for identity: PeerIdentity?) -> SessionPeer {
        guard let identity, identity.fleet == settings.fleet else { return .stranger }
        switch identity.kind {
        case .node(let uuid): return NodeID(uuid).map { .node($0) } ?? .stranger
        case .operator(let name): return .operator(name)
        case .server: return .stranger
        }
    }

    /// Starts a session's clock.
    func admit(_ session: Session, bootID: [UInt8]) -> LivenessSlot {
        var tag: UInt64 = 0
        if bootID.count == 16 { for byte in bootID[8...].reversed() { tag = tag << 8 | UInt64(byte) } }
        return liveness.value.admit(session.id, interval: settings.registry.heartbeatInterval, bootTag: tag, at: now)
    }

    // MARK: time

    private func tick() {
        let now = self.now
        // Whoever spoke since then may still wait to be read: a loop that is behind holds its own delay against nobody.
        let heardUntil = clock.time(of: loop.caughtUpTo)
        if let lost = stallWatch.turn(at: now) { lostTime(lost, now) }
        // What is left over is due at the next tick.
        var looks = RegistryLimits.newsPerTickMax
        while looks > 0 {
            guard let place = deadlines.popDue(at: heardUntil, looks: &looks) else { break }
            guard let session = sessions[at: place] else { continue }
            let deadline = max(session.deadline(), expiryHeldUntil ?? .init(nanoseconds: .min))
            if deadline <= heardUntil { session.expire() } else { deadlines.hang(place, noLaterThan: deadline) }
        }
        guard draining == nil else { return attempts.flush(onAttempts) }
        _ = liveness.value.tick(at: heardUntil, into: &news)
        for case .silent(let session, let since) in news {
            let heldUp = sessions[session.number]?.slot.map { liveness.value.heldUp($0) } ?? .zero
            tell(.silent(since: since, heldUp: heldUp), of: session)
        }
        news.removeAll(keepingCapacity: true)
        while let question = questions.popDue(at: heardUntil) {
            sessions[question.session]?.answerIsDue(askedAt: question.askedAt)
        }
        attempts.flush(onAttempts)
        if now >= nextHandOver {
            nextHandOver = now + handOverPeriod
            refusals.flush(to: log)
            shortage.flush(at: now, limit: settings.descriptorLimit, to: log)
            // What was heard in one period is told during the next one, in a portion for each tick.
            let ticks = max(1, handOverPeriod.inNanoseconds / max(1, settings.tickPeriod.inNanoseconds))
            portion = min(max(liveness.value.touchedCount / Int(ticks) + 1, Self.portionMin), Self.portionMax)
            handOver(portion)
        } else if liveness.value.isDraining {
            handOver(portion)
        }
        noteAdmissions()
        // After all news of this turn: whoever reads it, and then its mail, has heard of all who were heard by then.
        pulses.tell(
            PulseBoard.Pulse(heardUntil: loop.caughtUpTo, admittedUntil: admittedUntil, lost: stallWatch.lost),
            of: index)
    }

    /// Where as many came as are taken in a turn, more may wait in the kernel.
    private func noteAdmissions() {
        let until = loop.caughtUpTo
        guard !listeners.contains(where: { $0.fullBatchAt >= until }) else { return }
        admittedUntil = min(until, entrance.waitingSince ?? until)
    }

    /// The loop itself did not turn: nobody's silence counts for that time.
    private func lostTime(_ lost: Duration, _ now: Instant) {
        liveness.value.forgive(lost)
        expiryHeldUntil = now + max(settings.registry.heartbeatInterval * 2, .seconds(1))
        onStall(lost)
    }

    /// The control loop has found that the clock was set, or that the machine slept: everything that was stamped by this loop's
    /// clock moves with it, and what was slept is forgiven.
    func clockMoved(_ finding: ClockWatch.Finding) {
        let move = finding.slept + finding.stepped
        clock.move(by: move)
        stallWatch.skip()
        questions = OpenQuestions()
        nextHandOver = now
        expiryHeldUntil = now + max(settings.registry.heartbeatInterval * 2, .seconds(1))
        if finding.stepped != .zero { liveness.value.move(by: finding.stepped) }
        if finding.slept != .zero { liveness.value.forgive(finding.slept) }
        for session in sessions.all {
            session.move(by: move)
            reconsider(session)
        }
    }

    /// How old a last-seen time may be at the owner of the registry: a second, or half an interval if that is shorter.
    private var handOverPeriod: Duration { min(.seconds(1), settings.registry.heartbeatInterval / 2) }

    /// A portion worth a letter to the other loop.
    private static let portionMin = 64
    /// What the owner of the registry takes in within a fraction of a millisecond. More than 40,000 sessions heard each
    /// second on one loop are told a little later.
    private static let portionMax = 4_096

    /// Tells the owner of the registry who was heard. A small fleet is told at once; a large one in portions, because the
    /// owner's loop has other things to do and may share its core with this one.
    private func handOver(_ limit: Int) {
        liveness.value.drainTouched(into: &heard, limit: limit)
        if !heard.isEmpty || heartbeats > 0 { onHeard(heard, heartbeats) }
        heard.removeAll(keepingCapacity: true)
        heartbeats = 0
    }

    /// The session was asked a question: looks after a while whether it has answered.
    func awaitAnswer(of session: Session) {
        questions.append(session.id.number, askedAt: now, due: now + settings.registry.answerWait)
    }

    /// A deadline that may have come nearer.
    func reconsider(_ session: Session) {
        deadlines.hang(SessionTable.place(of: session.id.number), noLaterThan: session.deadline())
    }

    // MARK: going out

    func deliver(_ reply: SessionReply, to session: UInt64) {
        sessions[session]?.deliver(reply)
    }

    /// The session has ended. It is counted until its descriptor is given back, which may be seconds later: limits are
    /// about descriptors, and whoever stops the server waits until the last words have gone out.
    func forget(_ session: Session, _ transport: SessionTransport?) {
        guard sessions.remove(session) else { return }
        let count = session.count
        guard let transport else { return uncount(count) }
        // Not weak: what was ever referred to weakly is slow to retain, and each heartbeat retains its loop.
        transport.whenClosed { self.uncount(count) }
    }

    private func uncount(_ count: ConnectionCensus.Count) {
        census.leave(count)
        if case .uncounted = count { localSessions -= 1 }
    }

    /// The peer has proven who it is: it no longer counts among the strangers.
    func proven(_ session: Session) {
        guard session.count == .unproven else { return }
        census.proved()
        session.count = .proven
    }

    /// Notes an attempt to get in that came to nothing.
    func cameToNothing(_ why: String, metadata: Logger.Metadata) {
        refusals.note(why, metadata: metadata, to: log)
    }

    /// Has an attempt remembered by the owner of the registry.
    func note(_ attempt: Attempt) { attempts.note(attempt) }

    var sessionCount: Int { sessions.count }

    /// Closes the connections whose certificate was revoked; returns how many there were.
    func closeRevoked() -> Int {
        var closed = 0
        for session in sessions.all where session.closeIfRevoked() { closed += 1 }
        return closed
    }

    /// Sends everybody away, each with a slot of its own to come back in. It goes on listening until the loop stops, not
    /// before `end`, and sends away whoever comes.
    func drain(reason: String, until end: Instant) {
        guard draining == nil else { return }
        draining = Draining(reason: reason, nextSlot: max(end, now) + settings.comeBackAfter)
        attempts.flush(onAttempts)
        while liveness.value.touchedCount > 0 { handOver(.max) }
        for session in sessions.all { session.drain() }
    }

    /// How long the next one who is sent away is to stay away: spread over what a restarted server can admit on its loops.
    func nextAbsence() -> Duration {
        guard let slot = draining?.nextSlot else { return settings.comeBackAfter }
        draining?.nextSlot = slot + pace.slot
        return max(slot - now, settings.comeBackAfter)
    }

    /// What those hear who are sent away, and when the next of them is due again.
    struct Draining {
        let reason: String
        fileprivate(set) var nextSlot: Instant
    }
}

/// Lines about attempts that came to nothing: the first ones of a second in full, of the rest only how many, so that a
/// port scan does not fill the disk.
struct RefusalLog {
    static let linesPerPeriodMax = 10
    private var lines = 0

    mutating func note(_ why: String, metadata: Logger.Metadata, to log: Logger) {
        lines += 1
        if lines <= Self.linesPerPeriodMax { log.notice("a connection came to nothing: \(why)", metadata: metadata) }
    }

    mutating func flush(to log: Logger) {
        if lines > Self.linesPerPeriodMax {
            log.notice("\(lines - Self.linesPerPeriodMax) more connections came to nothing in the last second")
        }
        lines = 0
    }
}
