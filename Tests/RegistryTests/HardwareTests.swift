import ErrorCatalogue
import Testing

@testable import Registry

@Suite("Machines that come back with another key")
struct HardwareTests {
    private static let uuid = "4c4c4544-0042-3510-8052-b3c04f4b4e32"
    private static let cards = ["52:54:00:12:34:56", "52:54:00:12:34:57"]

    /// Node `number` as "web-01", on the hardware that all tests share unless they say otherwise.
    private func machine(
        _ number: UInt64, session: UInt64? = nil, uuid: String = Self.uuid, cards: [String] = Self.cards,
        role: Role = .mobilityAgent, boot: UInt8 = 1
    ) -> Registration {
        var registration = registration(number, role: role, hostname: "web-01", session: session, boot: boot)
        registration.facts.hardware = Hardware(id: uuid, networkCards: cards)
        registration.facts.machineID = "m\(number)"
        return registration
    }

    /// Node 1 is registered, with a service that is stopped, and went away.
    private func withOneAway(_ settings: RegistrySettings = RegistrySettings(serverName: "cs-01")) -> Registry {
        var registry = Registry.fresh(settings)
        registry.registerAndCommit(machine(1), at: t0)
        _ = registry.connectionLost(session(1), .reset, at: t0 + .seconds(60))
        _ = registry.tick(at: t0 + .seconds(200))
        return registry
    }

    @Test("a new key on the hardware of one that is away takes its entry; the old key is refused, and told why")
    func newKey() throws {
        var registry = withOneAway()
        #expect(registry.activeCodes == ["95226a"])
        let outcome = registry.registerAndCommit(machine(2, session: 2, boot: 2), at: t0 + .seconds(900))
        #expect(outcome.reply.refusal == nil)
        #expect(outcome.effects.brief.contains("key 1 of 1 replaced by 2"))
        #expect(outcome.effects.brief.contains("key 2 of 1"))
        #expect(registry.nodeCount == 1)
        let node = try #require(registry[1])
        #expect(node.reachability == .reachable && node.firstSeen == t0 && node.key == id(2))
        #expect(registry.activeCodes == ["machine-changed"])
        let finding = try #require(registry.activeFindings().first)
        #expect(finding.form.row == "new-key" && finding.title.contains("reinstalled with a new key"))
        let facts = finding.evidence.map(\.text).joined(separator: "\n")
        for part in ["\(id(1))", "\(id(2))", Self.uuid, "cards in common: 2"] {
            #expect(facts.contains(part), "\(facts)")
        }
        #expect(finding.remedy.contains { $0.contains("rollcall node web-01 --apart") })
        try registry.checkInvariants()

        let old = registry.register(machine(1, session: 3), at: t0 + .seconds(1_000))
        let refusal = try #require(old.reply.refusal)
        #expect("\(refusal)".contains("\(id(2))") && "\(refusal)".contains("--apart"))
        #expect(refusal.attemptReason == .keyReplaced && old.effects.isEmpty)
        // And found by the new key as well.
        guard case .found(let found) = registry.lookUp("\(id(2))") else {
            Issue.record("not found by its key")
            return
        }
        #expect(found.id == id(1))
    }

    @Test("a connection that a machine without power left behind keeps nobody out once the machine is judged")
    func leftBehind() throws {
        var registry = Registry.fresh()
        registry.registerAndCommit(machine(1), at: t0)
        _ = registry.silent(session(1), since: t0, at: t0 + .seconds(60))
        _ = registry.tick(at: t0 + .seconds(200))
        #expect(registry[1]?.reachability == .unreachable && registry[1]?.components.first?.isConnected == true)
        let outcome = registry.registerAndCommit(machine(2, session: 2), at: t0 + .seconds(300))
        #expect(outcome.effects.brief.contains("close 1"))
        #expect(registry.nodeCount == 1 && registry[1]?.key == id(2))
        try registry.checkInvariants()
    }

