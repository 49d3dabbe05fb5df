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
