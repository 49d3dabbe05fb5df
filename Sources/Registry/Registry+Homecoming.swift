// A fleet that comes back, after a restart of the server or after a cut that took many at once: nobody is judged for what is
// the doors' doing.
extension Registry {
    /// Nodes whose connection was lost within so long count among those of one cut.
    static let cutWindow = Duration.seconds(5)

    /// Sessions of nodes that are open: who speaks for whom is known.
    public var connectedCount: Int { sessions.count }

    /// The doors have said when the last of those who are awaited can be in. Nobody is judged before the usual time after that.
    public mutating func announceReturn(lastDue: Instant, perSecond: Int) {
        guard var home = homecoming else { return }
        home.lastDue = lastDue
        home.perSecond = perSecond
        home.until = max(home.until, lastDue + settings.homecomingGrace)
        homecoming = home
    }

    /// Many lost their connections at once: those are awaited, and not judged before the doors can have let them in.
    /// - Returns: false if a homecoming is under way already, or nobody was lost.
    public mutating func beginHomecoming(lastDue: Instant, perSecond: Int, at now: Instant) -> Bool {
        guard homecoming == nil else { return false }
        homecoming = Homecoming(
            until: lastDue + settings.homecomingGrace, began: now, lastDue: lastDue, perSecond: perSecond, isOfCut: true
        )
        while let loss = recentLosses.popFirst() {
            if loss.at + Self.cutWindow >= now { expectReturn(of: loss.index) }
        }
        guard homecoming?.expected == 0 else { return true }
        homecoming = nil
        return false
    }

    /// A node's last connection was lost: it may be one of many.
    mutating func noteLoss(of index: Int32, at now: Instant) {
        if homecoming?.isOfCut == true { return expectReturn(of: index) }
        while let first = recentLosses.first, first.at + Self.cutWindow < now { recentLosses.removeFirst() }
        recentLosses.append((index, now))
    }

    /// A homecoming is over before its time: verdicts on other suspects were put off until then.
    mutating func judgeSuspectsAsEver() {
        guard fleet[.suspect] > 0 else { return }
        for index in table.indexes(of: NodeKinds(reachability: .suspect)) {
            deadlines.hang(index, noLaterThan: verdictDeadline(of: index))
        }
    }

    private mutating func expectReturn(of index: Int32) {
        guard table.contains(index), table[index].reachability == .suspect, !table[index].isAwaited else { return }
        table[index].isAwaited = true
        homecoming?.expected += 1
        homecoming?.cutOff.append(index)
    }
}
