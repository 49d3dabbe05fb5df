import ErrorCatalogue
import Registry
import Testing

@Suite("Two machines with one identity, and one machine that changes")
struct TwinTests {
    /// A machine that uses node 1's identity.
    private struct Machine {
        var address: String
        var boot: UInt8
        var machineID = "aaaa"
        var instance: UInt64 = 0
        var hostname = "web-01"
    }

    private func register(
        _ machine: Machine, session number: UInt64, _ registry: inout Registry, at now: Instant
    ) -> Outcome<RegistrationReply> {
        var wanted = registration(1, hostname: machine.hostname, session: number, boot: machine.boot)
        wanted.facts.machineID = machine.machineID
        wanted.facts.addresses = [machine.address]
        wanted.connection.peerAddress = "\(machine.address):5000"
        wanted.connection.instance = machine.instance
        let outcome = registry.register(wanted, at: now)
        registry.commitSucceeded(outcome.effects.changes)
        return outcome
    }

    /// The two take turns each few seconds, `times` times; who was let in.
    private func takeTurns(_ machines: [Machine], _ times: Int, _ registry: inout Registry) -> [Bool] {
        (0..<times).map { turn in
            register(machines[turn % 2], session: UInt64(100 + turn), &registry, at: t0 + .seconds(5 * turn))
                .reply.refusal == nil
        }
    }

    @Test(
        "of two that live, the first keeps the place, the other is told why; the error says how they came to be two",
        arguments: [
            (Machine(address: "10.0.0.5", boot: 2), "twins-cloned-disk"),
            (Machine(address: "10.0.0.5", boot: 2, machineID: "bbbb"), "twins-copied-identity"),
            (Machine(address: "10.0.0.4", boot: 1, instance: 8), "twins-two-agents"),
        ] as [(Machine, String)])
    private func twins(copy: Machine, row: String) throws {
        var registry = Registry.withNodes(0)
        let original = Machine(address: "10.0.0.4", boot: 1, instance: 7)
        #expect(takeTurns([original, copy], 8, &registry) == [true, true, true, false, true, false, true, false])
        #expect(registry[1]?.facts.bootID.first == original.boot)
        #expect(registry[1]?.reachability == .reachable && registry[1]?.health == .critical)
        let finding = try #require(registry.activeFindings().first { $0.code == .duplicateIdentity })
        #expect(finding.form.row == row)
        for text in [finding.title, finding.likelyCause, finding.otherCause] + finding.remedy {
            #expect(!text.contains("{"), "\(text)")
        }
        let facts = finding.evidence.map(\.text).joined(separator: "\n")
        for part in [original.address, copy.address, "0101010101010101", original.machineID, copy.machineID] {
            #expect(facts.contains(part), "\(facts)")
        }
        try registry.checkInvariants()
    }

