import Registry
import TestSupport
import Testing

/// What a question costs, counted in nodes looked at: the same in a fleet of any size.
@Suite("Pages of a large fleet")
struct ScaleTests {
    static let count: UInt64 = 7_000
    static let fleet = makeFleet()

    /// Names in no order; a process server in 100 nodes, a lost node in 500; a large site, and small ones.
    private static func makeFleet() -> Registry {
        var registry = Registry.fresh()
        var generator = SeededGenerator(seed: 7)
        for number in (1...count).shuffled(using: &generator) {
            let role: Role = number.isMultiple(of: 100) ? .processServer : .mobilityAgent
            let site = number.isMultiple(of: 3) ? "branch-\(number % 350)" : "east"
            registry.registerAndCommit(
                registration(number, role: role, site: site, hostname: "Node-\(number * 7_919 % count)"),
                at: t0 + .milliseconds(Int(number)))
            if number.isMultiple(of: 500) {
                _ = registry.connectionLost(session(number), .reset, at: t0 + .seconds(60))
            }
        }
        return registry
    }

    private static let questions: [NodeQuery] = NodeOrder.allCases.flatMap { order in
        [false, true].flatMap { descending in
            [
                NodeQuery(order: order, descending: descending),
                NodeQuery(role: .processServer, order: order, descending: descending),
                NodeQuery(site: "east", order: order, descending: descending),
                NodeQuery(site: "branch-7", order: order, descending: descending),
                NodeQuery(reachability: .suspect, order: order, descending: descending),
                NodeQuery(health: .healthy, text: "ODE-11", order: order, descending: descending),
                NodeQuery(text: "10.1.0.99", order: order, descending: descending),
            ]
        }
    }

    /// The page as anybody would work it out: all that match, sorted.
    private static func expected(_ query: NodeQuery, _ all: [NodeView]) -> [NodeID] {
        let badness: [Health: Int] = [.critical: 0, .warning: 1, .unknown: 2, .healthy: 3]
        func key(_ node: NodeView) -> (Int64, String, String, NodeID) {
            let number: Int64 =
                switch query.order {
                case .hostname, .site: 0
                case .health: Int64(badness[node.health] ?? 9)
                case .lastSeen: node.lastSeen.nanoseconds
                case .role: Int64(node.facts.role.rawValue)
                }
            return (number, query.order == .site ? node.facts.site : "", node.facts.hostname.lowercased(), node.id)
        }
        let text = query.text.lowercased()
        let matches = all.filter { node in
            (query.role ?? node.facts.role) == node.facts.role && (query.site ?? node.facts.site) == node.facts.site
                && (query.reachability ?? node.reachability) == node.reachability
                && (query.health ?? node.health) == node.health
                && (text.isEmpty || node.facts.hostname.lowercased().contains(text)
                    || node.facts.addresses.contains { $0.contains(text) })
        }
        let sorted = matches.map { (key($0), $0.id) }.sorted { $0.0 < $1.0 }.map(\.1)
        return query.descending ? sorted.reversed() : sorted
    }

    @Test("hold what a sort of the whole fleet would, page after page")
    func pages() throws {
        let all = (1...Self.count).compactMap { Self.fleet[$0] }
        #expect(all.count == Int(Self.count))
        for query in Self.questions {
            let expected = Self.expected(query, all)
            var query = query
            var found: [NodeID] = []
            repeat {
                let page = try Self.fleet.nodes(query)
                #expect(page.total == expected.count)
                found += page.nodes.map(\.id)
                query.pageToken = page.nextPageToken
            } while !query.pageToken.isEmpty && found.count < 350
            #expect(found == Array(expected.prefix(found.count)), "\(query)")
            #expect(found.count == expected.count || found.count >= 350)
        }
    }

    @Test("look at as many nodes as they show, not at the fleet", arguments: questions)
    func looks(query: NodeQuery) throws {
        guard query.text.isEmpty, query.order != .lastSeen else { return }
        var scan = try Self.fleet.beginPage(query)
        var page: NodePage?
        while page == nil { page = Self.fleet.advance(&scan, looks: .max) }
        let matches = try #require(page?.total)
        #expect(
            scan.nodesLookedAt <= max(101, min(matches, RegistryLimits.sweptMatchesMax + 101)),
            "\(scan.nodesLookedAt) nodes looked at for \(query)")
        // One walk, or one byte a node for each of at most five groups.
        #expect(scan.placesRead <= 5 * Int(Self.count))
    }

    @Test("come a slice at a time, each of bounded work, also while nodes come and go", arguments: questions)
    func slices(query: NodeQuery) throws {
        var registry = Self.fleet
        let whole = try registry.nodes(query)
        var scan = try registry.beginPage(query)
        var slices = 0
        while true {
            let before = scan.placesRead
            if let page = registry.advance(&scan, looks: 256) {
                let shown = page.nodes.map(\.id).filter { $0.low <= Self.count }
                #expect(whole.nodes.map(\.id).starts(with: shown.prefix(50)), "\(query)")
                break
            }
            slices += 1
            #expect(scan.placesRead - before <= 256)
            try #require(slices < 1_000)
            if slices < 20 {
                registry.registerAndCommit(
                    registration(1_000_000 + UInt64(slices), site: "zz", hostname: "zzz\(slices)"),
                    at: t0 + .seconds(900))
            }
        }
    }

    @Test("a name is looked up among thousands that begin alike")
    func lookUp() {
        guard case .ambiguous(let some, let count) = Self.fleet.lookUp("node-") else {
            Issue.record("one node")
            return
        }
        #expect(some.count == RegistryLimits.candidatesMax)
        #expect(count == Int(Self.count))
        guard case .found(let node) = Self.fleet.lookUp("NODE-1") else {
            Issue.record("not found")
            return
        }
        #expect(node.facts.hostname == "Node-1")
    }
}

