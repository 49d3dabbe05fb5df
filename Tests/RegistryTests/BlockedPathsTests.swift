import ErrorCatalogue
import Registry
import TestSupport
import Testing

@Suite("Machines that cannot reach their process server")
struct BlockedPathsTests {
    private static func fleet() -> Registry {
        var registry = Registry.withNodes(6)
        registry.registerAndCommit(
            registration(9, role: .processServer, site: "west", hostname: "ps-01"), at: t0)
        return registry
    }

    private static func path(open: Bool, since: Instant) -> Registry.DataPath {
        Registry.DataPath(isOpen: open, processServer: "ps-01", port: 9_443, since: since)
    }

    private static func report(
        _ nodes: ClosedRange<UInt64>, open: Bool, at now: Instant, to registry: inout Registry
    ) {
        for number in nodes {
            _ = registry.dataPathTried(session(number), path(open: open, since: now), at: now)
        }
    }

    private static func beat(_ nodes: [UInt64], at now: Instant, in registry: inout Registry) {
        registry.lastHeard(nodes.map { (session($0), now) })
    }

    @Test(
        "many of one that is heard itself are one error about its data port, which follows them and ends with the last")
    func many() throws {
        var registry = Self.fleet()
        Self.report(1...4, open: false, at: t0 + .seconds(10), to: &registry)
        #expect(registry.activeCodes == [])
        let raised = registry.tick(at: t0 + .seconds(25))
        #expect(raised.brief.filter { $0.hasPrefix("raised") } == ["raised 78186 ps-01"])
        var finding = try #require(registry.activeFindings().first)
        #expect(finding.title == "ps-01: 4 machines cannot reach data port 9443 of this process server")
        #expect(finding.members == ["web-01", "web-02", "web-03", "web-04"])
        #expect(finding.evidence.contains { $0.text.contains("4 machines report no way to ps-01:9443") })
        #expect(registry[1]?.health == .critical && registry[5]?.health == .healthy)
        try registry.checkInvariants()

        // One more joins, and two find their way again: told once, in the same error.
        Self.report(5...5, open: false, at: t0 + .seconds(30), to: &registry)
        Self.report(1...2, open: true, at: t0 + .seconds(31), to: &registry)
        let told = registry.tick(at: t0 + .seconds(46))
        #expect(
            told.brief.filter { $0.contains("78186") && !$0.hasPrefix("write") }.allSatisfy { $0.hasPrefix("updated") })
        finding = try #require(registry.activeFindings().first)
        #expect(finding.members == ["web-03", "web-04", "web-05"] && finding.memberCount == 3)
        #expect(registry[1]?.health == .healthy)
        Self.report(3...5, open: true, at: t0 + .seconds(60), to: &registry)
        #expect(registry.tick(at: t0 + .seconds(60)).brief.contains("cleared 78186 ps-01"))
        #expect(registry.activeCodes == [] && registry[3]?.health == .healthy)
        try registry.checkInvariants()
    }

    @Test("two are told by themselves, and join when there are more")
    func two() throws {
        var registry = Self.fleet()
        Self.report(1...2, open: false, at: t0, to: &registry)
        _ = registry.tick(at: t0 + .seconds(15))
        #expect(registry.activeFindings().map(\.subjectName) == ["web-01", "web-02"])
        Self.report(3...3, open: false, at: t0 + .seconds(20), to: &registry)
        _ = registry.tick(at: t0 + .seconds(35))
        #expect(registry.activeFindings().map(\.subjectName) == ["ps-01"])
        try registry.checkInvariants()
    }

    @Test("of one that is lost they are told under its own error, wait for its verdict, and follow when it is back")
    func silent() throws {
        var registry = Self.fleet()
        Self.report(1...1, open: false, at: t0, to: &registry)
        _ = registry.tick(at: t0 + .seconds(15))
        #expect(registry.activeCodes == ["78186"])
        _ = registry.connectionLost(session(9), .timedOut, lastHeard: t0 + .seconds(10), at: t0 + .seconds(20))
        Self.report(1...4, open: false, at: t0 + .seconds(25), to: &registry)
        for second in [40, 60, 80] { _ = registry.tick(at: t0 + .seconds(second)) }
        #expect(registry.activeCodes == ["78186"])
        Self.beat([1, 2, 3, 4, 5, 6], at: t0 + .seconds(95), in: &registry)
        _ = registry.tick(at: t0 + .seconds(100))
        _ = registry.tick(at: t0 + .seconds(101))
        #expect(registry.activeCodes == ["806"])
        var finding = try #require(registry.activeFindings().first)
        #expect(finding.members == ["web-01", "web-02", "web-03", "web-04"])
        #expect(finding.evidence.contains { $0.text(in: .traditionalChinese).contains("4 部電腦回報無法連到 ps-01:9443") })
        #expect(registry[2]?.health == .critical)
        try registry.checkInvariants()

        registry.registerAndCommit(
            registration(9, role: .processServer, site: "west", hostname: "ps-01", session: 19), at: t0 + .seconds(200))
        _ = registry.tick(at: t0 + .seconds(201))
        #expect(registry.activeCodes == [])
        Self.report(1...3, open: true, at: t0 + .seconds(220), to: &registry)
        _ = registry.tick(at: t0 + .seconds(221))
        #expect(registry.activeCodes == [] && registry[2]?.health == .healthy)
        // Who has still no way, when it has had its time, has a cause of its own.
        _ = registry.tick(at: t0 + .seconds(291))
        #expect(registry.activeFindings().map(\.subjectName) == ["web-04"])
        finding = try #require(registry.activeFindings().first)
        #expect(finding.form.row == "78186-up")
        try registry.checkInvariants()
    }

    @Test("who falls silent itself, or says goodbye, reports nothing any more")
    func gone() throws {
        var registry = Self.fleet()
        Self.report(1...3, open: false, at: t0, to: &registry)
        _ = registry.tick(at: t0 + .seconds(15))
        #expect(registry.activeFindings().map(\.subjectName) == ["ps-01"])
        for number in 1...3 as ClosedRange<UInt64> {
            _ = registry.left(session(number), .shutdown, at: t0 + .seconds(20))
        }
        _ = registry.tick(at: t0 + .seconds(21))
        #expect(registry.activeCodes == [])
        try registry.checkInvariants()
    }

    @Test("after a restart the error about many is taken up again, or ends if nobody reports it any more")
    func restart() throws {
        for stays in [true, false] {
            var old = Self.fleet()
            Self.report(1...4, open: false, at: t0, to: &old)
            _ = old.tick(at: t0 + .seconds(15))
            #expect(old.activeFindings().map(\.id) == [1])
            let start = t0 + .seconds(100)
            var registry = try Registry(settings: old.settings, restored: old.stored(), at: start)
            for number in 1...6 as ClosedRange<UInt64> {
                registry.registerAndCommit(registration(number, session: 100 + number), at: start + .seconds(1))
                let path = Self.path(open: !stays, since: t0)
                _ = registry.dataPathTried(session(100 + number), path, at: start + .seconds(2))
            }
            registry.registerAndCommit(
                registration(9, role: .processServer, site: "west", hostname: "ps-01", session: 109),
                at: start + .seconds(1))
            for second in stride(from: 10, through: 240, by: 10) { _ = registry.tick(at: start + .seconds(second)) }
            #expect(registry.activeFindings().map(\.id) == (stays ? [1] : []))
            if stays { #expect(registry.activeFindings().first?.memberCount == 6) }
            try registry.checkInvariants()
        }
    }
}
