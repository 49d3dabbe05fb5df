import Registry

/// What waits for the store's thread. Guarded by `CommitQueue`'s mutex; nothing in here blocks or writes.
struct CommitInbox {
    /// What a round takes along.
    struct Load {
        var units: [CommitWriter.Unit] = []
        var lastSeen: [(NodeID, Instant)] = []
        /// Changes that came when too many waited already.
        var overflow: [Change] = []
        /// Those who waited for them.
        var refusals: [CommitQueue.Completion] = []
        var mayTry = false
    }

    private var units: [CommitWriter.Unit] = []
    /// Units before this place were taken; the array is cut when they are half of it.
    private var taken = 0
    private var overflow: Backlog
    private var refusals: [CommitQueue.Completion] = []
    private var lastSeen = ShardedDictionary<NodeID, Instant>()
    /// Taken from `lastSeen` for the save under way.
    private var saving: [(NodeID, Instant)] = []

    /// A round is on its way.
    var isScheduled = false
    var isClosed = false
    /// The store failed when it was last tried: last-seen times stay here until it is back.
    var isStoreFailing = false
    /// Save the last-seen times now.
    var isSaveDue = false
    /// All of them in one transaction, because somebody waits for it.
    var isSaveWhole = false
    /// The timer of the next save runs.
    var isSaveTimed = false
    /// Try the store even if it failed.
    var isRetryDue = false
    /// The timer of the next try runs.
    var isRetryTimed = false
    /// A new change may be the occasion to try.
    var mayRetryOnEnqueue = true
    var counters = CommitCounters()

    private let settings: CommitSettings

    init(settings: CommitSettings) {
        self.settings = settings
        overflow = Backlog(historyMax: settings.keptHistoryMax)
    }

    /// There is work for a round.
    var hasWork: Bool {
        taken < units.count || !overflow.isEmpty || !refusals.isEmpty || isRetryDue
            || isSaveDue && !isStoreFailing
    }

    mutating func add(_ unit: CommitWriter.Unit) {
        // What came after an overflow must stay behind it.
        let isFull = counters.pending > 0 && counters.pending + unit.weight > settings.pendingMax
        if isFull || !overflow.isEmpty {
            overflow.keep(unit.changes)
            counters.overloads += 1
            if let completion = unit.completion { refusals.append(completion) }
        } else {
            counters.pending += unit.weight
            units.append(unit)
        }
    }

    /// Keeps the latest time of each node. True if a save has to be timed.
    mutating func note(_ times: some Sequence<(NodeID, Instant)>) -> Bool {
        for (node, instant) in times {
            guard let known = lastSeen[node] else {
                if lastSeen.count < settings.lastSeenMax { lastSeen[node] = instant }
                continue
            }
            if known < instant { lastSeen[node] = instant }
        }
        guard !lastSeen.isEmpty, !isSaveTimed, !isSaveDue else { return false }
        isSaveTimed = true
        return true
    }

    /// Takes what one round may write.
    mutating func take() -> Load {
        var load = Load()
        load.refusals = refusals
        refusals = []
        var count = 0
        while taken < units.count, count == 0 || count + units[taken].weight <= settings.changesPerCommitMax {
            count += units[taken].weight
            load.units.append(units[taken])
            taken += 1
        }
        counters.pending -= count
        if taken == units.count {
            units.removeAll(keepingCapacity: taken <= settings.changesPerCommitMax)
            taken = 0
            load.overflow = overflow.takeAll()
        } else if taken > units.count / 2 {
            units.removeFirst(taken)
            taken = 0
        }
        load.mayTry = isRetryDue || mayRetryOnEnqueue && !load.units.isEmpty
        isRetryDue = false
        if isSaveDue, !isStoreFailing || load.mayTry { takeLastSeen(into: &load) }
        return load
    }

    /// Puts back what could not be saved, unless something newer is known. True if a save has to be timed.
    mutating func putBack(_ times: [(NodeID, Instant)]) -> Bool {
        let kept = times + saving
        saving = []
        isSaveDue = false
        return note(kept)
    }

    private mutating func takeLastSeen(into load: inout Load) {
        // No more than it writes: whoever notes times waits for the lock meanwhile.
        while !lastSeen.isEmpty, isSaveWhole || saving.count < settings.lastSeenPerCommitMax {
            saving += lastSeen.removeSome().map { ($0.key, $0.value) }
        }
        let count = isSaveWhole ? saving.count : min(saving.count, settings.lastSeenPerCommitMax)
        isSaveWhole = false
        load.lastSeen = Array(saving.suffix(count))
        saving.removeLast(count)
        isSaveDue = !saving.isEmpty || !lastSeen.isEmpty
    }
}
