import ErrorCatalogue
import Registry
import Testing

@Suite("The server's own identity and certificate")
struct ServerIdentityTests {
    private let mine = NodeID(high: 1, low: 1)

    private func tag(_ start: UInt64, _ run: UInt64, registry: NodeID? = nil) -> ServerTag {
        ServerTag(registry: registry ?? mine, start: start, run: run, host: "cs-02")
    }

    /// The third run of a registry that remembers two before.
    private func server() -> Registry {
        var registry = Registry.fresh()
        registry.identify(as: tag(3, 103), runs: [101, 102, 103])
        return registry
    }

    private func register(_ number: UInt64, last: ServerTag?, _ registry: inout Registry, at now: Instant) {
        var wanted = registration(number)
        wanted.lastServer = last
        registry.registerAndCommit(wanted, at: now)
    }

    @Test("an agent that was here and at another server since, and comes back, tells of two that live")
    func twoServers() throws {
        var registry = server()
        register(1, last: nil, &registry, at: t0)
        register(2, last: nil, &registry, at: t0)
        register(1, last: tag(3, 999), &registry, at: t0 + .seconds(10))
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.form.row == "two-servers" && finding.severity == .critical && finding.subject == .server)
        #expect(finding.title.contains("(cs-02); 1 agents"))
        register(2, last: tag(4, 998, registry: NodeID(high: 7, low: 7)), &registry, at: t0 + .seconds(80))
        #expect(registry.activeFindings().first?.form.words["count"] == .count(2))
        for text in [finding.title, finding.likelyCause] + finding.remedy + finding.evidence.map(\.text) {
            #expect(!text.contains("{"), "\(text)")
        }
        // An hour without another word of it.
        _ = registry.tick(at: t0 + .seconds(80 + 3_599))
        #expect(registry.activeCodes == ["duplicate-server"])
        _ = registry.tick(at: t0 + .seconds(80 + 3_600))
        #expect(registry.activeCodes.isEmpty)
        try registry.checkInvariants()
    }

    @Test("agents that know a run which the registry does not: it was restored from a backup, which alarms nobody")
    func restored() throws {
        var registry = server()
        for number in 1...3 as ClosedRange<UInt64> { register(number, last: tag(5, 105), &registry, at: t0) }
        #expect(registry.activeFindings().map(\.form.row) == ["server-restored"])
        #expect(registry.health == .healthy)
        // Each says it once: from now on its last server is this one.
        for number in 1...3 as ClosedRange<UInt64> {
            register(number, last: tag(3, 103), &registry, at: t0 + .seconds(60))
        }
        _ = registry.tick(at: t0 + .seconds(86_400))
        #expect(registry.activeCodes.isEmpty)
    }

    @Test("a restart, a new server for old agents, and agents that remember nothing are no news")
    func ordinary() {
        var registry = server()
        register(1, last: tag(2, 102), &registry, at: t0)
        register(2, last: tag(9, 555, registry: NodeID(high: 9, low: 9)), &registry, at: t0)
        register(3, last: nil, &registry, at: t0)
        register(3, last: tag(3, 103), &registry, at: t0 + .seconds(5))
        #expect(registry.activeCodes.isEmpty)
    }

    @Test("the server's certificate: a warning from 60 days, critical from 7, counted down, cleared by a new one")
    func certificate() throws {
        var registry = server()
        let end = t0 + .seconds(61 * 86_400)
        _ = registry.serverCertificateRead(until: end, at: t0)
        #expect(registry.activeCodes.isEmpty)
        func look(_ days: Int) -> Finding? {
            _ = registry.tick(at: t0 + .seconds(days * 86_400 + 3_600))
            return registry.activeFindings().first
        }
        var severities: [Severity] = []
        for day in 1...61 {
            let finding = try #require(look(day))
            severities.append(finding.severity)
            #expect(finding.evidence.count == 1)
        }
        #expect(severities.filter { $0 == .warning }.count == 53)
        #expect(severities.suffix(8).allSatisfy { $0 == .critical })
        #expect(registry.activeFindings().first?.form.row == "server-certificate-ended")
        #expect(look(40)?.id == look(61)?.id)
        let renewed = end + .seconds(365 * 86_400)
        let effects = registry.serverCertificateRead(until: renewed, at: end + .seconds(86_400))
        #expect(effects.brief.contains("cleared server-certificate-expiring cs-01"))
        #expect(registry.activeCodes.isEmpty)
        try registry.checkInvariants()
    }

    @Test("an identity of zeros is no identity")
    func emptyID() {
        var registry = Registry.fresh()
        var wanted = registration(1)
        wanted.id = NodeID(high: 0, low: 0)
        #expect(registry.register(wanted, at: t0).reply.refusal?.attemptReason == .factsMissing)
    }
}
