import ErrorCatalogue
import Registry
import Testing

@Suite("A registry that cannot be written")
struct StoreTests {
    @Test("refuses what has to be written, serves everything else, and says so to operators")
    func failing() throws {
        var registry = Registry.withNodes(2)
        let failed = registry.storeFailed(reason: "disk full: /var/lib/rollcall/registry.sqlite", at: t0 + .seconds(1))
        #expect(failed.brief == ["raised registry-not-writable cs-01", "log"])
        #expect(registry.summary(at: t0).health == .critical)
        #expect(registry.summary(at: t0).storeFailure == "disk full: /var/lib/rollcall/registry.sqlite")

        let newcomer = registry.register(registration(3), at: t0 + .seconds(2))
        #expect(
            newcomer.reply
                == .refused(.registryNotWritable(reason: "disk full: /var/lib/rollcall/registry.sqlite")))
        #expect(newcomer.effects == .none)
        let known = registry.register(registration(1, session: 11), at: t0 + .seconds(3))
        #expect(known.reply.refusal == nil)
        #expect(known.effects.brief == ["close 1"])
        #expect(registry.register(registration(2, session: 12, boot: 9), at: t0 + .seconds(3)).reply.refusal != nil)
        #expect(registry[2]?.lastSeen == t0 + .seconds(3))
        #expect(registry.storeFailed(reason: "disk full: /var/lib/rollcall/registry.sqlite", at: t0) == .none)
        #expect(registry.activeCodes == ["registry-not-writable"])
        try registry.checkInvariants()
    }

    @Test("what happens meanwhile is written when it is back, in its newest form")
    func recovering() throws {
        var registry = Registry.withNodes(3)
        _ = registry.takeLastSeenBatch()
        _ = registry.storeFailed(reason: "read-only", at: t0)
        let stopped = registry.reported(
            session(1), services: [report(scout, .stopped)], load: nil, at: t0 + .seconds(1))
        #expect(stopped.reply == .accepted)
        #expect(stopped.effects.brief == ["raised 95226b web-01"])
        _ = registry.connectionLost(session(2), .reset, lastHeard: t0, at: t0 + .seconds(2))
        #expect(registry.tick(at: t0 + .seconds(90)).brief == ["log", "raised 95226a web-02"])
        let goodbye = registry.left(session(3), .shutdown, at: t0 + .seconds(91))
        #expect(goodbye.reply == .notWritten(reason: "read-only"))
        registry.lastHeard([(session(1), t0 + .seconds(92))])
        #expect(registry.takeLastSeenBatch().isEmpty)
        #expect(registry.takeHistoryBatch().isEmpty)
        try registry.checkInvariants()

        let recovered = registry.storeRecovered(at: t0 + .seconds(100))
        #expect(
            recovered.brief.filter { !$0.hasPrefix("history") } == [
                "write web-01 reachable", "write web-02 unreachable", "write web-03 left",
                "write registry-not-writable active", "write 95226b active", "write 95226a active",
                "write registry-not-writable cleared", "cleared registry-not-writable cs-01", "log",
            ])
        #expect(registry.takeLastSeenBatch().map(\.0) == [id(1), id(3)])
        registry.commitSucceeded(recovered.changes)
        let again = registry.register(registration(1, services: [report(scout, .stopped)]), at: t0 + .seconds(101))
        #expect(again.effects == .none)
        #expect(registry.storeRecovered(at: t0 + .seconds(102)) == .none)
        try registry.checkInvariants()
    }

    @Test("a node whose first commit failed is forgotten, and its connection closed")
    func neverDurable() throws {
        var registry = Registry.fresh()
        let first = registry.register(registration(1, services: [report(scout, .stopped)]), at: t0)
        let failed = registry.commitFailed(first.effects.changes, reason: "disk full", at: t0 + .seconds(1))
        #expect(
            failed.brief == [
                "raised registry-not-writable cs-01", "log", "cleared 95226b web-01", "close 1",
            ])
        #expect(registry.nodeCount == 0)
        #expect(registry.summary(at: t0).sites == [])
        #expect(registry.activeCodes == ["registry-not-writable"])
        try registry.checkInvariants()
        let recovered = registry.storeRecovered(at: t0 + .seconds(2))
        #expect(recovered.changes.allSatisfy { if case .finding(let it) = $0 { it.subject == .server } else { false } })
        #expect(registry.register(registration(1), at: t0 + .seconds(3)).reply.refusal == nil)
        try registry.checkInvariants()
    }

    @Test("a known node whose commit failed stays, and its facts are written by its next registration")
    func knownNode() throws {
        var registry = Registry.withNodes(1)
        let changed = registry.register(registration(1, boot: 2), at: t0)
        _ = registry.commitFailed(changed.effects.changes, reason: "disk full", at: t0 + .seconds(1))
        #expect(registry[1]?.facts.bootID.first == 2)
        #expect(registry.register(registration(1, boot: 2), at: t0 + .seconds(2)).reply.refusal?.isTemporary == true)
        let recovered = registry.storeRecovered(at: t0 + .seconds(3))
        #expect(recovered.brief.first == "write web-01 reachable")
        #expect(recovered.brief.contains("history rebooted"))
        #expect(registry.register(registration(1, boot: 2), at: t0 + .seconds(4)).effects.needsCommit)
        try registry.checkInvariants()
    }

    @Test("last-seen times of a failed batch are handed out again")
    func lastSeen() {
        var registry = Registry.withNodes(2)
        let batch = registry.takeLastSeenBatch()
        _ = registry.commitFailed([], lastSeen: batch, reason: "disk full", at: t0)
        _ = registry.storeRecovered(at: t0 + .seconds(1))
        #expect(registry.takeLastSeenBatch().map(\.0) == batch.map(\.0))
    }

    @Test("history that waits has a limit; the newest stays")
    func waitingHistory() throws {
        var registry = Registry.withNodes(1)
        for number in 0..<(RegistryLimits.waitingHistoryMax / 2 + 10) {
            _ = registry.silent(session(1), since: t0, at: t0 + .milliseconds(number))
            _ = registry.heardAgain(session(1), at: t0 + .milliseconds(number))
        }
        let batch = registry.takeHistoryBatch()
        #expect(batch.count == RegistryLimits.waitingHistoryMax)
        #expect(batch.last?.at == t0 + .milliseconds(RegistryLimits.waitingHistoryMax / 2 + 9))
    }
}
