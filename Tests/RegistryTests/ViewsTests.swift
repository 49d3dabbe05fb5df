import ErrorCatalogue
import Registry
import TestSupport
import Testing

@Suite("Views")
struct ViewsTests {
    /// 25 nodes on two sites: 2 process servers, 1 master target, 22 agents.
    private var fleet: Registry {
        var registry = Registry.fresh()
        for number in 1...25 as ClosedRange<UInt64> {
            let role: Role = number <= 2 ? .processServer : number == 3 ? .masterTarget : .mobilityAgent
            registry.registerAndCommit(
                registration(number, role: role, site: number.isMultiple(of: 2) ? "west" : "east"),
                at: t0 + .seconds(Int(number)))
        }
        return registry
    }

    @Test("the summary counts by role, site, reachability and health, and lists the worst first")
    func summary() {
        var registry = fleet
        _ = registry.reported(session(4), services: [report("cxps", .stopped)], load: nil, at: t0 + .seconds(30))
        _ = registry.reported(session(5), services: [report(scout, .stopped)], load: nil, at: t0 + .seconds(31))
        _ = registry.connectionLost(session(6), .reset, at: t0 + .seconds(32))
        _ = registry.left(session(7), .shutdown, at: t0 + .seconds(33))
        let summary = registry.summary(at: t0 + .seconds(40))
        #expect(summary.health == .critical)
        #expect(summary.roles.map(\.role) == [.mobilityAgent, .processServer, .masterTarget])
        #expect(summary.roles.map(\.tally.nodes) == [22, 2, 1])
        #expect(summary.sites.map(\.site) == ["east", "west"])
        #expect(summary.sites.map(\.tally.nodes) == [13, 12])
        #expect(summary.fleet[.reachable] == 23)
        #expect(summary.fleet[.suspect] == 1)
        #expect(summary.fleet[.left] == 1)
        #expect([summary.fleet[.critical], summary.fleet[.warning], summary.fleet[.unknown]] == [1, 1, 2])
        #expect(summary.sites.map(\.tally.health) == [.critical, .warning])
        #expect(summary.findings.map(\.code.rawValue) == ["95226b", "service-not-running"])
        #expect(summary.findingCount == 2)
    }

    @Test("a fleet without nodes is of unknown health, not healthy")
    func empty() {
        #expect(Registry.fresh().summary(at: t0).health == .unknown)
        #expect(fleet.summary(at: t0).health == .healthy)
    }

    @Test(
        "a page holds what matches, in order, and the pages together hold everything once",
        arguments: NodeOrder.allCases)
    func pages(order: NodeOrder) throws {
        let registry = fleet
        for descending in [false, true] {
            var names: [String] = []
            var token = ""
            repeat {
                let page = try registry.nodes(
                    NodeQuery(order: order, descending: descending, pageSize: 4, pageToken: token))
                #expect(page.total == 25)
                #expect(page.nodes.count <= 4)
                names += page.nodes.map(\.facts.hostname)
                token = page.nextPageToken
            } while !token.isEmpty
            #expect(names.count == 25)
            #expect(Set(names).count == 25)
            let whole = try registry.nodes(NodeQuery(order: order, descending: descending))
            #expect(whole.nodes.map(\.facts.hostname) == names)
            #expect(whole.nextPageToken == "")
        }
    }

    @Test("orders mean what they say")
    func orders() throws {
        var registry = fleet
        _ = registry.reported(session(20), services: [report(scout, .stopped)], load: nil, at: t0 + .seconds(60))
        func first(_ order: NodeOrder, _ descending: Bool = false) throws -> String? {
            try registry.nodes(NodeQuery(order: order, descending: descending, pageSize: 1)).nodes.first?.facts.hostname
        }
        #expect(try first(.hostname) == "web-01")
        #expect(try first(.hostname, true) == "web-25")
        #expect(try first(.health) == "web-20")
        #expect(try first(.lastSeen) == "web-01")
        #expect(try first(.site, true) == "web-24")
        #expect(try first(.role) == "web-04")
    }

    @Test("filters all hold together; text is part of a name or an address, in any case")
    func filters() throws {
        var registry = fleet
        _ = registry.connectionLost(session(6), .reset, at: t0 + .seconds(32))
        func total(_ query: NodeQuery) throws -> Int { try registry.nodes(query).total }
        #expect(try total(NodeQuery(role: .processServer)) == 2)
        #expect(try total(NodeQuery(site: "west")) == 12)
        #expect(try total(NodeQuery(role: .processServer, site: "west")) == 1)
        #expect(try total(NodeQuery(reachability: .suspect)) == 1)
        #expect(try total(NodeQuery(health: .unknown)) == 1)
        #expect(try total(NodeQuery(text: "WEB-1")) == 10)
        #expect(try total(NodeQuery(text: "10.1.0.26")) == 1)
        #expect(try total(NodeQuery(text: "nothing")) == 0)
    }

