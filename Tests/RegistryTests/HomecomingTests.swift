import ErrorCatalogue
import Registry
import Testing

@Suite("Homecoming")
struct HomecomingTests {
    /// Nodes 1 to 4: reachable, reachable, unreachable, left. Then the server was down for an hour.
    func afterRestart() throws -> (Registry, Instant) {
        var before = Registry.withNodes(4)
        _ = before.connectionLost(session(3), .reset, lastHeard: t0, at: t0)
        _ = before.left(session(4), .shutdown, at: t0)
        _ = before.tick(at: t0 + .seconds(90))
        let start = t0 + .seconds(3_600)
        let after = try Registry(settings: before.settings, restored: before.stored(), at: start)
        return (after, start)
    }

    @Test("after a restart everything is known again and nobody is judged, until the time is over")
    func nobodyIsJudged() throws {
        var (registry, start) = try afterRestart()
        try registry.checkInvariants()
        let home = try #require(registry.homecomingView)
        #expect([home.expected, home.returned] == [2, 0])
        #expect(home.until == start + .seconds(90))
        #expect(registry.summary(at: start).fleet[.reachable] == 2)
        #expect(registry.activeCodes == ["95226a"])
        #expect(registry[1]?.health == .unknown)
        #expect(registry[3]?.health == .critical)
        #expect(registry.tick(at: start + .seconds(89)) == .none)
        let returned = registry.register(registration(1, session: 101), at: start + .seconds(89))
        #expect(returned.effects == .none)
        #expect(registry.homecomingView?.returned == 1)
        try registry.checkInvariants()

        #expect(registry.tick(at: start + .seconds(90)).brief == ["log"])
        #expect(registry[2]?.reachability == .suspect)
        #expect(registry.homecomingView == nil)
        try registry.checkInvariants()
        let verdict = registry.tick(at: start + .milliseconds(90_001))
        #expect(verdict.brief.contains("raised 78174 web-02"))
        #expect(
            registry[2]?.findings.first?.evidence[1].text == "no connection since this server started at 15:00:00 UTC")
        #expect(registry[1]?.reachability == .reachable)
        try registry.checkInvariants()
    }

    @Test("homecoming is over when everybody is back, and those who were lost may come, too")
    func everybodyIsBack() throws {
        var (registry, start) = try afterRestart()
        #expect(registry.register(registration(1, session: 101), at: start).effects == .none)
        #expect(
            registry.register(registration(3, session: 103), at: start).effects.brief.contains("cleared 95226a web-03"))
        #expect(registry.homecomingView?.returned == 1)
        #expect(registry.register(registration(2, session: 102), at: start + .seconds(5)).effects.brief == ["log"])
        #expect(registry.homecomingView == nil)
        #expect(registry.summary(at: start).health == .healthy)
        // From now on everybody is judged as ever.
        _ = registry.connectionLost(session(102), .reset, at: start + .seconds(10))
        #expect(registry.tick(at: start + .seconds(95)).brief.contains("raised 95226a web-02"))
        try registry.checkInvariants()
    }

    @Test("who came back and went again is not judged before homecoming is over")
    func backAndGone() throws {
        var (registry, start) = try afterRestart()
        _ = registry.register(registration(1, session: 101), at: start)
        _ = registry.connectionLost(session(101), .reset, lastHeard: start, at: start + .seconds(1))
        #expect(registry[1]?.reachability == .suspect)
        #expect(registry.tick(at: start + .milliseconds(89_999)) == .none)
        _ = registry.tick(at: start + .seconds(90))
        #expect(registry[1]?.reachability == .unreachable)
        try registry.checkInvariants()
    }

    @Test("a site that did not come back as a whole is the network's fault from the first verdict")
    func lostSite() throws {
        let before = Registry.withNodes(3)
        let start = t0 + .seconds(60)
        var registry = try Registry(settings: before.settings, restored: before.stored(), at: start)
        _ = registry.tick(at: start + .seconds(90))
        let verdicts = registry.tick(at: start + .milliseconds(90_001))
        #expect(verdicts.brief.filter { $0.hasPrefix("raised") } == ["raised 95226a east"])
        #expect(verdicts.brief.count { $0.hasPrefix("updated") } == 0)
        _ = registry.tick(at: start + .seconds(110))
        #expect(registry.activeFindings().map(\.memberCount) == [3])
        try registry.checkInvariants()
    }

    @Test("a service's error of before is found again, neither raised twice nor lost")
    func serviceFindings() throws {
        var before = Registry.fresh()
        before.registerAndCommit(registration(1, services: [report(scout, .stopped)]), at: t0)
        let finding = try #require(before[1]?.findings.first)
        let start = t0 + .seconds(60)
        var registry = try Registry(settings: before.settings, restored: before.stored(), at: start)
        #expect(registry[1]?.services.map(\.isStale) == [true])
        let same = registry.register(registration(1, services: [report(scout, .stopped)], session: 9), at: start)
        #expect(same.effects.brief == ["log"])
        #expect(registry[1]?.findings.map(\.id) == [finding.id])
        let running = registry.reported(session(9), services: [report(scout, .running)], load: nil, at: start)
        #expect(running.effects.brief.contains("cleared 95226b web-01"))
        try registry.checkInvariants()
    }

    @Test("a fresh registry has no homecoming, and an unwritable one of before is cleared by the first tick")
    func serverFinding() throws {
        #expect(Registry.fresh().homecomingView == nil)
        var before = Registry.withNodes(1)
        _ = before.storeFailed(reason: "disk full", at: t0)
        var registry = try Registry(settings: before.settings, restored: before.stored(), at: t0 + .seconds(9))
        try registry.checkInvariants()
        #expect(registry.nextDeadline == t0 + .seconds(9))
        #expect(
            registry.tick(at: t0 + .seconds(9)).brief == [
                "write registry-not-writable cleared", "cleared registry-not-writable cs-01",
            ])
        try registry.checkInvariants()
    }
}

