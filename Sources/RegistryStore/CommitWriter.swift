import Registry

/// What `CommitQueue` does on its thread: takes a round of waiting work to the store, and deals with its failures.
/// No threads, no timers in here.
struct CommitWriter {
    /// The changes of one enqueue, and who waits for them.
    struct Unit: Sendable {
        var changes: [Change]
        var completion: CommitQueue.Completion?
        /// What it counts towards limits: a barrier without changes is something that waits, too.
        var weight: Int { max(1, changes.count) }
    }

    /// What a round came to.
    struct Round {
        /// Whom to tell what, in order.
        var answers: [(completion: CommitQueue.Completion, result: Result<Void, StoreError>)] = []
        /// Last-seen times that could not be saved.
        var unsaved: [(NodeID, Instant)] = []
        /// Set if the store was tried and failed.
        var failure: StoreError?
    }

    private let store: any RegistryStore
    private let changesPerCommitMax: Int
    private var backlog: Backlog
    /// Why the store cannot be written; nil while it can.
    private(set) var failure: StoreError?
    private(set) var counters = CommitCounters()

    init(store: any RegistryStore, settings: CommitSettings) {
        self.store = store
        changesPerCommitMax = settings.changesPerCommitMax
        backlog = Backlog(historyMax: settings.keptHistoryMax)
    }

    /// Something is kept, or the store failed when it was last tried.
    var isBehind: Bool { failure != nil || !backlog.isEmpty }

    /// Keeps changes that overflowed: newer than all units so far, older than all to come.
    mutating func keep(_ changes: [Change]) {
        backlog.keep(changes)
        count()
    }

    /// One round: what was kept, then the units and the last-seen times. A store that failed is only tried if it may be
    /// now; otherwise the units are kept and answered with its failure.
    mutating func write(_ units: [Unit], lastSeen: [(NodeID, Instant)], mayTry: Bool) -> Round {
        defer { count() }
        if let failure, !mayTry { return refuse(units, lastSeen, failure, wasTried: false) }
        do throws(StoreError) {
            try catchUp()
        } catch {
            return refuse(units, lastSeen, error, wasTried: true)
        }
        return commit(units, lastSeen)
    }

    /// Changes and times written so far.
    var written: Int { counters.changes + counters.lastSeenTimes }

    /// Lets the store give back memory.
    func rest() { store.rest() }

    /// Closes the store.
    func close() { store.close() }

    /// Writes what was kept, until nothing is left.
    private mutating func catchUp() throws(StoreError) {
        if failure != nil {
            // A small write first: the backlog of a large fleet is not worth sorting for a disk that is still full.
            do { try store.probe() } catch { throw failed(error) }
        }
        var changes = backlog.takeAll()[...]
        while !changes.isEmpty {
            let chunk = Array(changes.prefix(changesPerCommitMax))
            do {
                try transact(chunk, [])
            } catch  where error.reason == .rejected {
                try writeOneByOne(chunk, before: changes.dropFirst(chunk.count))
            } catch {
                backlog.keep(changes)
                throw failed(error)
            }
            changes = changes.dropFirst(chunk.count)
        }
        failure = nil
    }

    /// A chunk of which the database refuses something: the others must not suffer for it.
    private mutating func writeOneByOne(_ chunk: [Change], before rest: ArraySlice<Change>) throws(StoreError) {
        for (index, change) in chunk.enumerated() {
            do {
                try transact([change], [])
            } catch  where error.reason == .rejected {
                counters.rejected += 1
            } catch {
                backlog.keep(chunk[index...])
                backlog.keep(rest)
                throw failed(error)
            }
        }
    }

    private mutating func commit(_ units: [Unit], _ lastSeen: [(NodeID, Instant)]) -> Round {
        let changes = units.flatMap(\.changes)
        var round = Round()
        do throws(StoreError) {
            if !changes.isEmpty || !lastSeen.isEmpty { try transact(changes, lastSeen) }
            for unit in units { round.answer(unit, .success(())) }
            return round
        } catch  where error.reason == .rejected {
            return commitOneByOne(units, lastSeen, after: error)
        } catch {
            return refuse(units, lastSeen, failed(error), wasTried: true)
        }
    }

    /// Something in the group is refused: each unit for itself, so that only the one it stands in is answered so.
    private mutating func commitOneByOne(
        _ units: [Unit], _ lastSeen: [(NodeID, Instant)], after rejection: StoreError
    ) -> Round {
        var round = Round()
        for (index, unit) in units.enumerated() {
            do throws(StoreError) {
                if !unit.changes.isEmpty { try transact(unit.changes, []) }
                round.answer(unit, .success(()))
            } catch  where error.reason == .rejected {
                counters.rejected += unit.changes.count
                round.answer(unit, .failure(error))
            } catch {
                round.append(refuse(Array(units[index...]), lastSeen, failed(error), wasTried: true))
                return round
            }
        }
        do throws(StoreError) {
            if !lastSeen.isEmpty { try transact([], lastSeen) }
        } catch  where error.reason == .rejected {
            counters.rejected += lastSeen.count
        } catch {
            round.append(refuse([], lastSeen, failed(error), wasTried: true))
        }
        return round
    }

    private mutating func refuse(
        _ units: [Unit], _ lastSeen: [(NodeID, Instant)], _ error: StoreError, wasTried: Bool
    ) -> Round {
        var round = Round(unsaved: lastSeen, failure: wasTried ? error : nil)
        for unit in units {
            backlog.keep(unit.changes)
            round.answer(unit, .failure(error))
        }
        return round
    }

    private mutating func transact(_ changes: [Change], _ lastSeen: [(NodeID, Instant)]) throws(StoreError) {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try store.commit(changes, lastSeen: lastSeen)
        } catch {
            throw StoreError(error, path: "registry", operation: "write")
        }
        counters.commits += 1
        counters.changes += changes.count
        counters.lastSeenTimes += lastSeen.count
        counters.longestCommit = max(counters.longestCommit, start.duration(to: clock.now))
    }

    private mutating func failed(_ error: any Error) -> StoreError {
        let error = StoreError(error, path: "registry", operation: "write")
        counters.failures += 1
        failure = error
        return error
    }

    private mutating func count() {
        counters.kept = backlog.count
        counters.droppedHistory = backlog.droppedHistory
    }
}

extension CommitWriter.Round {
    fileprivate mutating func answer(_ unit: CommitWriter.Unit, _ result: Result<Void, StoreError>) {
        if let completion = unit.completion { answers.append((completion, result)) }
    }

    fileprivate mutating func append(_ other: Self) {
        answers += other.answers
        unsaved += other.unsaved
        failure = other.failure ?? failure
    }
}
