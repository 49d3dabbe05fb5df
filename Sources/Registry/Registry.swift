import DequeModule

/// The fleet's picture: every node, who answers, what is wrong and why. A value-type state machine: events go in with
/// the time they happened at, effects come out. It reads no clock, rolls no dice, opens no file; a year of fleet life
/// runs in seconds, and a bug has a seed that replays it.
///
/// One loop owns it. What its sessions' clocks say comes from each loop's `Liveness`, as news.
///
/// Reading order: `RegistryLimits`, `Effect`, `Outcome`, `Node`, `Registry+Registration`, `Registry+LivenessNews`,
/// `Registry+ConnectionLoss`, `Registry+Tick`, `DecisionTable`, `ErrorJournal`, `Registry+Diagnosis`, `Registry+Store`,
/// `Registry+Views`, `Registry+Invariants`.
///
/// Cost: each event O(components + services of its node) and a few hash look-ups; a summary O(roles + sites + active
/// findings); a page of nodes what it shows, or one byte a node, in slices (`advance`).
public struct Registry: Sendable {
    /// What an operator set.
    public let settings: RegistrySettings
    /// When this registry came up.
    public internal(set) var startedAt: Instant

    var table = NodeTable()
    var sites = SiteTable()
    /// Which node a session speaks for. Which components, the node's clocks tell.
    var sessions = ShardedDictionary<SessionID, Int32>()
    var fleet = Tally()
    /// By raw value of the role.
    var roles = [Tally](repeating: Tally(), count: 4)

    /// Nodes to look at, by index: suspects to judge, lost ones whose neighbours changed.
    var deadlines = DeadlineIndex()
    /// Sites whose lost nodes to look at again, by row.
    var siteDeadlines = DeadlineIndex()
    var homecoming: Homecoming?
    /// Nodes whose last connection was lost a moment ago, by index: perhaps the first of many.
    var recentLosses = Deque<(index: Int32, at: Instant)>()
    /// Who of the silent ones is to be asked, and how fast.
    var asking: Asking
    /// The server itself was at fault lately.
    var suspicion: SelfSuspicion?
    /// What the server last found wrong with itself.
    var lastSelfFault: SelfFault?
    /// How far its loops are with listening, and how late.
    var attention = Attention()
    /// What was learned of the paths of nodes that are not connected.
    var pathsAtRest = ShardedDictionary<Int32, PathMemory>()
    /// What nodes have in common, and who fell silent together.
    var factors = FactorTable()
    /// Who reports no way to its process server.
    var blockedPaths = BlockedPaths()
    /// Rows of factors whose error is to be told anew.
    var factorDeadlines = DeadlineIndex()
    /// When errors about many that were there before the restart are let go of, if nobody is told under them any more.
    var restoredCommonReview: Instant?
    /// Who was lost and came back lately.
    var flaps = FlapJournal()
    /// Identities for which more than one machine registered lately.
    var twins: [NodeID: TwinMemory] = [:]
    /// Keys of which more is known than that they stand for the node of their own id.
    var keys: [NodeID: KeyRecord] = [:]
    /// What machines say of the server's clock.
    var clockVotes = ClockVotes()
    /// Until when the server's own certificate is valid, where that was told.
    var serverCertificateUntil: Instant?
    /// Which run of which registry this is, and what agents said of others.
    var serverIdentity = ServerIdentity()
    /// When these, and what is told for a day, are next looked through.
    var nextSeldomReview: Instant?
    /// When failing peers are next looked through.
    var nextAttemptReview: Instant?

    var journal: ErrorJournal
    var store = StoreHealth()
    var attempts = AttemptJournal()
    /// The registry could not be written before the restart; cleared by the first tick.
    var hasRestoredServerFinding = false
    /// Nodes heard of since their last-seen time was last handed to the store.
    var unsavedLastSeen = Deque<Int32>()
    /// History that goes with the next batch: flips between reachable and suspect are not worth a commit each.
    var waitingHistory = Deque<HistoryEntry>()

    /// The time after a start, or after a cut, in which nobody is judged, because the fleet needs it to come back.
    struct Homecoming: Equatable, Sendable {
        var expected = 0
        var returned = 0
        var until: Instant
        var began: Instant
        /// When the doors said that the last one can be in, and how many they let in each second.
        var lastDue: Instant?
        var perSecond = 0
        /// After a cut that took many connections, not after a restart; and those who are awaited then.
        var isOfCut = false
        var cutOff: [Int32] = []
    }

    /// How many nodes it knows.
    public var nodeCount: Int { table.count }
}

// MARK: - Parts of every event

/// What an event has changed so far. The node's row goes first into the store, whatever changed it.
struct Draft {
    var effects = Effects.none
    /// The node's row has to be written.
    var isRowChanged = false
    /// What it said of itself changed, not only what we think of it.
    var areFactsChanged = false
}

extension Registry {
    /// Writes a change durably, or keeps it until the store is back.
    mutating func write(_ change: Change, into draft: inout Draft) {
        guard store.failure != nil else {
            draft.effects.append(.persist(change))
            return
        }
        switch change {
        case .history(let entry): wait(entry)
        case .finding(let finding): store.keep(finding)
        case .node, .removeNode, .key, .removeKey: break
        }
    }

    /// Notes something that happened to a node, durably now, or with the next batch.
    mutating func note(
        _ index: Int32, _ event: String, _ text: String, at now: Instant, waits: Bool = false, into draft: inout Draft
    ) {
        let entry = HistoryEntry(node: table[index].id, at: now, event: event, text: text)
        if waits { wait(entry) } else { write(.history(entry), into: &draft) }
    }

    mutating func wait(_ entry: HistoryEntry) {
        if waitingHistory.count >= RegistryLimits.waitingHistoryMax { waitingHistory.removeFirst() }
        waitingHistory.append(entry)
    }

    /// Ends an event about one node: its row first, then the rest.
    mutating func finish(_ draft: Draft, about index: Int32) -> Effects {
        defer { table.settle(index) }
        guard draft.isRowChanged else { return draft.effects }
        guard store.failure == nil else {
            table[index].durability.isRowStale = true
            if draft.areFactsChanged { table[index].durability.hasUnwrittenFacts = true }
            store.staleRows.append(table[index].id)
            return draft.effects
        }
        var effects = Effects.one(persistRow(of: index))
        effects.append(contentsOf: draft.effects)
        return effects
    }

    mutating func persistRow(of index: Int32) -> Effect {
        table[index].durability.commitsPending += 1
        table[index].durability.hasUnwrittenFacts = false
        table[index].durability.isRowStale = false
        return .persist(.node(table[index].record))
    }

    /// A component of the node was heard. Its last-seen time goes to the store with the next batch.
    mutating func touch(_ index: Int32, heard: Instant) {
        guard heard > table[index].lastSeen else { return }
        table[index].lastSeen = heard
        if !table[index].isLastSeenUnsaved {
            table[index].isLastSeenUnsaved = true
            unsavedLastSeen.append(index)
        }
    }
}