    @Test("both sides are told: the one refused what to do, the one that stays that there is another")
    func told() throws {
        var registry = Registry.withNodes(0)
        let machines = [Machine(address: "10.0.0.4", boot: 1), Machine(address: "10.0.0.5", boot: 2)]
        _ = takeTurns(machines, 3, &registry)
        let outcome = register(machines[1], session: 200, &registry, at: t0 + .seconds(15))
        let refusal = try #require(outcome.reply.refusal?.description)
        #expect(refusal.contains("10.0.0.4") && refusal.contains("10.0.0.5") && refusal.contains("rollcall pki node"))
        #expect(outcome.reply.refusal?.attemptReason == .duplicateIdentity)
        #expect(
            outcome.effects.contains {
                if case .object(let to, let text) = $0 {
                    to == session(102) && text.contains("10.0.0.5")
                } else {
                    false
                }
            })
    }

    @Test(
        "a reboot, an agent started again and a machine that moved replace their own dead connection, and are no twins")
    func legitimate() throws {
        var registry = Registry.withNodes(0)
        var machine = Machine(address: "10.0.0.4", boot: 1, instance: 1)
        for turn in 0..<12 {
            switch turn % 3 {
            case 0: machine.boot += 1
            case 1: machine.instance += 1
            default: machine.address = "10.0.0.\(10 + turn)"
            }
            let outcome = register(machine, session: UInt64(100 + turn), &registry, at: t0 + .seconds(4 * turn))
            #expect(outcome.reply.refusal == nil, "turn \(turn)")
        }
        #expect(!registry.activeCodes.contains("duplicate-identity"))
        try registry.checkInvariants()
    }

    @Test("one machine with two ways changes between them slowly: that is no twin; two that change quickly are")
    func twoPaths() {
        var registry = Registry.withNodes(0)
        let paths = [Machine(address: "10.0.0.4", boot: 1), Machine(address: "10.9.0.4", boot: 1)]
        for turn in 0..<20 {
            let outcome = register(
                paths[turn % 2], session: UInt64(100 + turn), &registry, at: t0 + .seconds(25 * turn))
            #expect(outcome.reply.refusal == nil)
        }
        var other = Registry.withNodes(0)
        #expect(takeTurns(paths, 8, &other).contains(false))
        #expect(other.activeFindings().contains { $0.form.row == "twins-running-snapshot" })
    }

    @Test("when the holder goes, the other gets the place; the error ends when the identity has one user again")
    func succession() throws {
        var registry = Registry.withNodes(0)
        let machines = [Machine(address: "10.0.0.4", boot: 1), Machine(address: "10.0.0.5", boot: 2)]
        _ = takeTurns(machines, 8, &registry)
        _ = registry.connectionLost(session(106), .reset, lastHeard: t0 + .seconds(40), at: t0 + .seconds(41))
        let early = register(machines[1], session: 300, &registry, at: t0 + .seconds(60))
        #expect(early.reply.refusal != nil)
        _ = registry.tick(at: t0 + .seconds(140))
        let late = register(machines[1], session: 301, &registry, at: t0 + .seconds(141))
        #expect(late.reply.refusal == nil)
        #expect(registry[1]?.facts.bootID.first == 2)
        try registry.checkInvariants()
        _ = registry.tick(at: t0 + .seconds(741))
        #expect(!registry.activeCodes.contains("duplicate-identity"))
        try registry.checkInvariants()
    }

    @Test("a machine that boots while nothing can be written tries again and again, and is one machine")
    func refusedByTheDisk() {
        var registry = Registry.withNodes(0)
        _ = register(Machine(address: "10.0.0.4", boot: 1, instance: 7), session: 1, &registry, at: t0)
        _ = registry.storeFailed(reason: "disk full", at: t0 + .seconds(1))
        let anew = Machine(address: "10.0.0.4", boot: 2, instance: 8)
        for turn in 2..<8 as Range<UInt64> {
            let reply = register(anew, session: turn, &registry, at: t0 + .seconds(Int(turn) * 4)).reply
            #expect(reply.refusal != nil && reply.refusal?.attemptReason != .duplicateIdentity)
        }
        _ = registry.storeRecovered(at: t0 + .seconds(40))
        #expect(register(anew, session: 9, &registry, at: t0 + .seconds(41)).reply.refusal == nil)
        #expect(!registry.activeFindings().contains { $0.code == .duplicateIdentity })
    }

    @Test("the holder may reboot, and get its place back")
    func holderReboots() {
        var registry = Registry.withNodes(0)
        var machines = [Machine(address: "10.0.0.4", boot: 1), Machine(address: "10.0.0.5", boot: 2)]
        _ = takeTurns(machines, 8, &registry)
        machines[0].boot = 9
        #expect(register(machines[0], session: 300, &registry, at: t0 + .seconds(60)).reply.refusal == nil)
        #expect(register(machines[1], session: 301, &registry, at: t0 + .seconds(65)).reply.refusal != nil)
    }

    @Test("reinstalled, renamed, moved: the same entry, and a word about which, for a day, that alarms nobody")
    func changes() throws {
        for (machine, row, title) in [
            (
                Machine(address: "10.0.0.4", boot: 3, machineID: "cccc"), "reinstalled",
                "web-01: reinstalled; the same machine by its key"
            ),
            (
                Machine(address: "10.0.0.4", boot: 1, hostname: "web-77"), "renamed",
                "web-77: renamed, it was web-01; the same machine by its key"
            ),
            (
                Machine(address: "10.7.0.4", boot: 1), "moved",
                "web-01: moved from 10.0.0.4 to 10.7.0.4; the same machine by its key"
            ),
        ] {
            var registry = Registry.withNodes(0)
            _ = register(Machine(address: "10.0.0.4", boot: 1), session: 100, &registry, at: t0)
            _ = registry.connectionLost(session(100), .closedWithoutGoodbye, lastHeard: t0, at: t0)
            _ = register(machine, session: 101, &registry, at: t0 + .seconds(30))
            #expect(registry.nodeCount == 1)
            let finding = try #require(registry.activeFindings().first)
            #expect(finding.form.row == row && finding.title == title && finding.severity == .information)
            #expect(registry[1]?.health == .healthy && registry.health == .healthy)
            try registry.checkInvariants()
            _ = registry.tick(at: t0 + .seconds(86_400 + 30))
            #expect(!registry.activeCodes.contains("machine-changed"))
        }
    }
}