@Suite("A cut that took many connections")
struct CutTests {
    private func cut(_ numbers: ClosedRange<UInt8>, in registry: inout Registry, at now: Instant) {
        for number in numbers { _ = registry.connectionLost(session(UInt64(number)), .reset, at: now) }
    }

    @Test("is a homecoming: those who were lost are awaited and not judged before the doors can have let them in")
    func homecoming() throws {
        var registry = Registry.withNodes(4)
        // Lost long before: none of these.
        cut(4...4, in: &registry, at: t0)
        let now = t0 + .seconds(20)
        cut(1...2, in: &registry, at: now)
        #expect(registry.connectedCount == 1)
        let due = now + .seconds(300)
        let began = registry.beginHomecoming(lastDue: due, perSecond: 7, at: now)
        #expect(began)
        let again = registry.beginHomecoming(lastDue: due, perSecond: 7, at: now)
        #expect(!again)
        // The last of the many, heard of a little later.
        cut(3...3, in: &registry, at: now + .seconds(1))
        try registry.checkInvariants()
        let home = try #require(registry.homecomingView)
        #expect([home.expected, home.returned, home.perSecond] == [3, 0, 7])
        #expect(home.isOfCut && home.lastDue == due && home.until == due + .seconds(90))
        for seconds in [60, 100, 300] {
            #expect(registry.tick(at: now + .seconds(seconds)).brief.allSatisfy { !$0.contains("raised") })
        }
        #expect(registry[1]?.reachability == .suspect)
        #expect(registry.register(registration(1, session: 101), at: due).effects.brief.allSatisfy { $0 != "log" })
        #expect(registry.homecomingView?.returned == 1)
        _ = registry.register(registration(2, session: 102), at: due)
        #expect(registry.register(registration(3, session: 103), at: due).effects.brief.contains("log"))
        #expect(registry.homecomingView == nil)
        try registry.checkInvariants()
    }

    @Test("is over in its time, and whoever is missing then is judged as ever")
    func missing() throws {
        var registry = Registry.withNodes(2)
        cut(1...2, in: &registry, at: t0)
        var began = registry.beginHomecoming(lastDue: t0 + .seconds(10), perSecond: 1, at: t0)
        #expect(began)
        _ = registry.register(registration(1, session: 101), at: t0 + .seconds(5))
        #expect(registry.tick(at: t0 + .milliseconds(99_999)) == .none)
        let verdicts = registry.tick(at: t0 + .seconds(100))
        #expect(verdicts.brief.contains { $0.hasPrefix("raised") && $0.hasSuffix("web-02") })
        #expect(registry[1]?.reachability == .reachable)
        try registry.checkInvariants()
        // A next one counts anew.
        _ = registry.connectionLost(session(101), .reset, at: t0 + .seconds(101))
        began = registry.beginHomecoming(lastDue: t0 + .seconds(110), perSecond: 1, at: t0 + .seconds(101))
        #expect(began)
        #expect(registry.homecomingView?.expected == 1)
        try registry.checkInvariants()
    }

    @Test("does not begin without anybody lost")
    func nobody() {
        var registry = Registry.withNodes(2)
        let began = registry.beginHomecoming(lastDue: t0, perSecond: 1, at: t0)
        #expect(!began)
        #expect(registry.homecomingView == nil)
    }
}

extension HomecomingTests {
    @Test("what the doors say puts off the judgement, and is told")
    func announced() throws {
        var (registry, start) = try afterRestart()
        registry.announceReturn(lastDue: start + .seconds(200), perSecond: 50)
        let home = try #require(registry.homecomingView)
        #expect(home.lastDue == start + .seconds(200) && home.perSecond == 50 && !home.isOfCut)
        #expect(home.until == start + .seconds(290))
        #expect(registry.tick(at: start + .seconds(91)) == .none)
        try registry.checkInvariants()
        _ = registry.tick(at: start + .seconds(290))
        #expect(registry[2]?.reachability == .suspect)
        #expect(registry.tick(at: start + .milliseconds(290_001)).brief.contains("raised 95226a east"))
    }
}
