internal import Dispatch
internal import EventLoop
internal import Logging
internal import Registry
internal import RegistryStore
internal import RollcallProtocol

/// Owns the registry: feeds it what the sessions tell and the time, and has done what it wants done. Confined to the
/// control loop.
final class RegistryShell {
    var registry: Registry
    let loop: EventLoop
    let store: any RegistryStore
    let queue: CommitQueue
    let settings: ServerSettings
    let census: ConnectionCensus
    let log: Logger
    private(set) var clock: ServerClock
    private var clockWatch = ClockWatch()
    /// Has every loop set its copy of the clock.
    var onClockMoved: (ClockWatch.Finding) -> Void = { _ in }
    let watches: WatchStreams
    /// Sends a reply to a session on whatever loop it lives.
    let reply: (SessionID, SessionReply) -> Void
    /// Paces the return of a fleet.
    var admission: AdmissionControl?
    /// Reads certificates and revocations anew.
    var reload: Reload?
    /// Asks about silent nodes.
    private lazy var inquirer = Inquirer(
        on: loop, log: log, ask: { [reply] in reply($0, .ask) },
        onAnswer: { [unowned self] in perform(registry.answered($0, $1, at: now)) })
    /// Where the server listens, for status.
    var listening: [String] = []
    /// Where the store is read for operators: a slow disk holds up nobody else.
    let readQueue = DispatchQueue(label: "rollcall.reads")
    private(set) var heartbeats: UInt64 = 0
    private var ticker: LoopTimer?
    private var stallWatch: StallWatch
    /// What the loops say of how far they are.
    let pulses: PulseBoard
    private var nextSave: Instant
    /// The server is about to stop: its nodes were sent away, and their silence tells nothing.
    var isDraining = false
    /// More are due than one turn may judge; the next turn goes on.
    private var isJudging = false

    init(
        registry: Registry, loop: EventLoop, store: any RegistryStore, queue: CommitQueue, settings: ServerSettings,
        census: ConnectionCensus, clock: ServerClock, pulses: PulseBoard, log: Logger,
        reply: @escaping (SessionID, SessionReply) -> Void
    ) {
        self.pulses = pulses
        self.registry = registry
        self.loop = loop
        self.store = store
        self.queue = queue
        self.settings = settings
        self.census = census
        self.clock = clock
        self.log = log
        self.reply = reply
        watches = WatchStreams(reply: reply)
        stallWatch = StallWatch(period: settings.tickPeriod)
        nextSave = clock.now(on: loop) + settings.registry.lastSeenSaveInterval
    }

    var now: Instant { clock.now(on: loop) }

    // MARK: time

    /// Begins to look at deadlines.
    func start() {
        let timer = LoopTimer(on: loop)
        ticker = timer
        timer.start(after: settings.tickPeriod, repeating: settings.tickPeriod) { [unowned self] in self.tick() }
    }

    private func tick() {
        if let readings = ClockReadings.now {
            let finding = clockWatch.look(at: readings)
            if finding != ClockWatch.Finding() { clockMoved(finding) }
        }
        let now = self.now
        if let lost = stallWatch.turn(at: now) { stalled(.control, for: lost) }
        if !isDraining {
            admission?.tick(&registry, heartbeats: heartbeats, at: now)
            judge(now)
        }
        // As a letter to itself: when it is read, all that the loops had sent until then has been read, too.
        let (told, own) = (pulses.read(by: clock, control: stallWatch.lost), LoopBound(self, of: loop))
        loop.post { own.value.perform(own.value.registry.note(told, at: own.value.now)) }
        if now >= nextSave {
            nextSave = now + settings.registry.lastSeenSaveInterval
            save()
        }
    }

    /// The machine slept, or somebody set its clock. Server time follows: sleep is time that was lost, a step is none.
    private func clockMoved(_ finding: ClockWatch.Finding) {
        let move = finding.slept + finding.stepped
        log.warning(
            "the clock was set by \(finding.stepped.inMilliseconds) ms, and the machine slept for \(finding.slept.inMilliseconds) ms"
        )
        clock.move(by: move)
        nextSave = nextSave + move
        stallWatch.skip()
        admission?.clockMoved()
        if finding.stepped != .zero { perform(registry.clockStepped(by: finding.stepped, at: now)) }
        if finding.slept != .zero { perform(registry.stalled(.machine, for: finding.slept, at: now)) }
        onClockMoved(finding)
    }

    /// Looks at who is due. When a whole site is, a slice of it in each turn of the loop, and the rest in the next ones.
    private func judge(_ now: Instant) {
        guard !isJudging, let next = registry.nextDeadline, next <= now else { return }
        perform(registry.tick(at: now))
        guard let next = registry.nextDeadline, next <= now else { return }
        isJudging = true
        let own = LoopBound(self, of: loop)
        loop.post {
            own.value.isJudging = false
            own.value.judge(own.value.now)
        }
    }

