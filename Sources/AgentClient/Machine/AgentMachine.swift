public import RollcallProtocol

/// An agent's side of `rollcall/1` as a pure state machine: dial, register, beat, back off, come back, say goodbye. It
/// reads no clock and opens no socket: events and time go in, `AgentAction`s come out, so that days of absence run in a
/// test's millisecond. After each event the shell calls `tick` again at `deadline`.
///
/// Read next: `AgentMachine+Session.swift` (a connection's answers), `UnsettledReports.swift` (what a heartbeat carries).
public struct AgentMachine: Sendable {
    /// Heartbeats that may wait for an answer at once. A server that owes more is not asked to do more.
    static let unansweredMax = 16
    /// Longest absence a server can ask for: past it, it is a mistake rather than a slot.
    static let comeBackMax: Duration = .seconds(24 * 3600)
    /// From here on the difference of the clocks is worth a word.
    static let skewWorthTelling: Duration = .seconds(60)

    /// Where an agent stands.
    enum State: Equatable, Sendable {
        case idle
        case waiting(until: Duration)
        case dialling(until: Duration)
        case registering(Exchange)
        case registered(Session)
        case leaving(id: UInt64, until: Duration)
        case finished
    }

    /// A request that waits for its answer.
    struct Exchange: Equatable, Sendable {
        var id: UInt64
        var sent: Duration
        var carried: UnsettledReports.Carried
    }

    /// A connection on which the server knows the node.
    struct Session: Equatable, Sendable {
        var since: Duration
        var schedule: BeatSchedule
        var sequence: UInt64 = 0
        /// Heartbeats without an answer, oldest first.
        var unanswered: [Exchange] = []
        /// A registration that was repeated on this connection.
        var repeated: Exchange?
    }

    /// Who the node is: everything a registration says but services, load and time.
    public var facts: WireRegisterRequest {
        didSet { bootTag = Self.tag(of: facts) }
    }
    let timings: AgentTimings
    var state = State.idle
    var reports = UnsettledReports()
    /// Servers at which it registered, the last one last.
    var servers = MetServers()
    private var backoff: Backoff
    private var chance: SeededGenerator
    private var lastID: UInt64 = 0
    private var bootTag: UInt64

    /// An agent that has not started. The seed decides its delays.
    public init(facts: WireRegisterRequest, timings: AgentTimings = AgentTimings(), seed: UInt64) {
        self.facts = facts
        self.timings = timings
        backoff = Backoff(first: timings.firstRetry, longest: timings.longestRetry)
        chance = SeededGenerator(seed: seed)
        bootTag = Self.tag(of: facts)
    }

    /// When `tick` is due, on the monotonic clock; nil while there is nothing to wait for.
    public var deadline: Duration? {
        switch state {
        case .idle, .finished: nil
        case .waiting(let until), .dialling(let until), .leaving(_, let until): until
        case .registering(let exchange): exchange.sent + timings.registrationLimit
        case .registered(let session):
            [
                session.schedule.next, session.unanswered.first.map { $0.sent + timings.answerLimit },
                session.repeated.map { $0.sent + timings.registrationLimit },
            ].compactMap(\.self).min()
        }
    }

    /// Whether the server knows the node on the present connection.
    public var isRegistered: Bool { if case .registered = state { true } else { false } }
    /// Whether it says goodbye at this moment.
    public var isLeaving: Bool { if case .leaving = state { true } else { false } }
    /// Whether the agent has come to its end.
    public var isFinished: Bool { state == .finished }
    /// The watched services as last seen.
    public var services: [WireServiceReport] { reports.services }

    // MARK: what happens to an agent

    /// Begins: dials at once, or after a delay where many begin together. Only once.
    public mutating func start(after delay: Duration = .zero, at now: ClockReading) -> [AgentAction] {
        guard state == .idle else { return [] }
        guard delay <= .zero else {
            state = .waiting(until: now.monotonic + delay)
            return []
        }
        return dial(at: now)
    }

    /// The connection that was asked for is there, and the peer is known.
    public mutating func connected(at now: ClockReading) -> [AgentAction] {
        guard case .dialling = state else { return [] }
        let (request, exchange) = registration(at: now)
        state = .registering(exchange)
        return [.send(request)]
    }

    /// The connection has ended, or did not come about. The reason is for people.
    public mutating func closed(_ reason: String, at now: ClockReading) -> [AgentAction] {
        switch state {
        case .idle, .waiting, .finished:
            return []
        case .leaving:
            state = .finished
            return [.tell(.saidGoodbye(confirmed: false)), .finish]
        case .dialling:
            return [.tell(.dialFailed(reason))] + waitForNextAttempt(at: now)
        case .registering, .registered:
            return [.tell(.connectionLost(reason))] + waitForNextAttempt(at: now)
        }
    }