    @Test("a third key follows the second, and only the third is let in")
    func thirdKey() {
        var registry = withOneAway()
        registry.registerAndCommit(machine(2, session: 2), at: t0 + .seconds(900))
        _ = registry.left(session(2), .shutdown, at: t0 + .seconds(910))
        registry.registerAndCommit(machine(3, session: 3), at: t0 + .seconds(2_000))
        #expect(registry.nodeCount == 1 && registry[1]?.key == id(3))
        for (number, isRefused) in [(1, true), (2, true), (3, false)] as [(UInt64, Bool)] {
            let reply = registry.register(machine(number, session: 10 + number), at: t0 + .seconds(2_100)).reply
            #expect((reply.refusal != nil) == isRefused, "key \(number)")
        }
    }

    @Test(
        "an entry is not taken from one that lives, by another role, by a copy with cards of its own, or without a name",
        arguments: ["lives", "role", "cards", "unnamed", "setting", "awaited"])
    func notTaken(why: String) throws {
        var settings = RegistrySettings(serverName: "cs-01")
        settings.adoptsByHardware = why != "setting"
        var registry = Registry.fresh(settings)
        registry.registerAndCommit(machine(1, uuid: why == "unnamed" ? "" : Self.uuid), at: t0)
        if why != "lives" { _ = registry.left(session(1), .shutdown, at: t0 + .seconds(60)) }
        if why == "awaited" {
            registry.registerAndCommit(machine(1, session: 9), at: t0 + .seconds(90))
            let record = try #require(registry[1]).record
            registry = Registry(settings: settings, restored: RestoredRegistry(nodes: [record]), at: t0 + .seconds(100))
        }
        var comer = machine(2, session: 2, role: why == "role" ? .masterTarget : .mobilityAgent)
        if why == "cards" { comer.facts.hardware = Hardware(id: Self.uuid, networkCards: ["52:54:00:ff:00:01"]) }
        if why == "unnamed" { comer.facts.hardware = Hardware(id: "", networkCards: Self.cards) }
        registry.registerAndCommit(comer, at: t0 + .seconds(120))
        #expect(registry.nodeCount == 2)
        #expect(registry[2]?.key == id(2))
        let told = registry.activeFindings().first { $0.code == .duplicateHardware }
        switch why {
        case "role", "unnamed": #expect(told == nil)
        case "lives": #expect(told?.form.row == "hardware-of-another" && told?.severity == .warning)
        default: #expect(told?.form.row == "hardware-of-one-away" && told?.severity == .information)
        }
        if let told {
            for text in [told.title, told.likelyCause, told.otherCause] + told.remedy {
                #expect(!text.contains("{"), "\(text)")
            }
        }
        try registry.checkInvariants()
    }

    @Test("a name that many have is a maker's placeholder: nobody takes an entry by it")
    func placeholder() {
        var registry = Registry.fresh()
        for number in 1...9 {
            registry.registerAndCommit(machine(UInt64(number), cards: []), at: t0)
        }
        _ = registry.left(session(1), .shutdown, at: t0 + .seconds(60))
        registry.registerAndCommit(machine(20, session: 20, cards: []), at: t0 + .seconds(120))
        #expect(registry.nodeCount == 10)
    }

    @Test("who shared an identity is not taken for one of the two by its hardware")
    func afterTwins() {
        var registry = Registry.fresh()
        var copy = machine(1, session: 2, boot: 2)
        copy.connection.peerAddress = "10.9.9.9:1"
        for turn in 0..<4 {
            let now = t0 + .seconds(5 * turn)
            var comer = turn % 2 == 0 ? machine(1, session: UInt64(100 + turn)) : copy
            comer.session = session(UInt64(100 + turn))
            registry.registerAndCommit(comer, at: now)
        }
        #expect(registry.activeCodes.contains("duplicate-identity"))
        for number in 100...103 { _ = registry.connectionLost(session(UInt64(number)), .reset, at: t0 + .seconds(30)) }
        registry.registerAndCommit(machine(2, session: 200), at: t0 + .seconds(40))
        #expect(registry.nodeCount == 2)
    }

