/// Whether the registry can be written, and what waits to be written while it cannot.
struct StoreHealth: Equatable, Sendable {
    var failure: Failure?
    /// Nodes whose row is out of date, in the order in which they changed; may name one twice.
    var staleRows: [NodeID] = []
    /// The newest form of findings that are not written.
    var unwritten: [UInt64: Finding] = [:]

    struct Failure: Equatable, Sendable {
        var reason: String
        var since: Instant
    }

    /// Keeps a finding until the store is back. Flapping must not fill the memory: beyond a limit, errors that came and
    /// went meanwhile are not kept.
    mutating func keep(_ finding: Finding) {
        let isFull = unwritten.count >= RegistryLimits.waitingHistoryMax
        if isFull, finding.clearedAt != nil { unwritten[finding.id] = nil } else { unwritten[finding.id] = finding }
    }
}

extension Registry {
    /// Why the registry cannot be written; nil while it can.
    public var storeFailure: String? { store.failure?.reason }

    /// A commit succeeded. To be called for every commit: only then a node counts as known for good, and a
    /// registration that repeats it needs no commit of its own.
    public mutating func commitSucceeded(_ changes: [Change]) {
        for case .node(let record) in changes {
            guard let index = table.index(of: record.id) else { continue }
            table[index].durability.commitsPending = max(0, table[index].durability.commitsPending - 1)
            table[index].durability.isStored = true
        }
    }

    /// A commit failed; none of it is in the store. A node that was never written is forgotten again, and its session
    /// closed: it was not told that it is registered. Everything else is kept and written when the store is back.
    public mutating func commitFailed(
        _ changes: [Change], lastSeen: [(NodeID, Instant)] = [], reason: String, at now: Instant
    ) -> Effects {
        var effects = storeFailed(reason: reason, at: now)
        for change in changes {
            switch change {
            case .node(let record):
                guard let index = table.index(of: record.id) else { continue }
                let pending = max(0, table[index].durability.commitsPending - 1)
                table[index].durability.commitsPending = pending
                if table[index].durability.isStored || pending > 0 {
                    table[index].durability.hasUnwrittenFacts = true
                    table[index].durability.isRowStale = true
                    store.staleRows.append(record.id)
                } else {
                    forget(index, at: now, into: &effects)
                }
            case .finding(let finding):
                // A node forgotten above took its findings along.
                if let node = finding.subject.node, table.index(of: node) == nil { continue }
                if let latest = journal.finding(finding.id) { store.keep(latest) }
            case .history(let entry):
                if table.index(of: entry.node) != nil { wait(entry) }
            // The store keeps these itself until it can write them.
            case .removeNode, .key, .removeKey: break
            }
        }
        for (id, _) in lastSeen {
            guard let index = table.index(of: id), !table[index].isLastSeenUnsaved else { continue }
            table[index].isLastSeenUnsaved = true
            unsavedLastSeen.append(index)
        }
        return effects
    }

    /// The store cannot be written: registrations that would have to be are refused from now on. May be told again.
    public mutating func storeFailed(reason: String, at now: Instant) -> Effects {
        let isNew = store.failure == nil
        store.failure = StoreHealth.Failure(reason: reason, since: store.failure?.since ?? now)
        var draft = Draft()
        judgeStore(at: now, into: &draft)
        if isNew { draft.effects.append(.log("registry cannot be written: \(reason)")) }
        return draft.effects
    }

    /// The store can be written again: what waited is written now.
    public mutating func storeRecovered(at now: Instant) -> Effects {
        guard let failure = store.failure else { return .none }
        store.failure = nil
        var draft = Draft()
        for id in store.staleRows {
            // Named twice, written once.
            guard let index = table.index(of: id), table[index].durability.isRowStale else { continue }
            draft.effects.append(persistRow(of: index))
        }
        for id in store.unwritten.keys.sorted() {
            if let finding = store.unwritten[id] { draft.effects.append(.persist(.finding(finding))) }
        }
        for entry in takeHistoryBatch() { draft.effects.append(.persist(.history(entry))) }
        store = StoreHealth()
        clearServerFindings(.clearedStore, at: now, into: &draft)
        let text = "registry can be written again after \((now - failure.since).inWords)"
        draft.effects.append(.log(text))
        return draft.effects
    }

    /// Last-seen times that were not taken yet, at most so many, for the store's next batch; nothing while it cannot be
    /// written. Empty: there are no more.
    public mutating func takeLastSeenBatch(limit: Int = .max) -> [(NodeID, Instant)] {
        guard store.failure == nil else { return [] }
        var batch: [(NodeID, Instant)] = []
        batch.reserveCapacity(min(limit, unsavedLastSeen.count))
        while batch.count < limit, let index = unsavedLastSeen.popFirst() {
            guard table.contains(index), table[index].isLastSeenUnsaved else { continue }
            table[index].isLastSeenUnsaved = false
            batch.append((table[index].id, table[index].lastSeen))
        }
        return batch
    }

    /// History not worth a commit of its own (flips between reachable and suspect), at most so much, for the same
    /// batch; nothing while the store cannot be written.
    public mutating func takeHistoryBatch(limit: Int = .max) -> [HistoryEntry] {
        guard store.failure == nil else { return [] }
        let batch = Array(waitingHistory.prefix(limit))
        waitingHistory.removeFirst(batch.count)
        return batch
    }

    /// A node's history that the store does not have yet, newest first.
    public func waitingHistory(of node: NodeID) -> [HistoryEntry] {
        waitingHistory.reversed().filter { $0.node == node }
    }

    /// Takes back a registration that never reached the store.
    private mutating func forget(_ index: Int32, at now: Instant, into effects: inout Effects) {
        let ids = table[index].findings
        remove(index, because: "its registration could not be written", at: now, into: &effects)
        for id in ids { store.unwritten[id] = nil }
    }

    /// Takes a node out, with its findings and its sessions.
    mutating func remove(_ index: Int32, because: String, at now: Instant, into effects: inout Effects) {
        var draft = Draft()
        unfold(index, at: now, into: &draft)
        clearFindings(of: index, .freeText, ["text": .text(because)], at: now, into: &draft)
        effects.append(contentsOf: draft.effects)
        for session in table[index].openSessions {
            sessions[session] = nil
            effects.append(.closeSession(session, reason: because))
        }
        let id = table[index].id
        waitingHistory.removeAll { $0.node == id }
        dropFactors(of: index)
        count(index, -1)
        let site = table[index].site
        setJudged(index, under: nil)
        if table[index].reachability == .unreachable { sites[site].unreachable.remove(index) }
        table.remove(index)
        pathsAtRest[index] = nil
        sites.releaseIfEmpty(site)
    }
}
