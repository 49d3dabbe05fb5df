import ErrorCatalogue
import Testing

@testable import Registry

@Suite("Nodes that said they would be back")
struct PromisedReturnTests {
    @Test("a node that said it restarts is missed after its time, and a registration with a new boot id ends it")
    func reboot() throws {
        var registry = Registry.withNodes(3)
        _ = registry.left(session(1), .reboot, at: t0 + .seconds(60))
        #expect(registry[1]?.reachability == .left)
        #expect(registry.tick(at: t0 + .seconds(60 + 899)).brief == [])
        let missed = registry.tick(at: t0 + .seconds(60 + 900))
        #expect(missed.brief.contains("raised 78093 web-01"))
        #expect(registry[1]?.findings.first?.form.row == "78093-restarting")
        #expect(registry[1]?.findings.first?.evidence.contains { $0.text.contains("the machine restarts") } == true)
        try registry.checkInvariants()

        let back = registry.register(registration(1, session: 11, boot: 2), at: t0 + .seconds(1_200)).effects
        #expect(back.brief.contains("cleared 78093 web-01"))
        let history = back.compactMap { effect -> String? in
            if case .persist(.history(let entry)) = effect { entry.text } else { nil }
        }
        #expect(history.contains("the machine restarted, as it had said: it has a new boot id"))
        try registry.checkInvariants()
    }

    @Test("a promise outlives the server's restart: not judged before the fleet had its time, then missed as announced")
    func afterRestart() throws {
        var registry = Registry.withNodes(2)
        let left = registry.left(session(1), .reboot, at: t0 + .seconds(60))
        let records = left.effects.changes.compactMap { if case .node(let record) = $0 { record } else { nil } }
        #expect(records.map(\.goodbye) == [.reboot])
        for (restart, missedAt) in [(100, 960), (940, 1_030), (5_000, 5_090)] as [(Int64, Int64)] {
            var later = Registry(
                settings: registry.settings, restored: RestoredRegistry(nodes: records), at: t0 + .seconds(restart))
            _ = later.tick(at: t0 + .seconds(missedAt - 1))
            #expect(later.activeFindings() == [])
            _ = later.tick(at: t0 + .seconds(missedAt))
            #expect(later.activeFindings().first?.form.row == "78093-restarting")
            try later.checkInvariants()
            // And still known after one more restart.
            let record = try #require(later[1])
            #expect(record.findings.first?.evidence.contains { $0.text.contains("the machine restarts") } == true)
        }
    }

    @Test("one that is back in time was never missed")
    func backInTime() throws {
        var registry = Registry.withNodes(2)
        _ = registry.left(session(1), .reboot, at: t0 + .seconds(60))
        registry.registerAndCommit(registration(1, session: 11, boot: 2), at: t0 + .seconds(200))
        _ = registry.tick(at: t0 + .seconds(960))
        #expect(registry.activeFindings() == [])
        #expect(registry[1]?.reachability == .reachable)
    }

    @Test(
        "an upgrade that does not come back is told as one, for each role",
        arguments: [(Role.mobilityAgent, "78174"), (.processServer, "806"), (.masterTarget, "78022")])
    func upgrade(role: Role, code: String) throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(registration(1, role: role), at: t0)
        _ = registry.left(session(1), .upgrade, at: t0 + .seconds(60))
        _ = registry.tick(at: t0 + .seconds(960))
        #expect(registry.activeCodes == [code])
        #expect(registry.activeFindings().first?.title.contains("upgrade") == true)
        try registry.checkInvariants()
    }

    @Test(
        "who goes for good, or only stops, is not missed",
        arguments: [LeaveReason.shutdown, .serviceStop, .decommission])
    func forGood(reason: LeaveReason) {
        var registry = Registry.withNodes(2)
        _ = registry.left(session(1), reason, at: t0 + .seconds(60))
        _ = registry.tick(at: t0 + .seconds(86_400))
        #expect(registry.activeFindings() == [])
        #expect(registry[1]?.reachability == .left)
    }
}