    @Test("set apart by an operator: each has an entry and a key of its own, also after a restart")
    func apart() throws {
        var registry = withOneAway()
        var store = registry[1].map { [$0.record] } ?? []
        var keys: [NodeID: KeyRecord] = [:]
        func note(_ effects: Effects) {
            for change in effects.changes {
                switch change {
                case .key(let record): keys[record.key] = record
                case .removeKey(let id): keys[id] = nil
                case .node(let record): store = store.filter { $0.id != record.id } + [record]
                case .removeNode(let id): store.removeAll { $0.id == id }
                case .finding, .history: break
                }
            }
        }
        note(registry.registerAndCommit(machine(2, session: 2), at: t0 + .seconds(900)).effects)
        let decided = registry.setApart(id(1), at: t0 + .seconds(1_000))
        note(decided.effects)
        #expect(decided.reply == .apart(id(1), key: id(2), before: id(1)))
        #expect(decided.effects.brief.contains("close 2"))
        #expect(registry[1]?.reachability == .suspect)
        try registry.checkInvariants()
        registry = Registry(
            settings: registry.settings, restored: RestoredRegistry(nodes: store, keys: Array(keys.values)),
            at: t0 + .seconds(1_010))
        for number in [2, 1] as [UInt64] {
            let outcome = registry.registerAndCommit(machine(number, session: 10 + number), at: t0 + .seconds(1_020))
            #expect(outcome.reply.refusal == nil)
        }
        #expect(registry.nodeCount == 2 && registry[1]?.key == id(1) && registry[2]?.key == id(2))
        // Decided: their hardware is not asked any more.
        #expect(!registry.activeCodes.contains("duplicate-hardware"))
        try registry.checkInvariants()
    }

    @Test(
        "united by an operator: the entry that was there before stays, under the new key; one that lives is not given away"
    )
    func united() throws {
        var settings = RegistrySettings(serverName: "cs-01")
        settings.adoptsByHardware = false
        var registry = withOneAway(settings)
        registry.registerAndCommit(machine(2, session: 2), at: t0 + .seconds(900))
        #expect(registry.nodeCount == 2)
        let refused = registry.unite(id(1), with: id(2), at: t0 + .seconds(950))
        #expect(refused.reply == .refused(.isHere(hostname: "web-01", address: "10.1.0.3")))
        let outcome = registry.unite(id(2), with: id(1), at: t0 + .seconds(960))
        #expect(outcome.reply == .united(id(1), key: id(2)))
        #expect(outcome.effects.brief.contains("close 2"))
        #expect(registry.nodeCount == 1)
        registry.registerAndCommit(machine(2, session: 3), at: t0 + .seconds(970))
        #expect(registry.nodeCount == 1 && registry[1]?.reachability == .reachable)
        #expect(registry.register(machine(1, session: 4), at: t0 + .seconds(980)).reply.refusal != nil)
        try registry.checkInvariants()
    }

    @Test("the same key on other hardware is the same machine, and told")
    func otherHardware() {
        var registry = Registry.fresh()
        registry.registerAndCommit(machine(1), at: t0)
        var moved = machine(1, session: 2, boot: 2)
        moved.facts.hardware = Hardware(id: "564d1f2a-7c3b-0e91-a0c4-0a1b2c3d4e5f", networkCards: ["00:50:56:aa:bb:cc"])
        _ = registry.connectionLost(session(1), .reset, at: t0 + .seconds(5))
        registry.registerAndCommit(moved, at: t0 + .seconds(60))
        #expect(registry.activeFindings().first?.form.row == "other-hardware")
        #expect(registry[1]?.facts.hardware == moved.facts.hardware)
    }

    @Test(
        arguments: [
            ("52:54:00:12:34:56", "52:54:00:12:34:56"), ("52:54:00:AB:CD:EF", "52:54:00:ab:cd:ef"),
            ("00:00:00:00:00:00", nil), ("ff:ff:ff:ff:ff:ff", nil), ("01:00:5e:00:00:01", nil), ("52:54:00:12:34", nil),
            ("52:54:00:12:34:5g", nil), ("525400123456", nil), ("", nil),
        ] as [(String, String?)])
    func `a network card is known by its address`(text: String, address: String?) {
        #expect(NetworkCard(text)?.description == address)
    }
}

extension NodeView {
    /// What a store would hold of it.
    fileprivate var record: NodeRecord {
        NodeRecord(
            id: id, facts: facts, components: components.map(\.kind), services: [], reachability: reachability,
            reachabilitySince: reachabilitySince, firstSeen: firstSeen, registeredAt: registeredAt, lastSeen: lastSeen,
            clockSkew: clockSkew, peerAddress: "", localAddress: "")
    }
}
