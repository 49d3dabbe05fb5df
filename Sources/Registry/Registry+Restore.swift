import ErrorCatalogue

extension Registry {
    /// A registry that knows what the store knew. Nobody who answered before is judged until homecoming is over;
    /// those who were unreachable or had left stay so until they are heard.
    public init(settings: RegistrySettings, restored: RestoredRegistry = RestoredRegistry(), at now: Instant) {
        self.init(settings: settings, startingAt: now)
        for record in restored.nodes { restore(record) }
        endRestore(restored)
    }

    /// A registry that is about to be told what the store knew: each node by `restore`, then the rest by `endRestore`,
    /// before any event. So no more than one node at a time is held twice.
    public init(settings: RegistrySettings, startingAt now: Instant) {
        self.settings = settings
        startedAt = now
        asking = Asking(settings)
        journal = ErrorJournal()
        homecoming = Homecoming(until: now + settings.homecomingGrace, began: now)
    }

    /// Takes in a node that the store knew.
    public mutating func restore(_ record: NodeRecord) {
        guard let until = homecoming?.until else { return }
        if restore(record, until: until) { homecoming?.expected += 1 }
    }

    /// Takes in everything else, when all nodes are there.
    public mutating func endRestore(_ rest: RestoredRegistry) {
        let until = homecoming?.until ?? startedAt
        if homecoming?.expected == 0 { homecoming = nil }
        table.indexAll()
        for record in rest.keys { keys[record.key] = record }
        journal = ErrorJournal(lastID: rest.lastFindingID)
        restore(rest.findings)
        // An error of before about the server's own stall, or its clock: a start is neither.
        if [.selfSuspicion, .serverClock].contains(where: { journal.finding(about: .server, topic: $0) != nil }) {
            suspicion = SelfSuspicion(until: startedAt, lost: .zero)
        }
        hasRestoredServerFinding = journal.finding(about: .server, topic: .store) != nil
        if journal.active.values.contains(where: \.isCommon) {
            restoredCommonReview = until + settings.unreachableAfter
        }
        resumeSeldom()
        if journal.count(of: .admission) > 0 {
            nextAttemptReview = startedAt + AttemptJournal.patienceMin
        }
        for index in table.allIndexes {
            refreshHealth(of: index)
            if table[index].failoverDeclaredAt != nil { deadlines.hang(index, noLaterThan: startedAt) }
            guard table[index].reachability == .unreachable else { continue }
            // Those who were told with others are told anew, once the fleet had its time to come back.
            if journal.finding(about: .node(table[index].id), topic: .reachability) == nil {
                deadlines.hang(index, noLaterThan: until + .milliseconds(2))
            }
            setJudged(index, under: sites[table[index].site].neighbours)
        }
    }

    /// - Returns: whether the node is awaited: it answered before.
    private mutating func restore(_ record: NodeRecord, until: Instant) -> Bool {
        let connection = ConnectionFacts(peerAddress: record.peerAddress, localAddress: record.localAddress)
        // Written by a clock that was ahead of this one: it was before the start all the same.
        func past(_ noted: Instant) -> Instant { noted > startedAt ? startedAt - .nanoseconds(1) : noted }
        let lastSeen = past(record.lastSeen)
        let index = table.insert(
            Node(
                id: record.id, facts: record.facts, site: sites.row(named: record.facts.site),
                components: record.components.map {
                    Component(kind: $0, lastHeard: lastSeen, connection: connection)
                },
                services: record.services.map { Node.Service(record: $0, carrier: nil) },
                reachability: record.reachability, reachabilitySince: past(record.reachabilitySince),
                firstSeen: past(record.firstSeen), registeredAt: past(record.registeredAt), lastSeen: lastSeen,
                clockSkew: record.clockSkew, durability: Node.Durability(isStored: true),
                failoverDeclaredAt: record.failoverDeclaredAt),
            indexingLater: true)
        count(index, +1)
        refactor(index, record.facts, connection)
        restoreGoodbye(record, of: index, until: until)
        if record.reachability == .unreachable { sites[table[index].site].unreachable.insert(index) }
        guard record.reachability == .reachable || record.reachability == .suspect else { return false }
        table[index].isAwaited = true
        // A suspect of before is looked at after those who become suspect now: neighbours are evidence.
        deadlines.hang(index, noLaterThan: record.reachability == .suspect ? until + .milliseconds(1) : until)
        return true
    }

    /// One that said it would be back may have come while the server was down, and has not knocked yet.
    private mutating func restoreGoodbye(_ record: NodeRecord, of index: Int32, until: Instant) {
        guard record.reachability == .left || record.reachability == .unreachable else { return }
        table[index].goodbye = record.goodbye
        guard record.reachability == .left, record.goodbye?.isToComeBack == true else { return }
        deadlines.hang(index, noLaterThan: max(record.reachabilitySince + settings.returnGrace, until))
    }

    private mutating func restore(_ findings: [Finding]) {
        for finding in findings.sorted(by: {
            ($0.clearedAt ?? $0.raisedAt, $0.id) < ($1.clearedAt ?? $1.raisedAt, $1.id)
        }) {
            guard finding.clearedAt == nil else {
                journal.insert(finding)
                continue
            }
            // A finding about a node that is not there any more, or a second one of a kind, speaks of nothing.
            guard journal.finding(about: finding.subject, topic: finding.code.topic) == nil else { continue }
            if let node = finding.subject.node {
                guard let index = table.index(of: node) else { continue }
                table[index].findings.append(finding.id)
            }
            journal.insert(finding)
        }
    }
}
