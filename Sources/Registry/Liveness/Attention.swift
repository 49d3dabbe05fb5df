/// How well the server listens: how far each of its loops is, and how much of their time they lose to load. Lateness below a stall
/// moves no deadline by itself: who is judged is judged as of the moment up to which everybody was heard. What lasts is told.
struct Attention: Equatable, Sendable {
    /// What the loop that lost most has lost within a while.
    struct Loss: Equatable, Sendable {
        var loop: ServerLoop
        var lost: Duration
        var from: Instant
        var to: Instant

        /// Of the time between, in hundredths.
        var percent: Int { Int(100 * lost.inNanoseconds / max(1, (to - from).inNanoseconds)) }
    }

    /// What the loops said last.
    var pulses: [LoopPulse] = []
    /// Begin of the present while, and what each loop had lost by then.
    private var began: Instant?
    private var lostBefore: [Duration] = []
    /// The newest whiles, oldest first.
    private(set) var recent: [Loss] = []

    /// How long to wait before somebody is looked at again whom the loops may have yet to hear.
    static let pause = Duration.milliseconds(10)
    /// So many whiles are remembered, and decide together.
    static let whilesMax = 5
    /// A server that loses a fifth of its time is overloaded; one that loses less than a tenth is not. Timers see half of what is
    /// lost in stops that are not much longer than their period.
    static let overloadedPercent = 20
    static let recoveredPercent = 10

    /// Takes in what the loops say.
    /// - Returns: whether a while of this length is over.
    mutating func note(_ pulses: [LoopPulse], at now: Instant, each length: Duration) -> Bool {
        self.pulses = pulses
        guard let began, lostBefore.count == pulses.count else {
            (began, lostBefore) = (now, pulses.map(\.lost))
            return false
        }
        guard now - began >= length else { return false }
        // A stall that began before is told when it ends: no more was lost of this while than it had.
        let losses = zip(pulses, lostBefore).map { pulse, before in
            Loss(loop: pulse.loop, lost: min(pulse.lost - before, now - began), from: began, to: now)
        }
        if let worst = losses.max(by: { $0.lost < $1.lost }) { recent.append(worst) }
        if recent.count > Self.whilesMax { recent.removeFirst() }
        (self.began, lostBefore) = (now, pulses.map(\.lost))
        return true
    }

    /// Whether every one of the last whiles was lost in large part, or none of them: nil in between.
    var isOverloaded: Bool? {
        guard recent.count == Self.whilesMax else { return nil }
        if recent.allSatisfy({ $0.percent >= Self.overloadedPercent }) { return true }
        return recent.allSatisfy { $0.percent < Self.recoveredPercent } ? false : nil
    }

    /// What the whiles since then lost together, under the name of the loop that lost most; nil: nothing worth a word.
    func loss(since: Instant) -> Loss? {
        let whiles = recent.filter { $0.to > since }
        guard let first = whiles.first, let last = whiles.last, let worst = whiles.max(by: { $0.lost < $1.lost }) else {
            return nil
        }
        let sum = Loss(
            loop: worst.loop, lost: whiles.reduce(.zero) { $0 + $1.lost }, from: first.from, to: last.to)
        return sum.percent >= Self.recoveredPercent ? sum : nil
    }
}

// An overloaded server holds its own delay against nobody, and says that it is overloaded.
extension Registry {
    /// The server's loops say how far they are; all news that they sent before has been taken in. A server whose loops lose a fifth
    /// of their time for longer than a node may be silent is told as an error about it.
    public mutating func note(_ pulses: [LoopPulse], at now: Instant) -> Effects {
        guard attention.note(pulses, at: now, each: max(settings.unreachableAfter, .seconds(5)) / Attention.whilesMax)
        else { return .none }
        var draft = Draft()
        let known = journal.finding(about: .server, topic: .serverLoad)
        switch (attention.isOverloaded, known) {
        case (true, nil): judgeLoad(at: now, into: &draft)
        case (false, let known?): clear(known, .clearedLoad, ["at": .time(now)], at: now, into: &draft)
        default: break
        }
        return draft.effects
    }

    private mutating func judgeLoad(at now: Instant, into draft: inout Draft) {
        guard let loss = attention.loss(since: .distantPast),
            let row = DecisionTable.row(for: Circumstances(topic: .serverLoad))
        else { return }
        let words = CaseWords([
            "server": .text(settings.serverName), "lost": .duration(loss.lost), "span": .duration(loss.to - loss.from),
        ])
        raise(
            row, about: .server, of: nil, words, [evidence(of: loss, .lagged)], hasUnit: false, at: now, into: &draft)
    }

    /// A loss as a fact.
    func evidence(of loss: Attention.Loss, _ sentence: Sentence) -> Evidence {
        Evidence(
            at: loss.to, source: "server", sentence,
            [
                "which": loss.loop.word, "lost": .duration(loss.lost), "span": .duration(loss.to - loss.from),
                "percent": .count(loss.percent), "at": .time(loss.to),
            ])
    }

    /// Up to when the server would have heard of a node: what came over its connections later, or knocked later, may still
    /// wait to be read. A crowd at the doors that does not end holds nobody's verdict up for longer than a homecoming.
    func heardUntil(_ index: Int32, at now: Instant) -> Instant {
        var (until, isAway) = (now, true)
        for component in table[index].components where component.isExpected {
            isAway = component.session == nil
            guard let session = component.session else { break }
            for pulse in attention.pulses where pulse.loop == .sessions(Int(session.loop)) {
                until = min(until, pulse.heardUntil)
            }
        }
        guard isAway else { return until }
        return max(attention.pulses.reduce(until) { min($0, $1.admittedUntil) }, now - settings.homecomingGrace)
    }
}
