public import RollcallProtocol

/// What the server says on a connection.
extension AgentMachine {
    /// A response or a notice has arrived. Answers to requests of which nothing is known any more are ignored.
    public mutating func received(_ response: WireResponse, at now: ClockReading) -> [AgentAction] {
        guard response.id != 0 else { return noticed(response, at: now) }
        switch state {
        case .registering(let exchange) where exchange.id == response.id:
            return registrationAnswered(response, to: exchange, at: now)
        case .registered(let session):
            if session.repeated?.id == response.id { return repeatAnswered(response, in: session, at: now) }
            return heartbeatAnswered(response, in: session, at: now)
        case .leaving(response.id, _):
            state = .finished
            return [.tell(.saidGoodbye(confirmed: response.code == .ok)), .close, .finish]
        default:
            return []
        }
    }

    // MARK: registration

    private mutating func registrationAnswered(
        _ response: WireResponse, to exchange: Exchange, at now: ClockReading
    ) -> [AgentAction] {
        guard response.code == .ok, case .register(let answer) = response.result else {
            return [.tell(refusal(response)), .close] + waitForNextAttempt(at: now)
        }
        reports.settle(exchange.carried)
        var session = Session(
            since: now.monotonic,
            schedule: BeatSchedule(start: now.monotonic, milliseconds: interval(answer.heartbeatIntervalMs)))
        var actions = welcome(answer, interval: session.schedule.interval, at: now)
        // What changed while the registration was under way is not to wait for the first scheduled beat.
        if reports.hasUrgentNews { actions += beat(in: &session, at: now) }
        state = .registered(session)
        return actions
    }

    private mutating func repeatAnswered(
        _ response: WireResponse, in session: Session, at now: ClockReading
    ) -> [AgentAction] {
        var session = session
        let exchange = session.repeated
        session.repeated = nil
        guard response.code == .ok, case .register(let answer) = response.result else {
            // A registry that cannot be written goes on taking heartbeats, and asks again when it can.
            guard response.code.isPassing else {
                return [.tell(refusal(response)), .close] + waitForNextAttempt(at: now)
            }
            state = .registered(session)
            return [.tell(refusal(response))]
        }
        if let exchange { reports.settle(exchange.carried) }
        if let changed = session.schedule.changed(toMilliseconds: interval(answer.heartbeatIntervalMs)) {
            session.schedule = changed
        }
        state = .registered(session)
        return welcome(answer, interval: session.schedule.interval, at: now)
    }

    private mutating func welcome(_ answer: WireRegisterResponse, interval: Duration, at now: ClockReading)
        -> [AgentAction]
    {
        let registration = AgentRegistration(
            nodeID: Array(answer.nodeID), interval: interval, serverVersion: answer.serverVersion.oneLine,
            observedAddress: answer.observedAddress.oneLine)
        var actions: [AgentAction] = [.tell(.registered(registration))]
        if answer.hasServer, let doubt = servers.meet(answer.server) { actions.append(.tell(doubt)) }
        let skew = Duration.milliseconds(now.unixMilliseconds.subtractingReportingOverflow(answer.serverTimeUnixMs).0)
        if answer.serverTimeUnixMs != 0, abs(skew) >= Self.skewWorthTelling {
            actions.append(.tell(.clockDiffers(by: skew)))
        }
        return actions
    }

    /// The server's wish, unless this agent has one of its own.
    private func interval(_ wish: UInt32) -> UInt32 {
        timings.ownInterval.map { UInt32(clamping: Int64($0 / .milliseconds(1))) } ?? wish
    }

    private func refusal(_ response: WireResponse) -> AgentEvent {
        guard response.code != .ok else {
            return .registrationRefused(.internal, message: "the server answered without a registration")
        }
        return .registrationRefused(response.code, message: response.message.oneLine)
    }

    // MARK: heartbeats

    private mutating func heartbeatAnswered(
        _ response: WireResponse, in session: Session, at now: ClockReading
    ) -> [AgentAction] {
        var session = session
        guard let index = session.unanswered.firstIndex(where: { $0.id == response.id }) else { return [] }
        let exchange = session.unanswered.remove(at: index)
        guard response.code == .ok else { return heartbeatRefused(response, in: session, at: now) }
        reports.settle(exchange.carried)
        if now.monotonic - session.since >= timings.steadyAfter { forgetFailures() }
        var actions: [AgentAction] = [.tell(.heartbeatAnswered(after: now.monotonic - exchange.sent))]
        let answer = response.heartbeat
        if let changed = session.schedule.changed(toMilliseconds: interval(answer.heartbeatIntervalMs)) {
            actions.append(.tell(.intervalChanged(from: session.schedule.interval, to: changed.interval)))
            session.schedule = changed
        }
        if answer.reportInFull { actions += registerAgain(in: &session, at: now) }
        state = .registered(session)
        return actions
    }

    private mutating func heartbeatRefused(
        _ response: WireResponse, in session: Session, at now: ClockReading
    ) -> [AgentAction] {
        var session = session
        var actions: [AgentAction] = [
            .tell(.heartbeatRefused(response.code, message: response.message.oneLine))
        ]
        switch response.code {
        case .failedPrecondition, .notFound:
            actions += registerAgain(in: &session, at: now)
        case .permissionDenied, .unauthenticated:
            return actions + [.close] + waitForNextAttempt(at: now)
        default:
            // The server lives, and what this beat carried goes with the next.
            break
        }
        state = .registered(session)
        return actions
    }

    private mutating func registerAgain(in session: inout Session, at now: ClockReading) -> [AgentAction] {
        guard session.repeated == nil else { return [] }
        let (request, exchange) = registration(at: now)
        session.repeated = exchange
        return [.tell(.fullReportAsked), .send(request)]
    }

    // MARK: notices

    private mutating func noticed(_ response: WireResponse, at now: ClockReading) -> [AgentAction] {
        guard case .notice(let notice) = response.result else {
            return response.code == .ok ? [] : [.tell(.objection(response.code, message: response.message.oneLine))]
        }
        switch (notice.kind, state) {
        case (.comeBack(let wish), .registering), (.comeBack(let wish), .registered):
            let asked = min(Duration.milliseconds(wish.afterMs), Self.comeBackMax)
            let actions: [AgentAction] = [.tell(.toldToComeBack(after: asked, reason: wish.reason.oneLine)), .close]
            // "At once" would bring everybody back in one moment.
            return actions + (asked > .zero ? wait(asked, at: now) : waitForNextAttempt(at: now))
        case (.ask, .registered):
            return [.tell(.asked), .send(ping())]
        case (.reportInFull, .registered(var session)):
            let actions = registerAgain(in: &session, at: now)
            state = .registered(session)
            return actions
        default:
            // A kind of notice that a newer server knows, or one that comes too late.
            return []
        }
    }
}

extension WireResponse {
    /// How the request ended.
    var code: StatusCode { StatusCode(rawValue: status) }
}

extension StatusCode {
    /// Whether the same request may succeed later, without anybody's doing.
    var isPassing: Bool { self == .unavailable || self == .resourceExhausted }
}

private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