    /// Hands over what is worth a commit only now and then, a slice in each turn of the loop.
    private func save() {
        guard saveSlice() else { return }
        let own = LoopBound(self, of: loop)
        loop.post { own.value.save() }
    }

    /// - Returns: whether there may be more.
    private func saveSlice() -> Bool {
        let limit = RegistryLimits.savedPerSliceMax
        let times = registry.takeLastSeenBatch(limit: limit)
        if !times.isEmpty { queue.noteLastSeen(times) }
        let history = registry.takeHistoryBatch(limit: limit)
        if !history.isEmpty { queue.enqueue(history.map(Change.history)) }
        return times.count == limit || history.count == limit
    }

    /// Before the end: everything that is known goes to the store.
    func stop() {
        ticker = nil
        inquirer.stop()
        while saveSlice() {}
        queue.close()
    }

    // MARK: events

    /// A loop of the server found that it did not turn for so long.
    func stalled(_ which: ServerLoop, for lost: Duration) {
        log.notice("\(which.text) did not turn for \(lost.inMilliseconds) ms")
        perform(registry.stalled(which, for: lost, at: now))
    }

    /// The server's certificate was read, at the start or anew.
    func certificateRead(until: Instant) { perform(registry.serverCertificateRead(until: until, at: now)) }

    func heard(_ batch: [(SessionID, Instant)], heartbeats count: Int) {
        heartbeats &+= UInt64(count)
        // A loop may have stamped them by a clock that was set back meanwhile.
        let now = self.now
        registry.lastHeard(batch.contains { $0.1 > now } ? batch.map { ($0.0, min($0.1, now)) } : batch)
    }

    func attempted(_ batch: [Attempt], dropped: Int) {
        perform(registry.attempted(batch, dropped: dropped, at: now))
    }

    func handle(_ event: SessionEvent, of session: SessionID) {
        switch event {
        case .register(let registration, let request): register(registration, request: request)
        case .report(let services, let load, let request):
            let outcome = registry.reported(session, services: services, load: load, at: now)
            let answer: WireResponse =
                switch outcome.reply {
                case .accepted:
                    .heartbeat(
                        request, interval: UInt32(clamping: settings.registry.heartbeatInterval.inMilliseconds),
                        reportInFull: false)
                case .refused(let refusal): .refusal(request, refusal.status, refusal.description)
                }
            perform(outcome.effects, of: request) { self.reply(session, .answer($0 ?? answer, isLast: true)) }
        case .leave(let reason, let request):
            let outcome = registry.left(session, reason, at: now)
            var answer = WireResponse()
            answer.id = request
            answer.leave = WireLeaveResponse()
            if outcome.reply == .notRegistered {
                answer = .refusal(request, .failedPrecondition, "not registered on this connection")
            }
            // Goodbye is accepted even if it cannot be written: the node goes in any case.
            perform(outcome.effects, of: request) { _ in self.reply(session, .left(answer)) }
        case .dataPath(let path): perform(registry.dataPathTried(session, path, at: now))
        case .silent(let since, let heldUp):
            perform(registry.silent(session, since: min(since, now), heldUp: heldUp, at: now))
        case .unanswered(let answer): perform(registry.answered(session, answer, at: now))
        case .heardAgain: perform(registry.heardAgain(session, at: now))
        case .lost(let loss, let lastWords):
            perform(
                registry.connectionLost(
                    session, loss, lastHeard: (lastWords?.heard).map { min($0, now) }, path: lastWords?.path, at: now))
        case .compareNotes(let query, let peer, let request): compareNotes(query, of: peer, request, session)
        case .operatorRequest(let request): answer(request, from: session)
        case .operatorGone: watches.remove(session)
        }
    }

    private func register(_ registration: Registration, request: UInt64) {
        let session = registration.session
        let isNew = registry.node(registry.entry(of: registration.id)) == nil
        let outcome = registry.register(registration, at: now)
        switch outcome.reply {
        case .refused(let refusal):
            log.notice(
                "registration refused: \(refusal)",
                metadata: ["node": "\(registration.id)", "from": "\(registration.connection.peerAddress)"])
            perform(outcome.effects)
            reply(
                session,
                .registered(
                    .refusal(request, refusal.status, refusal.description), admitted: false,
                    because: refusal.attemptReason))
        case .admitted(let terms):
            var answer = WireResponse()
            answer.id = request
            answer.register = WireRegisterResponse(
                terms, registration, of: registry.entry(of: registration.id), at: now)
            if let tag = registry.serverTag { answer.register.server = WireServerTag(tag) }
            let path = registry.takePath(of: session)
            perform(outcome.effects, of: request) { refusal in
                if let refusal { return self.reply(session, .registered(refusal, admitted: false)) }
                self.log.debug(
                    isNew ? "registered" : "registered again",
                    metadata: ["node": "\(registration.id)", "host": "\(registration.facts.hostname)"])
                self.reply(session, .registered(answer, admitted: true, path: path))
            }
        }
    }

