import ErrorCatalogue
import Registry
import Testing

@Suite("Reachability")
struct ReachabilityTests {
    @Test("a reset connection makes a node suspect at once, and unreachable in due time; a registration brings it back")
    func reset() throws {
        var registry = Registry.withNodes(2)
        registry.lastHeard([(session(1), t0 + .seconds(30)), (session(2), t0 + .seconds(30))])
        #expect(
            registry.connectionLost(session(1), .reset, lastHeard: t0 + .seconds(35), at: t0 + .seconds(40))
                == .one(.suspected(id(1))))
        #expect(registry[1]?.reachability == .suspect)
        #expect(registry[1]?.reachabilitySince == t0 + .seconds(40))
        #expect(registry[1]?.health == .unknown)
        #expect(registry.nextDeadline == t0 + .seconds(125))
        try registry.checkInvariants()

        #expect(registry.tick(at: t0 + .milliseconds(124_999)) == .none)
        #expect(
            registry.tick(at: t0 + .seconds(125)).brief == [
                "write web-01 unreachable", "history unreachable", "log", "write 95226a active", "raised 95226a web-01",
                "history error raised",
            ])
        #expect(registry[1]?.reachability == .unreachable)
        #expect(registry[1]?.health == .critical)
        #expect(registry.tick(at: t0 + .seconds(500)) == .none)
        try registry.checkInvariants()

        let back = registry.registerAndCommit(registration(1, session: 11), at: t0 + .seconds(600))
        #expect(
            back.effects.brief == [
                "write web-01 reachable", "history reachable", "write 95226a cleared", "cleared 95226a web-01",
                "history error cleared",
            ])
        #expect(registry[1]?.health == .healthy)
        #expect(registry.activeFindings() == [])
        try registry.checkInvariants()
    }

    @Test("what is missed of a suspect can be told before it is an error, and until when it has time")
    func suspects() {
        var registry = Registry.withNodes(2)
        _ = registry.connectionLost(session(1), .reset, lastHeard: t0 + .seconds(35), at: t0 + .seconds(40))
        let cutOff = registry.suspect(id(1), at: t0 + .seconds(41))
        #expect(cutOff?.hostname == "web-01")
        #expect(cutOff?.since == t0 + .seconds(40))
        #expect(cutOff?.verdictAt == t0 + .seconds(125))
        #expect(cutOff?.evidence.source == "connection")
        _ = registry.silent(session(2), since: t0, at: t0 + .seconds(45))
        #expect(registry.suspect(id(2), at: t0 + .seconds(45))?.evidence.source == "heartbeat")
        _ = registry.heardAgain(session(2), at: t0 + .seconds(50))
        #expect(registry.suspect(id(2), at: t0 + .seconds(50)) == nil)
    }

    @Test("a missed deadline makes a node suspect; the next heartbeat brings it back without a write")
    func silence() throws {
        var registry = Registry.withNodes(1)
        #expect(registry.silent(session(1), since: t0, at: t0 + .seconds(45)) == .one(.suspected(id(1))))
        #expect(registry[1]?.reachability == .suspect)
        #expect(
            registry.heardAgain(session(1), at: t0 + .seconds(50))
                == .one(.returned(id(1), suspectSince: t0 + .seconds(45))))
        #expect(registry[1]?.reachability == .reachable)
        #expect(registry[1]?.lastSeen == t0 + .seconds(50))
        #expect(registry.tick(at: t0 + .seconds(95)) == .none)
        #expect(registry[1]?.reachability == .reachable)
        #expect(registry.waitingHistory(of: id(1)).map(\.event) == ["reachable", "suspect"])
        #expect(registry.takeHistoryBatch().map(\.event) == ["suspect", "reachable"])
        #expect(registry.takeHistoryBatch() == [])
        try registry.checkInvariants()
    }

    @Test("a heartbeat of an unreachable node that kept its connection brings it back")
    func heartbeatOfTheUnreachable() throws {
        var registry = Registry.withNodes(2)
        #expect(registry.silent(session(1), since: t0, at: t0 + .seconds(45)) == .one(.suspected(id(1))))
        #expect(registry.tick(at: t0 + .seconds(90)).brief.contains("raised 78093 web-01"))
        #expect(
            registry.heardAgain(session(1), at: t0 + .seconds(200)).brief == [
                "write web-01 reachable", "history reachable", "write 78093 cleared", "cleared 78093 web-01",
                "history error cleared",
            ])
        try registry.checkInvariants()
    }

    @Test("a suspect heard meanwhile is judged later, without anybody moving its deadline")
    func lazyVerdict() {
        var registry = Registry.withNodes(1)
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(45))
        // Its loop told of a beat, and then lost the connection.
        _ = registry.connectionLost(
            session(1), .closedWithoutGoodbye, lastHeard: t0 + .seconds(60), at: t0 + .seconds(61))
        #expect(registry.tick(at: t0 + .seconds(90)) == .none)
        #expect(registry.nextDeadline == t0 + .seconds(150))
        #expect(registry.tick(at: t0 + .seconds(150)).brief.contains("raised 95226a web-01"))
    }

    @Test("a node is reachable as long as any of its components is")
    func components() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1), at: t0)
        let second = registration(1, components: [.scoutApplicationService], session: 2)
        #expect(registry.registerAndCommit(second, at: t0).effects.brief == ["write web-01 reachable"])
        #expect(registry.connectionLost(session(1), .reset, at: t0 + .seconds(1)) == .none)
        #expect(registry[1]?.reachability == .reachable)
        #expect(registry[1]?.components.map(\.isFresh) == [false, true])
        #expect(registry[1]?.components.map(\.lastClose) == ["reset by peer", ""])
        try registry.checkInvariants()
        _ = registry.silent(session(2), since: t0, at: t0 + .seconds(45))
        #expect(registry[1]?.reachability == .suspect)
        try registry.checkInvariants()
    }

    @Test("one session may speak for several components, and they go together")
    func severalComponents() throws {
        var registry = Registry.fresh()
        let both = registration(1, components: [.scoutApplicationService, .mobilityAgent])
        registry.registerAndCommit(both, at: t0)
        #expect(registry[1]?.components.map(\.kind) == [.mobilityAgent, .scoutApplicationService])
        registry.registerAndCommit(registration(1, components: [.mobilityAgent]), at: t0 + .seconds(1))
        #expect(registry[1]?.components.map(\.isConnected) == [true, false])
        _ = registry.connectionLost(session(1), .reset, at: t0 + .seconds(2))
        #expect(registry[1]?.components.map(\.isConnected) == [false, false])
        try registry.checkInvariants()
    }

    @Test("news of a session nobody knows changes nothing")
    func strangers() {
        var registry = Registry.withNodes(1)
        #expect(registry.silent(session(9), since: t0, at: t0) == .none)
        #expect(registry.heardAgain(session(9), at: t0) == .none)
        #expect(registry.connectionLost(session(9), .reset, at: t0) == .none)
        #expect(registry.left(session(9), .shutdown, at: t0).reply == .notRegistered)
        #expect(registry.reported(session(9), services: [], load: nil, at: t0).reply == .refused(.notRegistered))
        registry.lastHeard([(session(9), t0)])
        #expect(registry.summary(at: t0).fleet[.reachable] == 1)
    }

    @Test("last-seen times go into a batch once, the newest each")
    func lastSeen() {
        var registry = Registry.withNodes(2)
        _ = registry.takeLastSeenBatch()
        registry.lastHeard([(session(1), t0 + .seconds(1))])
        registry.lastHeard([(session(1), t0 + .seconds(2))])
        let batch = registry.takeLastSeenBatch()
        #expect(batch.map(\.0) == [id(1)])
        #expect(batch.map(\.1) == [t0 + .seconds(2)])
        #expect(registry.takeLastSeenBatch().isEmpty)
    }
}

