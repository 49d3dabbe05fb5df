// Somebody set the server's wall clock, or the time it was started with was wrong. Times go on from the new one, and nobody
// is later, or fresher, for it.
extension Registry {
    /// The server's clock was set by so much, back if negative. `now` is the time by the clock as it is from now on; every time
    /// that was noted since the start is moved along, so that silences stay as long as they are. What the store has is left:
    /// it was written by clocks that may have been right. Told as an error about the server for as long as after a stall.
    /// O(nodes); a clock is not set often.
    public mutating func clockStepped(by step: Duration, at now: Instant) -> Effects {
        let clock = ClockStep(step: step, since: startedAt, now: now)
        for index in table.allIndexes where table[index].lastSeen >= min(startedAt, now) {
            table[index].move(by: clock)
            table.settle(index)
        }
        startedAt = startedAt + step
        deadlines.move(by: step)
        siteDeadlines.move(by: step)
        factorDeadlines.move(by: step)
        asking = Asking(settings)
        for index in table.allIndexes where table[index].reachability == .suspect { askSoon(index, at: now) }
        moveFactors(by: step)
        if let home = homecoming {
            homecoming?.until = home.until + step
            homecoming?.began = home.began + step
            homecoming?.lastDue = home.lastDue.map { $0 + step }
        }
        restoredCommonReview = restoredCommonReview.map { $0 + step }
        nextAttemptReview = nextAttemptReview.map { min($0, now + AttemptJournal.patienceMin) }
        nextSeldomReview = nextSeldomReview.map { $0 + step }
        recentLosses = []
        attention = Attention()
        flaps.move(by: step)
        for id in twins.keys { twins[id]?.move(by: step) }
        serverIdentity.contestedAt = serverIdentity.contestedAt.map { $0 + step }
        attempts.move(by: step)
        let until = now + settings.homecomingGrace
        suspicion = SelfSuspicion(
            until: max(until, suspicion.map { $0.until + step } ?? until), lost: suspicion?.lost ?? .zero)
        lastSelfFault = SelfFault(at: now, kind: .clock, lost: step)
        var draft = Draft()
        draft.effects.append(.log("the server's clock was set \(step.inDirection): all times since the start follow"))
        for finding in journal.active.values.sorted(by: { $0.id < $1.id }) {
            var told = finding
            told.raisedAt = clock.moved(finding.raisedAt)
            let updatedAt = max(told.raisedAt, clock.moved(finding.updatedAt))
            guard told.raisedAt != finding.raisedAt || updatedAt != finding.updatedAt else { continue }
            store(told, at: updatedAt, into: &draft)
        }
        judgeClockStep(step, at: now, into: &draft)
        clockVotes.move(by: step)
        judgeOwnClock(at: now, into: &draft)
        return draft.effects
    }

    private mutating func judgeClockStep(_ step: Duration, at now: Instant, into draft: inout Draft) {
        guard let row = DecisionTable.row(for: Circumstances(topic: .serverClock)) else { return }
        let words = CaseWords([
            "server": .text(settings.serverName), "step": .duration(step.magnitude),
            "direction": .term(step < .zero ? "step.back" : "step.forward"), "at": .time(now),
        ])
        let fact = Evidence(
            at: now, source: "clock", .clockStepped,
            [
                "step": .duration(step.magnitude), "direction": .term(step < .zero ? "step.back" : "step.forward"),
                "at": .time(now), "before": .time(now - step),
            ])
        if let known = journal.finding(about: .server, topic: .serverClock) {
            update(known, with: row, words, [fact], on: .unknown, at: now, into: &draft)
        } else {
            raise(row, about: .server, of: nil, words, [fact], hasUnit: false, at: now, into: &draft)
        }
    }
}

extension Duration {
    var magnitude: Duration { self < .zero ? .zero - self : self }

    fileprivate var inDirection: String { (self < .zero ? "back by " : "forward by ") + magnitude.inWords }
}

/// How times that were noted by the clock as it was are told by the clock as it is.
struct ClockStep {
    let step: Duration
    /// When the server was started, by the old clock. Times from before are the store's: they stay, unless they would be to
    /// come.
    let since: Instant
    /// By the new clock.
    let now: Instant

    func moved(_ instant: Instant) -> Instant { instant >= since ? instant + step : min(instant, now) }
}

extension Node {
    /// Moves its times. Those of services are kept as they were told.
    mutating func move(by clock: ClockStep) {
        let moved = clock.moved
        lastSeen = moved(lastSeen)
        reachabilitySince = moved(reachabilitySince)
        registeredAt = moved(registeredAt)
        for position in components.indices {
            // One that was last heard before the start was so before the others, whatever the clock says now.
            components[position].lastHeard = components[position].lastHeard.map { min(moved($0), lastSeen) }
            components[position].connectedAt = components[position].connectedAt.map(moved)
        }
        if let loadAt { self.loadAt = moved(loadAt) }
        if let loss { self.loss = Loss(how: loss.how, at: moved(loss.at)) }
        if let failoverDeclaredAt { self.failoverDeclaredAt = moved(failoverDeclaredAt) }
        if probe != nil { probe = nil }
    }
}
