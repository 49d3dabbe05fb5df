extension Registry {
    /// Time passed: judges suspects that are due, at most `RegistryLimits.verdictsPerTickMax`; if more are due,
    /// `nextDeadline` is not after `now`.
    public mutating func tick(at now: Instant) -> Effects {
        var effects = Effects.none
        endHomecoming(at: now, into: &effects)
        endSelfSuspicion(at: now, into: &effects)
        clearRestoredServerFinding(at: now, into: &effects)
        for _ in 0..<RegistryLimits.factorsPerTickMax {
            guard let site = siteDeadlines.popDue(at: now) else { break }
            review(site, at: now)
        }
        // All first: one that is worth another look at once has it in the next tick.
        var rows: [Int32] = []
        while rows.count < RegistryLimits.factorsPerTickMax, let row = factorDeadlines.popDue(at: now) {
            rows.append(row)
        }
        for row in rows { effects.append(contentsOf: review(factor: row, at: now)) }
        reviewBlockedPaths(at: now, into: &effects)
        forgetPeers(at: now, into: &effects)
        releaseRestored(at: now, into: &effects)
        reviewSeldom(at: now, into: &effects)
        ask(at: now, into: &effects)
        var looks = RegistryLimits.newsPerTickMax
        for _ in 0..<RegistryLimits.verdictsPerTickMax {
            guard let index = deadlines.popDue(at: now, looks: &looks) else { break }
            effects.append(contentsOf: judge(index, at: now))
        }
        return effects
    }

    /// When `tick` is next worth calling; may be early, never late. Nil: only after another event.
    public var nextDeadline: Instant? {
        if hasRestoredServerFinding { return startedAt }
        return [
            deadlines.nextDeadline, siteDeadlines.nextDeadline, factorDeadlines.nextDeadline, nextAttemptReview,
            restoredCommonReview, nextSeldomReview, blockedPaths.nextReview, homecoming?.until, suspicion?.until,
            nextAsk,
        ].compactMap { $0 }.min()
    }

    /// The fleet had its time to come back: those who are not back are judged from now on.
    private mutating func endHomecoming(at now: Instant, into effects: inout Effects) {
        guard let home = homecoming, home.until <= now else { return }
        homecoming = nil
        // From now on they are judged as everybody is.
        for index in home.cutOff where table.contains(index) { table[index].isAwaited = false }
        let missing = home.expected - home.returned
        effects.append(
            .log("homecoming over: \(home.returned) of \(home.expected) nodes are back, \(missing) are missing"))
    }

    /// The registry could be read at the start; whether it can be written, the next write tells anew.
    private mutating func clearRestoredServerFinding(at now: Instant, into effects: inout Effects) {
        guard hasRestoredServerFinding else { return }
        hasRestoredServerFinding = false
        guard store.failure == nil else { return }
        var draft = Draft()
        clearServerFindings(.clearedRestart, at: now, into: &draft)
        effects.append(contentsOf: draft.effects)
    }

    private mutating func judge(_ index: Int32, at now: Instant) -> Effects {
        guard table.contains(index) else { return .none }
        var draft = Draft()
        switch table[index].reachability {
        case .reachable where table[index].isAwaited:
            if let until = homecoming?.until, now < until {
                // It was put off meanwhile.
                deadlines.hang(index, noLaterThan: until)
                break
            }
            // All who are missing become suspect before the first is judged: what a node's neighbours do is evidence.
            setReachability(.suspect, of: index, at: now)
            note(index, "suspect", "not back after the server's restart", at: now, waits: true, into: &draft)
            deadlines.hang(index, noLaterThan: max(now + .milliseconds(1), verdictDeadline(of: index)))
        case .suspect:
            let deadline = verdictDeadline(of: index)
            if deadline > heardUntil(index, at: now) {
                deadlines.hang(index, noLaterThan: deadline > now ? deadline : now + Attention.pause)
            } else {
                becomeUnreachable(index, at: now, into: &draft)
            }
        case .unreachable:
            judgeAbsence(of: index, at: now, into: &draft)
        case .reachable where hasProgramYetToBeHeard(index, at: now):
            deadlines.hang(index, noLaterThan: now + Attention.pause)
        case .reachable:
            judgeServices(of: index, at: now, into: &draft)
            reviewClock(of: index, at: now, into: &draft)
        case .expected: judgeFailover(of: index, at: now, into: &draft)
        case .left: judgeReturn(of: index, at: now, into: &draft)
        }
        return finish(draft, about: index)
    }

    private mutating func becomeUnreachable(_ index: Int32, at now: Instant, into draft: inout Draft) {
        setReachability(.unreachable, of: index, at: now)
        draft.isRowChanged = true
        let silence = (now - table[index].lastSeen).inWords
        note(index, "unreachable", "nothing heard for \(silence)", at: now, into: &draft)
        draft.effects.append(.log("\(table[index].hostname) is unreachable: nothing heard for \(silence)"))
        // What its services do is not known any more; the node's own silence is the error now.
        clearFindings(
            of: index, topic: .service, .clearedNotKnown, at: now, into: &draft)
        clearFindings(of: index, topic: .component, .clearedNotKnown, at: now, into: &draft)
        clearFindings(of: index, topic: .dataPath, .clearedNotKnown, at: now, into: &draft)
        if table[index].failoverDeclaredAt != nil, becomeExpected(index, at: now, into: &draft) { return }
        judgeAbsence(of: index, at: now, into: &draft)
        table[index].isAwaited = false
    }

    /// A site was lost or found again: has its lost nodes looked at once more, each in its turn. Of a large one some now, the
    /// others in the next ticks.
    private mutating func review(_ site: Int32, at now: Instant) {
        guard sites[site].hasStaleVerdicts else { return }
        sites[site].reviewedAt = now
        let neighbours = sites[site].neighbours
        if let lost = sites[site].unreachable.listed {
            for index in lost where table[index].judgedUnder != neighbours { deadlines.hang(index, noLaterThan: now) }
            return
        }
        var index = sites[site].reviewedUntil
        let end = min(index + Int32(RegistryLimits.looksPerSliceMax), table.endIndex)
        var hung = 0
        while index < end, hung < RegistryLimits.reviewedPerTickMax {
            let column = table.column(index)
            if column.site == site, column.kind.isUnreachable, table[index].judgedUnder != neighbours {
                deadlines.hang(index, noLaterThan: now)
                hung += 1
            }
            index += 1
        }
        sites[site].reviewedUntil = index < table.endIndex ? index : 0
        if index < table.endIndex { siteDeadlines.hang(site, noLaterThan: now + .milliseconds(1)) }
    }
}
