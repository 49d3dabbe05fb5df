/// Something about the registry that must never be so.
public struct InvariantViolation: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, with the numbers.
    public var description: String
}

extension Registry {
    /// Recounts everything that is kept up to date step by step. O(all); for tests, after each event.
    /// - Throws: the first thing that does not agree.
    public func checkInvariants() throws(InvariantViolation) {
        try checkTallies()
        try checkSessions()
        try checkReachability()
        try checkFactors()
        try checkJournal()
        try checkLimits()
    }

    private func checkTallies() throws(InvariantViolation) {
        var recount = (fleet: Tally(), roles: [Tally](repeating: Tally(), count: roles.count), sites: [String: Tally]())
        for index in table.allIndexes {
            let node = table[index]
            recount.fleet.add(node.reachability, node.health)
            recount.roles[Int(node.role.rawValue)].add(node.reachability, node.health)
            recount.sites[node.facts.site, default: Tally()].add(node.reachability, node.health)
            try expect(sites[node.site].name == node.facts.site, "\(node.hostname) stands in a wrong site's row")
            try expect(node.health == judgedHealth(of: index), "\(node.hostname)'s health is out of date")
            try expect(table.index(of: node.id) == index, "\(node.hostname) is not found by its id")
            try expect(
                table.indexes(named: node.hostname).first.contains(index),
                "\(node.hostname) is not found by its name")
        }
        try expect(fleet == recount.fleet, "fleet: counted \(fleet), recounted \(recount.fleet)")
        try expect(roles == recount.roles, "roles: counted \(roles), recounted \(recount.roles)")
        let unreachable = table.allIndexes.filter { table[$0].reachability == .unreachable }
        for (site, row) in zip(Int32(0)..., sites.rows) {
            let lost = unreachable.filter { table[$0].site == site }
            try expect(
                row.unreachable.count == lost.count && row.unreachable.listed ?? Set(lost) == Set(lost),
                "site \(row.name): \(row.unreachable.count) lost nodes, recounted \(lost.count)")
            for neighbours in Neighbours.allCases {
                let count = lost.count { table[$0].judgedUnder == neighbours }
                try expect(
                    row.verdicts(under: neighbours) == count,
                    "site \(row.name): \(row.verdicts(under: neighbours)) verdicts under \(neighbours), recounted \(count)"
                )
            }
        }
        for row in sites.rows where sites.contains(row.name) || row.tally.nodes > 0 {
            let tally = recount.sites[row.name] ?? Tally()
            try expect(row.tally == tally, "site \(row.name): counted \(row.tally), recounted \(tally)")
        }
        try expect(sites.count == recount.sites.count, "\(sites.count) sites kept, \(recount.sites.count) in use")
    }

    private func checkSessions() throws(InvariantViolation) {
        for (session, index) in sessions {
            try expect(table.contains(index), "session \(session) speaks for a node that is gone")
            try expect(
                table[index].components.contains { $0.session == session }, "session \(session) speaks for no component"
            )
        }
        for index in table.allIndexes {
            let node = table[index]
            for component in node.components {
                if let session = component.session {
                    try expect(sessions[session] == index, "\(node.hostname) has a session that is not known")
                }
                try expect(
                    (component.lastHeard ?? .distantPast) <= node.lastSeen,
                    "\(node.hostname)'s \(component.kind) was heard after its node")
            }
            try expect(
                Set(node.components.map(\.kind)).count == node.components.count,
                "\(node.hostname) has a component twice")
        }
    }

    private func checkReachability() throws(InvariantViolation) {
        var awaited = 0
        for index in table.allIndexes {
            let node = table[index]
            let name = node.hostname
            if node.isAwaited { awaited += 1 }
            switch node.reachability {
            case .reachable:
                try expect(node.isFresh || node.isAwaited, "\(name) is reachable, but no component of it is fresh")
                if node.isAwaited { try expectHung(index, by: homecoming?.until) }
            case .suspect:
                try expect(!node.isFresh, "\(name) is suspect, but a component of it is fresh")
                try expectHung(
                    index, by: node.isAwaited || !attention.pulses.isEmpty ? nil : verdictDeadline(of: index))
            case .unreachable:
                try expect(!node.isFresh, "\(name) is unreachable, but a component of it is fresh")
                try expect(
                    journal.finding(about: .node(node.id), topic: .reachability) != nil
                        || node.foldedUnder != nil || isFlapping(.node(node.id))
                        || !node.hasBeenJudged(since: startedAt),
                    "\(name) is unreachable, and no error says so")
            case .left:
                // That it tries to come back, and does not get in, is all there is to say of it.
                let others = node.findings.filter { journal.active[$0]?.code.topic != .admission }
                try expect(others.isEmpty, "\(name) left, but an error about it is active")
            case .expected: break
            }
        }
        if let homecoming {
            try expect(
                homecoming.expected - homecoming.returned == awaited,
                "\(awaited) nodes awaited, homecoming counts \(homecoming)")
        }
    }