@Suite("Leaving")
struct LeavingTests {
    @Test("a node that says goodbye has left, and its absence raises nothing")
    func goodbye() throws {
        var registry = Registry.withNodes(1)
        let outcome = registry.left(session(1), .shutdown, at: t0 + .seconds(10))
        #expect(outcome.reply == .accepted)
        #expect(outcome.effects.brief == ["write web-01 left", "history left", "log"])
        #expect(registry.connectionLost(session(1), .closedWithoutGoodbye, at: t0 + .seconds(10)) == .none)
        #expect(registry.tick(at: t0 + .seconds(1_000)) == .none)
        #expect(registry[1]?.reachability == .left)
        #expect(registry[1]?.health == .unknown)
        try registry.checkInvariants()
        let back = registry.registerAndCommit(registration(1), at: t0 + .seconds(2_000))
        #expect(back.effects.brief == ["write web-01 reachable", "history reachable"])
        try registry.checkInvariants()
    }

    @Test("what was wrong with a node is no longer true when it has left")
    func findingsEnd() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, services: [report(scout, .stopped)]), at: t0)
        #expect(registry.activeCodes == ["95226b"])
        _ = registry.left(session(1), .serviceStop, at: t0 + .seconds(1))
        #expect(registry.activeCodes == [])
        try registry.checkInvariants()
    }

    @Test("one component's goodbye leaves the node to the others; if the machine goes, they are expected to follow")
    func componentGoodbye() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1), at: t0)
        registry.registerAndCommit(registration(1, components: [.scoutApplicationService], session: 2), at: t0)
        #expect(registry.left(session(1), .reboot, at: t0 + .seconds(1)).effects.brief == ["history component left"])
        #expect(registry[1]?.reachability == .reachable)
        let lost = registry.connectionLost(session(2), .closedWithoutGoodbye, at: t0 + .seconds(2))
        #expect(lost.brief == ["write web-01 left", "history left", "log"])
        #expect(registry[1]?.reachability == .left)
        try registry.checkInvariants()
    }
}
