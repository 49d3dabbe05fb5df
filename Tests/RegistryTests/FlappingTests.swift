import ErrorCatalogue
import Registry
import Testing

@testable import FleetSimulator

@Suite("Flapping")
struct FlappingTests {
    /// Lost without a word for so long that it is an error, and back.
    private func flap(_ registry: inout Registry, _ number: UInt64 = 1, at start: Instant) {
        _ = registry.silent(session(number), since: start, at: start + .seconds(45))
        _ = registry.tick(at: start + .seconds(91))
        _ = registry.heardAgain(session(number), at: start + .seconds(100))
    }

    @Test("a node that is lost and back again and again is told once, with a count, and not as many errors")
    func once() throws {
        var registry = Registry.withNodes(3)
        var codes: [[String]] = []
        for round in 0..<10 {
            let start = t0 + .seconds(200 * round)
            _ = registry.silent(session(1), since: start, at: start + .seconds(45))
            _ = registry.tick(at: start + .seconds(91))
            codes.append(registry.activeCodes)
            #expect(registry[1]?.reachability == .unreachable)
            #expect(registry[1]?.health == .critical)
            try registry.checkInvariants()
            _ = registry.heardAgain(session(1), at: start + .seconds(100))
        }
        #expect(codes == [[String]](repeating: ["78093"], count: 4) + [[String]](repeating: ["flapping"], count: 6))
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.title == "web-01: lost and back 10 times since 14:01:40 UTC")
        #expect(finding.evidence.first?.words["errors"] == .count(10))
        #expect(FindingTexts(finding.form, in: .traditionalChinese)?.title == "web-01：自 14:01:40 UTC 起失聯後恢復 10 次")
    }

    @Test("it ends when the node has stayed for long enough, not when it is back once more")
    func endsHere() throws {
        var registry = Registry.withNodes(3)
        for round in 0..<5 { flap(&registry, at: t0 + .seconds(200 * round)) }
        let back = t0 + .seconds(900)
        _ = registry.tick(at: back + .seconds(449))
        #expect(registry.activeCodes == ["flapping"])
        _ = registry.tick(at: back + .seconds(450))
        #expect(registry.activeCodes.isEmpty)
        try registry.checkInvariants()
        // It starts from nothing.
        flap(&registry, at: back + .seconds(500))
        #expect(registry.activeCodes.isEmpty)
    }

    @Test("one that stays away is lost in the end, and told as lost")
    func endsAway() throws {
        var registry = Registry.withNodes(3)
        for round in 0..<4 { flap(&registry, at: t0 + .seconds(200 * round)) }
        let gone = t0 + .seconds(800)
        _ = registry.silent(session(1), since: gone, at: gone + .seconds(45))
        for second in stride(from: 91, through: 600, by: 10) { _ = registry.tick(at: gone + .seconds(second)) }
        #expect(registry.activeCodes == ["78093"])
        try registry.checkInvariants()
    }

    @Test("losses that lie further apart than the window are single errors")
    func seldom() {
        var registry = Registry.withNodes(3)
        for round in 0..<8 {
            flap(&registry, at: t0 + .seconds(700 * round))
            _ = registry.tick(at: t0 + .seconds(700 * round + 699))
            #expect(registry.activeCodes.isEmpty)
        }
    }

    @Test("a connection that breaks and comes back in time is a warning")
    func connection() throws {
        var registry = Registry.withNodes(3)
        for round in 0..<4 {
            let at = t0 + .seconds(20 * round)
            _ = registry.connectionLost(session(UInt64(round * 100 + 1)), .reset, lastHeard: at, at: at)
            registry.registerAndCommit(
                registration(1, session: UInt64((round + 1) * 100 + 1)), at: at + .seconds(2))
        }
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.form.row == "flapping-connection" && finding.severity == .warning)
        #expect(registry[1]?.health == .warning)
    }

    @Test("a service that stops and runs again and again is told once, too")
    func service() throws {
        var registry = Registry.withNodes(1)
        var stopped: [[String]] = []
        for round in 0..<7 {
            let at = t0 + .seconds(40 * round)
            _ = registry.reported(session(1), services: [report(scout, .stopped)], load: nil, at: at)
            stopped.append(registry.activeCodes)
            _ = registry.reported(session(1), services: [report(scout, .running)], load: nil, at: at + .seconds(10))
        }
        #expect(stopped == [[String]](repeating: ["95226b"], count: 4) + [[String]](repeating: ["flapping"], count: 3))
        #expect(registry.activeFindings().first?.form.row == "flapping-scout")
        // It stays down: that is the error then.
        _ = registry.reported(session(1), services: [report(scout, .stopped)], load: nil, at: t0 + .seconds(300))
        _ = registry.tick(at: t0 + .seconds(760))
        #expect(registry.activeCodes == ["95226b"])
        try registry.checkInvariants()
    }

    @Test("a site that comes and goes is one error, not its machines'")
    func site() throws {
        var registry = Registry.withNodes(6)
        registry.registerAndCommit(registration(90, site: "west", hostname: "west-1"), at: t0)
        var lost: [[String]] = []
        for round in 0..<7 {
            let start = t0 + .seconds(200 * round)
            for number in 1...6 as ClosedRange<UInt64> {
                _ = registry.silent(session(number), since: start, at: start + .seconds(45))
            }
            _ = registry.tick(at: start + .seconds(91))
            lost.append(registry.activeCodes)
            try registry.checkInvariants()
            for number in 1...6 as ClosedRange<UInt64> {
                _ = registry.heardAgain(session(number), at: start + .seconds(100))
            }
        }
        #expect(lost == [[String]](repeating: ["95226a"], count: 4) + [[String]](repeating: ["flapping"], count: 3))
        #expect(registry.activeFindings().first?.subject == .site("east"))
        _ = registry.tick(at: t0 + .seconds(1_400 + 450))
        #expect(registry.activeCodes.isEmpty)
        try registry.checkInvariants()
    }

    @Test("a restart of the server forgets no flapping, and ends it as ever")
    func restart() throws {
        var registry = Registry.withNodes(3)
        var store = ModelStore()
        for round in 0..<4 {
            flap(&registry, at: t0 + .seconds(200 * round))
        }
        let finding = try #require(registry.activeFindings().first)
        store.apply([.finding(finding)])
        var restored = store.restored
        restored.nodes = [1, 2, 3].compactMap { record(of: $0, in: registry) }
        let start = t0 + .seconds(800)
        var again = Registry(settings: RegistrySettings(serverName: "cs-01"), restored: restored, at: start)
        for number in 1...3 as ClosedRange<UInt64> { again.registerAndCommit(registration(number), at: start) }
        _ = again.tick(at: start + .seconds(100))
        #expect(again.activeCodes == ["flapping"])
        _ = again.tick(at: start + .seconds(450))
        #expect(again.activeCodes.isEmpty)
    }

    private func record(of number: UInt64, in registry: Registry) -> NodeRecord? {
        registry[number].map {
            NodeRecord(
                id: $0.id, facts: $0.facts, components: [.mobilityAgent], services: [], reachability: .reachable,
                reachabilitySince: $0.reachabilitySince, firstSeen: $0.firstSeen, registeredAt: $0.registeredAt,
                lastSeen: $0.lastSeen, clockSkew: .zero, peerAddress: "", localAddress: "")
        }
    }
}