/// What is done now and then for the whole fleet, in slices.
@Suite("Slices of a large fleet")
struct SliceTests {
    @Test("a save takes no more than it may, and all of it in the end, once")
    func saves() {
        var registry = Registry.withNodes(50)
        registry.lastHeard((1...50).map { (session($0), t0 + .seconds(5)) })
        var taken: [NodeID] = []
        while true {
            let batch = registry.takeLastSeenBatch(limit: 8)
            #expect(batch.count <= 8)
            if batch.isEmpty { break }
            taken += batch.map(\.0)
        }
        #expect(taken.count == 50)
        #expect(Set(taken).count == 50)
        for number in 1...50 as ClosedRange<UInt64> {
            _ = registry.connectionLost(session(number), .reset, at: t0 + .seconds(6))
        }
        #expect(registry.takeHistoryBatch(limit: 20).count == 20)
        #expect(registry.takeHistoryBatch(limit: 40).count == 30)
        #expect(registry.takeHistoryBatch(limit: 40).isEmpty)
    }

    @Test("the loss of a site is judged a slice at a time, and every one of it in the end")
    func verdicts() throws {
        var registry = Registry.withNodes(350)
        for number in 1...350 as ClosedRange<UInt64> {
            _ = registry.connectionLost(session(number), .reset, at: t0 + .seconds(1))
        }
        let due = t0 + .seconds(120)
        var slices = 0
        var rows = 0
        while let next = registry.nextDeadline, next <= due {
            let written = registry.tick(at: due).changes.count { if case .node = $0 { true } else { false } }
            #expect(written <= RegistryLimits.verdictsPerTickMax)
            rows += written
            slices += 1
            try #require(slices < 100)
        }
        #expect(rows == 350)
        #expect(registry.summary(at: due).fleet[.unreachable] == 350)
        try registry.checkInvariants()
    }

    @Test("a registry told node by node is the one told all at once")
    func restoring() throws {
        let records = (1...40).compactMap { Registry.withNodes(40)[$0] }.map { view in
            NodeRecord(
                id: view.id, facts: view.facts, components: view.components.map(\.kind), services: [],
                reachability: view.reachability, reachabilitySince: view.reachabilitySince, firstSeen: view.firstSeen,
                registeredAt: view.registeredAt, lastSeen: view.lastSeen, clockSkew: view.clockSkew,
                peerAddress: "10.0.0.1:5", localAddress: "")
        }
        var one = Registry(settings: RegistrySettings(), startingAt: t0)
        for record in records { one.restore(record) }
        one.endRestore(RestoredRegistry())
        let other = Registry(settings: RegistrySettings(), restored: RestoredRegistry(nodes: records), at: t0)
        try one.checkInvariants()
        #expect(one.homecomingView == other.homecomingView)
        #expect(try one.nodes(NodeQuery()) == other.nodes(NodeQuery()))
        #expect(one.summary(at: t0) == other.summary(at: t0))
        #expect(one.homecomingView?.expected == 40)
    }

    @Test("a dictionary in parts is a dictionary")
    func sharded() {
        var sharded = ShardedDictionary<UInt64, Int>()
        var plain: [UInt64: Int] = [:]
        var generator = SeededGenerator(seed: 3)
        for step in 0..<5_000 {
            let key = UInt64.random(in: 0..<800, using: &generator)
            if step % 3 == 0 {
                #expect(sharded.removeValue(forKey: key) == plain.removeValue(forKey: key))
            } else {
                sharded[key] = step
                plain[key] = step
            }
        }
        #expect(sharded.count == plain.count)
        #expect(Dictionary(uniqueKeysWithValues: sharded.map { ($0.key, $0.value) }) == plain)
        var taken: [UInt64: Int] = [:]
        while !sharded.isEmpty {
            let some = sharded.removeSome()
            #expect(some.count < 50)
            taken.merge(some) { _, _ in -1 }
        }
        #expect(taken == plain)
    }
}
