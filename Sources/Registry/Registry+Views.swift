// What operators see. Plain values, at a moment; nothing here changes anything.
extension Registry {
    /// The fleet in numbers, and what is wrong with it. O(roles + sites).
    public func summary(at now: Instant) -> SummaryView {
        SummaryView(
            at: now, startedAt: startedAt, health: health, fleet: fleet,
            roles: Role.allCases.compactMap { role in
                let tally = roles[Int(role.rawValue)]
                return tally.nodes > 0 ? SummaryView.RoleTally(role: role, tally: tally) : nil
            },
            sites: sites.inOrder().filter { sites[$0].tally.nodes > 0 }
                .map { SummaryView.SiteTally(site: sites[$0].name, tally: sites[$0].tally) },
            findings: worstFindings(RegistryLimits.findingsPerSummaryMax), findingCount: journal.active.count,
            homecoming: homecomingView, storeFailure: storeFailure)
    }

    /// The worst of everything. While the fleet comes home, and when nobody is known to be well, unknown.
    public var health: Health {
        switch journal.worst {
        case .critical: .critical
        case .warning: .warning
        case .information, nil: homecoming == nil && fleet[.healthy] > 0 ? .healthy : .unknown
        }
    }

    /// How far the fleet has come back after a restart; nil when that is over.
    public var homecomingView: HomecomingView? {
        homecoming.map {
            HomecomingView(
                expected: $0.expected, returned: $0.returned, until: $0.until, began: $0.began, lastDue: $0.lastDue,
                perSecond: $0.perSecond, isOfCut: $0.isOfCut)
        }
    }

    /// Active findings, worst first.
    public func activeFindings() -> [Finding] { worstFindings(.max) }

    /// The node of this id.
    public func node(_ id: NodeID) -> NodeView? { table.index(of: id).map(view) }

    /// The node of a session.
    public func node(of session: SessionID) -> NodeID? { sessions[session].map { table[$0].id } }

    /// The node an operator means: by host name, by id, or by a prefix of either that fits one node only. A whole name
    /// goes before a prefix. O(log nodes); for what could be the beginning of an id, a look at four bytes a node: a
    /// millisecond for a million.
    public func lookUp(_ name: String) -> NodeLookup {
        if let id = NodeID(name), let index = table.index(of: entry(of: id)) { return .found(view(index)) }
        guard !name.isEmpty else { return .unknown }
        var matches = table.indexes(named: name, limit: RegistryLimits.candidatesMax + 1)
        if matches.count == 0 { matches = table.indexes(withPrefix: name, limit: RegistryLimits.candidatesMax + 1) }
        switch matches.count {
        case 0: return .unknown
        case 1: return .found(view(matches.first[0]))
        default:
            let candidates = matches.first.map { (table[$0].hostname, table[$0].id) }.sorted { $0 < $1 }
                .prefix(RegistryLimits.candidatesMax)
            return .ambiguous(candidates.map { "\($0.0) (\($0.1))" }, count: matches.count)
        }
    }

    private func worstFindings(_ count: Int) -> [Finding] {
        var worst: [Finding] = []
        journal.order.forEach { rank in
            if let finding = journal.active[rank.id] { worst.append(finding) }
            return worst.count < count
        }
        return worst
    }

    func view(_ index: Int32) -> NodeView {
        let node = table[index]
        // Of one that is judged, its error says how the server found itself.
        let ownFault = node.reachability == .suspect ? ownFault(since: node.lastSeen) : nil
        return NodeView(
            id: node.id, key: key(of: node.id), facts: node.facts, reachability: node.reachability,
            reachabilitySince: node.reachabilitySince, health: node.health, firstSeen: node.firstSeen,
            registeredAt: node.registeredAt, lastSeen: node.lastSeen, clockSkew: node.clockSkew,
            components: node.components.map { component in
                ComponentView(
                    kind: component.kind, lastHeard: component.lastHeard, isConnected: component.session != nil,
                    isFresh: component.isFresh, connection: component.connection, connectedAt: component.connectedAt,
                    lastClose: component.lastClose)
            },
            services: node.services.map { ServiceView(record: $0.record, isStale: node.isStale($0)) },
            load: node.load, loadAt: node.loadAt, asked: askedEvidence(of: node) + [ownFault].compactMap(\.self),
            findings: node.findings.compactMap { journal.active[$0] }.sorted(by: Finding.isWorse))
    }
}
