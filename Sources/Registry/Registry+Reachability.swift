// Changes of state that several events share: counts are kept here and nowhere else.
extension Registry {
    /// Moves the node, keeping the counts.
    mutating func setReachability(_ reachability: Reachability, of index: Int32, at now: Instant) {
        let old = table[index].reachability
        guard old != reachability else { return }
        count(index, -1)
        table[index].reachability = reachability
        table[index].reachabilitySince = now
        table[index].health = judgedHealth(of: index)
        count(index, +1)
        let site = table[index].site
        if old == .unreachable {
            sites[site].unreachable.remove(index)
            setJudged(index, under: nil)
        }
        if reachability == .unreachable { sites[site].unreachable.insert(index) }
        if reachability == .suspect { askSoon(index, at: now) } else { asking.heldUp[index] = nil }
        countFactors(of: index)
        noteBlockedPaths(of: index, at: now)
        reviewLater(site, at: now)
    }

    /// Looks at the node's health again after its findings or its clocks changed.
    mutating func refreshHealth(of index: Int32) {
        let health = judgedHealth(of: index)
        guard table[index].health != health else { return }
        count(index, -1)
        table[index].health = health
        count(index, +1)
    }

    /// The worst active finding; unknown where nothing fresh is known.
    func judgedHealth(of index: Int32) -> Health {
        switch table[index].reachability {
        case .left where table[index].findings.isEmpty, .expected where table[index].findings.isEmpty: return .unknown
        case .left, .expected: break
        case .reachable, .suspect, .unreachable: break
        }
        if table[index].foldedUnder != nil || blockedPaths.isToldWithOthers(index) { return .critical }
        let findings = table[index].findings
        switch findings.isEmpty ? nil : journal.worst(of: findings) {
        case .critical: return .critical
        case .warning: return .warning
        case .information, nil:
            return table[index].reachability == .reachable && table[index].isFresh ? .healthy : .unknown
        }
    }

    /// Adds a node to all counts, or takes it out of them.
    mutating func count(_ index: Int32, _ amount: Int) {
        let (role, reachability, health) = (table[index].role, table[index].reachability, table[index].health)
        fleet.add(reachability, health, amount)
        roles[Int(role.rawValue)].add(reachability, health, amount)
        sites[table[index].site].tally.add(reachability, health, amount)
        sites[table[index].site].counts.add(NodeKind(role, reachability, health), amount)
        if amount > 0 { table.recount(index) }
    }

    /// The site may have been lost, or found again: have its lost nodes looked at together, but no more than once in a
    /// heartbeat interval, however often one member flips.
    mutating func reviewLater(_ site: Int32, at now: Instant) {
        guard sites[site].hasStaleVerdicts else { return }
        let next = sites[site].reviewedAt + settings.heartbeatInterval
        siteDeadlines.hang(site, noLaterThan: max(next, now))
    }

    /// Notes what a verdict rests on.
    mutating func setJudged(_ index: Int32, under neighbours: Neighbours?) {
        let site = table[index].site
        sites[site].countVerdict(under: table[index].judgedUnder, -1)
        sites[site].countVerdict(under: neighbours, +1)
        table[index].judgedUnder = neighbours
    }

    /// Once no component of a node is fresh, it is suspect; it is judged when nothing was heard of it for long enough.
    mutating func suspectUnlessFresh(
        _ index: Int32, because text: String, at now: Instant, into draft: inout Draft
    ) {
        guard !table[index].isFresh else { return }
        if table[index].reachability == .reachable {
            setReachability(.suspect, of: index, at: now)
            note(index, "suspect", text, at: now, waits: true, into: &draft)
            draft.effects.append(.suspected(table[index].id))
        }
        guard table[index].reachability == .suspect else { return }
        deadlines.hang(index, noLaterThan: verdictDeadline(of: index))
    }

    /// When a suspect is judged, if nothing is heard of it before.
    func verdictDeadline(of index: Int32) -> Instant {
        let silence = settings.silenceBeforeVerdict(
            isAnswered: table[index].hasAnswered, heldUp: asking.heldUp[index] ?? .zero)
        let deadline = max(table[index].lastSeen + silence, suspicion?.until ?? .distantPast)
        return homecoming.map { max($0.until, deadline) } ?? deadline
    }

    /// A component of the node was heard: it is reachable, and what its absence raised is cleared.
    mutating func returned(_ index: Int32, how: String, at now: Instant, into draft: inout Draft) {
        noteReturn(of: index, at: now, into: &draft)
        table[index].loss = nil
        table[index].goodbye = nil
        if table[index].isAwaited {
            table[index].isAwaited = false
            homecoming?.returned += 1
        }
        table[index].probe = nil
        let (old, since) = (table[index].reachability, table[index].reachabilitySince)
        setReachability(.reachable, of: index, at: now)
        noteWitness(index)
        switch old {
        case .reachable: break
        case .suspect:
            let text = "heard again after \((now - since).inWords) as a suspect: \(how)"
            note(index, "reachable", text, at: now, waits: true, into: &draft)
            draft.effects.append(.returned(table[index].id, suspectSince: since))
        case .unreachable, .left, .expected:
            draft.isRowChanged = true
            let text = "\(how), after \((now - since).inWords) \(old.inWords)"
            note(index, "reachable", text, at: now, into: &draft)
        }
        unfold(index, at: now, into: &draft)
        clearFindings(
            of: index, topic: .reachability, .clearedHow, ["how": .text(how), "at": .time(now)], at: now, into: &draft)
        clearFindings(
            of: index, topic: .failover, .clearedHow, ["how": .text(how), "at": .time(now)], at: now, into: &draft)
        refreshHealth(of: index)
        endHomecomingIfComplete(into: &draft)
    }

    /// Ends a homecoming before its time when everybody is back.
    mutating func endHomecomingIfComplete(into draft: inout Draft) {
        guard let home = homecoming, home.returned >= home.expected else { return }
        homecoming = nil
        judgeSuspectsAsEver()
        draft.effects.append(.log("homecoming over: all \(home.expected) nodes are back"))
    }
}

extension Reachability {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .expected: "expected"
        case .reachable: "reachable"
        case .suspect: "suspect"
        case .unreachable: "unreachable"
        case .left: "gone with a goodbye"
        }
    }
}