    @Test("nodes that come and go between two pages neither repeat nor hide others")
    func changingFleet() throws {
        var registry = fleet
        let first = try registry.nodes(NodeQuery(pageSize: 5))
        #expect(first.nodes.last?.facts.hostname == "web-05")
        registry.registerAndCommit(registration(100, hostname: "web-00"), at: t0)
        registry.registerAndCommit(registration(5, hostname: "zzz"), at: t0)
        let second = try registry.nodes(NodeQuery(pageSize: 5, pageToken: first.nextPageToken))
        #expect(second.nodes.first?.facts.hostname == "web-06")
    }

    @Test("a page is never larger than its limit, and a strange token is refused")
    func limits() throws {
        var registry = fleet
        for number in 200..<320 { registry.registerAndCommit(registration(UInt64(number)), at: t0) }
        #expect(try registry.nodes(NodeQuery(pageSize: 10_000)).nodes.count == RegistryLimits.nodesPerPageMax)
        let token = try registry.nodes(NodeQuery(order: .site, pageSize: 1)).nextPageToken
        for strange in ["x", "0.0.x.x", "0.1.xzz.x00.x00", token, token + ".", String(repeating: "a", count: 5_000)] {
            #expect(throws: InvalidPageToken(token: strange)) {
                _ = try registry.nodes(NodeQuery(pageToken: strange))
            }
        }
        #expect(throws: InvalidPageToken(token: token)) {
            _ = try registry.findings(FindingQuery(pageToken: token))
        }
    }

    @Test("a node is found by name, id, or a prefix of one; several are told apart")
    func lookUp() {
        var registry = fleet
        func name(_ text: String) -> String {
            switch registry.lookUp(text) {
            case .found(let node): node.facts.hostname
            case .ambiguous(let candidates, let count): "\(count): \(candidates.first ?? "")"
            case .unknown: "unknown"
            }
        }
        #expect(name("web-07") == "web-07")
        #expect(name("WEB-07") == "web-07")
        #expect(name(id(7).description) == "web-07")
        #expect(name(id(7).description.uppercased()) == "web-07")
        #expect(name("web-2") == "6: web-20 (\(id(20)))")
        #expect(name("aaaa") == "25: web-01 (\(id(1)))")
        #expect(name(String(id(7).description.prefix(23))) == "25: web-01 (\(id(1)))")
        #expect(name("aaab") == "unknown")
        #expect(name("") == "unknown")
        #expect(name("mail") == "unknown")
        registry.registerAndCommit(registration(97, hostname: "aaaa-1"), at: t0)
        #expect(name("aaaa") == "26: aaaa-1 (\(id(97)))", "each once, though one fits by name and by id")
        registry.registerAndCommit(registration(99, hostname: "web"), at: t0)
        #expect(name("web") == "web")
        registry.registerAndCommit(registration(98, hostname: "WEB"), at: t0)
        #expect(name("web").hasPrefix("2: "))
    }

    @Test("errors come a page at a time: active and worst first, then the cleared, newest first")
    func findings() throws {
        var registry = fleet
        for number in 4...23 as ClosedRange<UInt64> {
            let kind = number.isMultiple(of: 2) ? report("cxps", .stopped) : report(scout, .stopped)
            _ = registry.reported(session(number), services: [kind], load: nil, at: t0 + .seconds(Int(number)))
        }
        for number in [5, 7] as [UInt64] {
            _ = registry.reported(
                session(number), services: [report(scout, .running)], load: nil, at: t0 + .seconds(60))
        }
        var listed: [Finding] = []
        var token = ""
        repeat {
            let page = try registry.findings(FindingQuery(includesCleared: true, pageSize: 3, pageToken: token))
            #expect(page.total == 20)
            listed += page.findings
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(listed.map(\.id).count == 20)
        #expect(Set(listed.map(\.id)).count == 20)
        #expect(listed.prefix(18).map(\.id) == registry.activeFindings().map(\.id))
        #expect(listed.prefix(8).allSatisfy { $0.severity == .critical && $0.clearedAt == nil })
        #expect(listed.suffix(2).allSatisfy { $0.clearedAt != nil })
        #expect(try registry.findings(FindingQuery()).total == 18)
        #expect(try registry.findings(FindingQuery(node: id(4))).findings.map(\.subjectName) == ["web-04"])
        #expect(try registry.findings(FindingQuery(codes: ErrorCode.codes(named: "95226"))).total == 8)
    }
}
