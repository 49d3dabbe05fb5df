internal import EventLoop
internal import Registry
internal import RollcallProtocol

/// The question that a silent session is asked over its open connection.
extension Session {
    /// Sends it. An agent that knows it answers with a ping, which is a sign of life; the kernel of any machine confirms that it
    /// came, or does not.
    func putQuestion() {
        guard machine.phase == .admitted else { return }
        var notice = WireNotice()
        notice.ask = .init()
        var response = WireResponse()
        response.notice = notice
        send(response)
        home.awaitAnswer(of: self)
    }

    /// The agent's time to answer is over: if it has not, what the kernel knows of the connection is told instead.
    func answerIsDue(askedAt: Instant) {
        guard machine.phase == .admitted, let slot, let heard = home.liveness.value.lastHeard(slot), heard <= askedAt,
            let figures = transport?.figures
        else { return }
        let unconfirmed = figures.unconfirmedSegments
        // Before the kernel has sent anything again, the path may just be longer than our patience.
        let isAnswered: Bool? = unconfirmed == 0 ? true : figures.timeoutsInARow > 0 ? false : nil
        home.tell(
            .unanswered(
                Answer(
                    .connection(unconfirmed: unconfirmed, sentAgain: figures.timeoutsInARow), isAnswered: isAnswered,
                    after: home.now - askedAt)),
            of: id)
    }
}

/// Questions that wait for their answers: all for as long, so the oldest is due first. Confined to its loop.
struct OpenQuestions {
    private var waiting: [(due: Instant, session: UInt64, askedAt: Instant)] = []
    private var first = 0

    mutating func append(_ session: UInt64, askedAt: Instant, due: Instant) {
        waiting.append((due, session, askedAt))
    }

    /// Takes out the next one that is due.
    mutating func popDue(at now: Instant) -> (session: UInt64, askedAt: Instant)? {
        guard first < waiting.count, waiting[first].due <= now else { return nil }
        defer {
            first += 1
            if first == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                first = 0
            }
        }
        return (waiting[first].session, waiting[first].askedAt)
    }
}