    /// What the watcher saw. Changes go out at once, in a heartbeat between the scheduled ones.
    public mutating func servicesSeen(_ seen: [WireServiceReport], at now: ClockReading) -> [AgentAction] {
        let changed = reports.update(seen)
        guard !changed.isEmpty else { return [] }
        guard case .registered(var session) = state else { return [.tell(.servicesChanged(changed))] }
        let actions: [AgentAction] = [.tell(.servicesChanged(changed))] + beat(in: &session, at: now)
        state = .registered(session)
        return actions
    }

    /// The way to the process server opened or closed. It is told at once, and again after each registration.
    public mutating func dataPathTried(_ path: WireDataPath, at now: ClockReading) -> [AgentAction] {
        reports.update(path)
        guard case .registered(var session) = state else { return [.tell(.dataPathChanged(path))] }
        let actions: [AgentAction] = [.tell(.dataPathChanged(path))] + beat(in: &session, at: now)
        state = .registered(session)
        return actions
    }

    /// The load was measured. It goes with the next heartbeat.
    public mutating func loadMeasured(_ load: WireLoad) { reports.update(load) }

    /// Time has passed.
    public mutating func tick(at now: ClockReading) -> [AgentAction] {
        guard let deadline, now.monotonic >= deadline else { return [] }
        switch state {
        case .idle, .finished:
            return []
        case .waiting:
            return dial(at: now)
        case .dialling:
            return giveUp("no connection within \(timings.dialLimit.text)", at: now)
        case .registering:
            return giveUp("the registration was not answered within \(timings.registrationLimit.text)", at: now)
        case .leaving:
            state = .finished
            return [.tell(.saidGoodbye(confirmed: false)), .close, .finish]
        case .registered(var session):
            if let oldest = session.unanswered.first, now.monotonic >= oldest.sent + timings.answerLimit {
                return giveUp("a heartbeat was not answered within \(timings.answerLimit.text)", at: now)
            }
            if let repeated = session.repeated, now.monotonic >= repeated.sent + timings.registrationLimit {
                return giveUp("the registration was not answered within \(timings.registrationLimit.text)", at: now)
            }
            guard session.schedule.takeIfDue(at: now.monotonic) else { return [] }
            let actions = beat(in: &session, at: now)
            state = .registered(session)
            return actions
        }
    }

    /// The agent is asked to stop. It says goodbye where there is somebody to say it to.
    public mutating func stop(_ reason: WireLeaveReason, at now: ClockReading) -> [AgentAction] {
        switch state {
        case .finished, .leaving:
            return []
        case .idle, .waiting:
            state = .finished
            return [.finish]
        case .dialling:
            state = .finished
            return [.close, .finish]
        case .registering, .registered:
            let request = WireRequest.with {
                $0.id = nextID()
                $0.leave.reason = reason
            }
            state = .leaving(id: request.id, until: now.monotonic + timings.goodbyeLimit)
            return [.send(request)]
        }
    }

    // MARK: parts that several events share

    private mutating func dial(at now: ClockReading) -> [AgentAction] {
        state = .dialling(until: now.monotonic + timings.dialLimit)
        return [.dial]
    }

    mutating func giveUp(_ reason: String, at now: ClockReading) -> [AgentAction] {
        [.close] + closed(reason, at: now)
    }

    /// After a failure. The way back is jittered, and longer each time.
    mutating func waitForNextAttempt(at now: ClockReading) -> [AgentAction] {
        wait(backoff.next(using: &chance), at: now)
    }

    mutating func wait(_ delay: Duration, at now: ClockReading) -> [AgentAction] {
        state = .waiting(until: now.monotonic + delay)
        return [.tell(.nextAttempt(after: delay))]
    }

    /// The registration has held.
    mutating func forgetFailures() { backoff.reset() }

    mutating func registration(at now: ClockReading) -> (WireRequest, Exchange) {
        var message = facts
        let carried = reports.fill(&message)
        message.sentUnixMs = now.unixMilliseconds
        if let last = servers.last { message.lastServer = last }
        let request = WireRequest.with {
            $0.id = nextID()
            $0.register = message
        }
        return (request, Exchange(id: request.id, sent: now.monotonic, carried: carried))
    }

    mutating func beat(in session: inout Session, at now: ClockReading) -> [AgentAction] {
        guard session.unanswered.count < Self.unansweredMax else { return [] }
        session.sequence += 1
        var message = WireHeartbeatRequest()
        message.sequence = session.sequence
        message.bootTag = bootTag
        message.sentUnixMs = UInt64(clamping: now.unixMilliseconds)
        let carried = reports.fill(&message)
        let id = nextID()
        session.unanswered.append(Exchange(id: id, sent: now.monotonic, carried: carried))
        return [
            .send(
                .with {
                    $0.id = id
                    $0.heartbeat = message
                })
        ]
    }

    /// A sign of life that is no heartbeat. Its answer tells nothing that the machine waits for.
    mutating func ping() -> WireRequest {
        .with {
            $0.id = nextID()
            $0.ping = WirePingRequest()
        }
    }

    private mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// The last eight bytes of the boot id, little-endian; 0 where it is not known.
    private static func tag(of facts: WireRegisterRequest) -> UInt64 {
        facts.bootID.suffix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