    func storeChanged(_ state: CommitQueue.State) {
        switch state {
        case .working:
            census.isReadOnly = false
            log.notice("the registry can be written again")
            perform(registry.storeRecovered(at: now))
        case .failing(let error):
            census.isReadOnly = true
            log.error("the registry cannot be written: \(error)")
            perform(registry.storeFailed(reason: error.fact, at: now))
        }
    }

    // MARK: effects

    /// Has effects done that nobody waits for.
    func perform(_ effects: Effects) {
        perform(effects, of: 0) { _ in }
    }

    /// Has effects done. `then` is called with nil when what must be durable is, at once if nothing must; or with the
    /// refusal of the request if the commit failed.
    func perform(_ effects: Effects, of request: UInt64, then: @escaping (WireResponse?) -> Void) {
        var durable: [Change] = []
        for effect in effects {
            switch effect {
            case .persist(let change): durable.append(change)
            case .publish(let event, let finding): publish(event, finding)
            case .suspected(let id): watches.tellSuspect(registry.suspect(id, at: now), at: now)
            case .returned(let id, let since):
                watches.tellReturn(registry.node(id).map { WireSuspect($0, since: since, returned: now) }, at: now)
            case .askForFullReport(let session):
                var notice = WireNotice()
                notice.reportInFull = .init()
                reply(session, .notice(notice))
            case .object(let session, let what): reply(session, .answer(.refusal(0, .aborted, what), isLast: false))
            case .ask(let question): inquirer.carryOut(question)
            case .closeSession(let session, let reason): reply(session, .close(reason: reason))
            case .log(let line): log.info("\(line)")
            }
        }
        guard !durable.isEmpty else { return then(nil) }
        let waiting = LoopBound((shell: self, then: then), of: loop)
        let (loop, changes) = (self.loop, durable)
        queue.enqueue(changes) { result in
            loop.post { waiting.value.shell.committed(changes, result, request, waiting.value.then) }
        }
    }

    private func committed(
        _ changes: [Change], _ result: Result<Void, StoreError>, _ request: UInt64, _ then: (WireResponse?) -> Void
    ) {
        switch result {
        case .success:
            registry.commitSucceeded(changes)
            then(nil)
        case .failure(let error):
            // The refusal first: the registry may want the session closed.
            then(.refusal(request, .unavailable, "the registry cannot be written now (\(error.fact)); try again later"))
            perform(registry.commitFailed(changes, reason: error.fact, at: now))
            // The queue keeps what failed and writes it later; a node whose registration was refused is not to appear
            // then.
            for case .node(let record) in changes where registry.node(record.id) == nil {
                queue.enqueue([.removeNode(record.id)])
            }
        }
    }

    private func publish(_ event: FindingEvent, _ finding: Finding) {
        let metadata: Logger.Metadata = [
            "code": "\(finding.code.rawValue)", "subject": "\(finding.subjectName)", "id": "\(finding.id)",
        ]
        switch event {
        case .raised: log.warning("error raised: \(finding.title)", metadata: metadata)
        case .updated: log.debug("error updated: \(finding.title)", metadata: metadata)
        case .cleared: log.notice("error cleared: \(finding.title): \(finding.clearedBecause)", metadata: metadata)
        }
        watches.publish(event, finding)
    }
}

extension RegistrationRefusal {
    /// The status to answer with.
    var status: StatusCode {
        switch self {
        case .registryNotWritable: .unavailable
        case .nodeLimit, .siteLimit: .resourceExhausted
        case .notRegistered, .roleDiffers, .duplicateIdentity, .keyReplaced: .failedPrecondition
        default: .invalidArgument
        }
    }
}

extension WireRegisterResponse {
    init(_ terms: RegistrationTerms, _ registration: Registration, of node: NodeID, at now: Instant) {
        self.init()
        nodeID = .init(node.bytes)
        heartbeatIntervalMs = UInt32(clamping: terms.heartbeatInterval.inMilliseconds)
        suspectAfterMs = UInt32(clamping: terms.suspectAfter.inMilliseconds)
        unreachableAfterMs = UInt32(clamping: terms.unreachableAfter.inMilliseconds)
        serverTimeUnixMs = now.unixMilliseconds
        observedAddress = registration.connection.peerAddress
        serverVersion = Version.text
    }
}
