import ErrorCatalogue
import Registry
import TestSupport
import Testing

@testable import FleetSimulator

@Suite("Simulated fleets")
struct SimulationTests {
    @Test(
        "a week and more of random trouble keeps every invariant, and a quiet end heals everything",
        arguments: [UInt64(1), 2, 3, 4])
    func weekOfTrouble(seed: UInt64) throws {
        var fleet = SimulatedFleet(seed: seed, machines: 24)
        for index in fleet.machines.indices { fleet.connect(index) }
        for step in 0..<1_000 {
            trouble(&fleet)
            try check(fleet, seed, step)
            if fleet.generator.chance(percent: 30) {
                fleet.run(for: .seconds(fleet.generator.below(100)))
                try check(fleet, seed, step)
            }
            if fleet.generator.chance(percent: 6) {
                fleet.run(for: .seconds(fleet.generator.below(36_000)), quantum: .seconds(20))
                try check(fleet, seed, step)
            }
        }
        #expect(fleet.now > t0 + .seconds(7 * 86_400), "seed \(seed)")
        #expect(fleet.events > 1_500, "seed \(seed)")
        #expect(fleet.watch.raised > 50, "seed \(seed)")

        // Everything is mended: nothing may stay raised, and the store must agree with the registry.
        if fleet.isDiskFull { fleet.recoverDisk() }
        fleet.run(for: .seconds(300))
        for index in fleet.machines.indices {
            for position in 0..<2 { fleet.setService(index, position, .running) }
            // Every program that ever dialled in is back, too.
            fleet.machines[index].registration.components = [
                .standard(for: fleet.machines[index].registration.facts.role), .scoutApplicationService,
            ]
            fleet.connect(index)
        }
        fleet.settleCommits()
        // Whoever flapped has to be steady for a while, too.
        fleet.run(for: .seconds(600))
        fleet.settleCommits()
        try check(fleet, seed, -1)
        #expect(fleet.registry.activeFindings() == [], "seed \(seed)")
        #expect(fleet.registry.summary(at: fleet.now).fleet[.healthy] == 24, "seed \(seed)")
        let active = fleet.store.findings.values.filter { $0.clearedAt == nil }
        #expect(active == [], "seed \(seed)")
        #expect(fleet.store.nodes.count == 24, "seed \(seed)")
        for record in fleet.store.nodes.values {
            #expect(record.reachability == .reachable, "seed \(seed): \(record.facts.hostname)")
            #expect(record.facts == fleet.registry.node(record.id)?.facts, "seed \(seed): \(record.facts.hostname)")
        }
    }

    @Test("the same seed lives the same life", arguments: [UInt64(7)])
    func repeatable(seed: UInt64) throws {
        func life() -> ([Finding], Int, RestoredRegistry) {
            var fleet = SimulatedFleet(seed: seed, machines: 24)
            for index in fleet.machines.indices { fleet.connect(index) }
            for _ in 0..<400 {
                trouble(&fleet)
                fleet.run(for: .seconds(fleet.generator.below(90)))
            }
            return (fleet.registry.activeFindings(), fleet.events, fleet.store.restored)
        }
        let (first, second) = (life(), life())
        #expect(first.0 == second.0)
        #expect(first.1 == second.1)
        #expect(first.2 == second.2)
    }

    @Test("nobody who beats is lost, and nobody who is gone is missed beyond the bound", arguments: [UInt64(21), 22])
    func bounds(seed: UInt64) throws {
        var fleet = SimulatedFleet(seed: seed, machines: 24)
        for index in fleet.machines.indices { fleet.connect(index) }
        var goneSince: [Int: Instant] = [:]
        for step in 0..<600 {
            let index = fleet.generator.below(fleet.machines.count)
            if goneSince[index] == nil, goneSince.count < 12 {
                fleet.generator.chance(percent: 50) ? fleet.lose(index, .reset) : cutOff(&fleet, index)
                goneSince[index] = fleet.now
            } else if goneSince[index] != nil, fleet.generator.chance(percent: 40) {
                fleet.connect(index)
                goneSince[index] = nil
            }
            fleet.run(for: .seconds(fleet.generator.below(60)))
            for (number, machine) in fleet.machines.enumerated() {
                let node = try #require(fleet.registry.node(machine.registration.id))
                if let since = goneSince[number] {
                    let isOverdue = since + fleet.settings.unreachableAfter <= fleet.now
                    #expect(!isOverdue || node.reachability == .unreachable, "seed \(seed), step \(step)")
                } else {
                    #expect(node.reachability == .reachable, "seed \(seed), step \(step): \(node.facts.hostname)")
                }
            }
            try check(fleet, seed, step)
        }
    }

    private func cutOff(_ fleet: inout SimulatedFleet, _ index: Int) { fleet.machines[index].isCutOff = true }

    private func check(_ fleet: SimulatedFleet, _ seed: UInt64, _ step: Int) throws {
        #expect(fleet.watch.nonsense == [], "seed \(seed), step \(step)")
        let active = fleet.registry.activeFindings().sorted { $0.id < $1.id }
        #expect(active == fleet.watch.active.map(\.finding), "seed \(seed), step \(step)")
        do {
            try fleet.registry.checkInvariants()
        } catch {
            Issue.record("seed \(seed), step \(step), at \(fleet.now.unixMilliseconds): \(error)")
            throw error
        }
    }

    /// One thing that goes wrong, or right again.
    private func trouble(_ fleet: inout SimulatedFleet) {
        let index = fleet.generator.below(fleet.machines.count)
        switch fleet.generator.below(100) {
        case 0..<25: fleet.connect(index)
        case 25..<40:
            fleet.lose(
                index,
                fleet.generator.pick([
                    .reset, .closedWithoutGoodbye, .timedOut, .protocolError("bad"), .closedByServer("slow"),
                ]))
        case 40..<50: fleet.machines[index].isCutOff.toggle()
        case 50..<70:
            fleet.setService(index, fleet.generator.below(2), fleet.generator.pick(ServiceState.allCases))
        case 70..<75: fleet.leave(index, fleet.generator.pick(LeaveReason.allCases))
        case 75..<80: fleet.reboot(index)
        case 80..<84:
            fleet.machines[index].registration.facts.site = "site-\(fleet.generator.below(5))"
            fleet.connect(index)
        case 84..<87:
            // A whole site goes, or comes back.
            let site = "site-\(fleet.generator.below(3))"
            let isCut = fleet.generator.chance(percent: 60)
            for other in fleet.machines.indices where fleet.machines[other].registration.facts.site == site {
                fleet.machines[other].isCutOff = isCut
            }
        case 87..<90: if !fleet.isDiskFull { fleet.isDiskFull = fleet.generator.chance(percent: 40) }
        case 90..<94: if fleet.isDiskFull { fleet.recoverDisk() }
        case 94..<95: fleet.restartServer()
        case 95..<98:
            fleet.machines[index].registration.components =
                fleet.generator.chance(percent: 50)
                ? [] : [.standard(for: fleet.machines[index].registration.facts.role), .scoutApplicationService]
            fleet.connect(index)
        default:
            if let session = fleet.machines[index].session {
                fleet.registry.lastHeard([(session, fleet.now)])
            }
        }
    }
}