    private func checkFactors() throws(InvariantViolation) {
        var recount = [Int32: (nodes: Int, due: Int, lost: Int, folded: Int)]()
        for index in table.allIndexes {
            let own = table[index].factors
            own.forEach { row in
                var counts = recount[row] ?? (0, 0, 0, 0)
                counts.nodes += row == FactorTable.fleet ? 0 : 1
                counts.due += own.isDue ? 1 : 0
                counts.lost += own.bucket == nil ? 0 : 1
                recount[row] = counts
            }
            if let row = table[index].foldedUnder { recount[row, default: (0, 0, 0, 0)].folded += 1 }
        }
        for (row, factor) in zip(Int32(0)..., factors.rows) {
            let (nodes, due, lost, folded) = recount[row] ?? (0, 0, 0, 0)
            try expect(
                (factor.nodes, factor.due, factor.lost, factor.folded) == (nodes, due, lost, folded),
                "\(factor.key): counted \(factor.nodes), \(factor.due) due, \(factor.lost) lost and \(factor.folded) told as one, "
                    + "recounted \(nodes), \(due), \(lost), \(folded)")
        }
    }

    private func expectHung(_ index: Int32, by deadline: Instant?) throws(InvariantViolation) {
        let hung = deadlines.deadline(of: index)
        let isHung = hung.map { $0 <= deadline ?? $0 } ?? false
        try expect(isHung, "\(table[index].hostname) waits for a verdict that never comes")
    }

    private func checkJournal() throws(InvariantViolation) {
        var listed = 0
        for index in table.allIndexes {
            for id in table[index].findings {
                listed += 1
                try expect(
                    journal.active[id]?.subject.node == table[index].id,
                    "\(table[index].hostname) lists finding \(id), which is not about it")
            }
        }
        let aboutNodes = journal.active.values.count { $0.subject.node != nil }
        try expect(listed == aboutNodes, "\(aboutNodes) findings about nodes, \(listed) listed by them")
        let critical = journal.active.values.count { $0.severity == .critical }
        let warning = journal.active.values.count { $0.severity == .warning }
        try expect(warning == journal.warningCount, "warnings: counted \(journal.warningCount), recounted \(warning)")
        try expect(
            critical == journal.criticalCount, "critical: counted \(journal.criticalCount), recounted \(critical)")
        for (id, finding) in journal.active {
            try expect(id == finding.id && id <= journal.lastID && id > 0, "finding \(id) has a wrong id")
            try expect(finding.clearedAt == nil, "finding \(id) is active and cleared")
            try expect(!finding.evidence.isEmpty, "finding \(id) has no evidence")
            try expect(
                journal.finding(about: finding.subject, topic: finding.code.topic)?.id == id,
                "finding \(id) is not found by its subject")
            if finding.code.topic == .service, let node = finding.subject.node {
                try expect(
                    table.index(of: node).map { table[$0].reachability != .unreachable } ?? false,
                    "finding \(id) speaks of a service nobody can see")
            }
        }
        let isServerTold = journal.finding(about: .server, topic: .store) != nil
        try expect(
            isServerTold == (store.failure != nil) || hasRestoredServerFinding,
            "the registry's own trouble and its error do not agree")
    }

    private func checkLimits() throws(InvariantViolation) {
        try expect(table.count <= RegistryLimits.nodesMax, "too many nodes")
        try expect(journal.cleared.count <= RegistryLimits.clearedFindingsMax, "too many cleared findings in memory")
        try expect(waitingHistory.count <= RegistryLimits.waitingHistoryMax, "too much history waits")
        for finding in journal.active.values {
            try expect(
                finding.evidence.count <= RegistryLimits.evidencePerFindingMax,
                "finding \(finding.id) has too much evidence")
        }
        for index in table.allIndexes {
            try expect(
                table[index].services.count <= RegistryLimits.servicesPerNodeMax,
                "\(table[index].hostname) has too many services")
        }
    }

    private func expect(_ holds: Bool, _ what: @autoclosure () -> String) throws(InvariantViolation) {
        if !holds { throw InvariantViolation(description: what()) }
    }
}

extension Node {
    /// Became what it is since then; a node restored as unreachable keeps the verdict of before.
    fileprivate func hasBeenJudged(since start: Instant) -> Bool { reachabilitySince >= start }
}
