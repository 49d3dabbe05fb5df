import Foundation
import Registry
import Testing

@testable import FleetSimulator

@Suite("A rehearsal")
struct RehearsalTests {
    private static func fleet(_ seed: UInt64, agents: Int = 16) -> SimulatedFleet {
        RandomTrouble.fleet(FleetOptions(agents: agents, processServers: 2, masterTargets: 2, sites: 3, seed: seed))
    }

    @Test("a shift of random trouble breaks no rule", arguments: [UInt64(1), 2, 3, 4])
    func randomTrouble(seed: UInt64) throws {
        let fleet = Self.fleet(seed)
        let scenario = RandomTrouble.scenario(for: fleet, over: .seconds(8 * 3_600), every: .seconds(400))
        let report = try Rehearsal.run(scenario, over: fleet, file: "seed \(seed)")
        #expect(report.violations == [], "seed \(seed)")
        #expect(report.heartbeats > 10_000)
        #expect(report.raised > 10)
    }

    @Test func `the same seed lives the same day`() throws {
        let fleet = Self.fleet(7, agents: 12)
        let scenario = RandomTrouble.scenario(for: fleet, over: .seconds(6 * 3_600), every: .seconds(300))
        let first = try Rehearsal.run(scenario, over: fleet, file: "s")
        let second = try Rehearsal.run(scenario, over: fleet, file: "s")
        #expect(first == second)
    }

    @Test func `an error that says less than it must is noticed`() throws {
        let scenario = try ScenarioFile.parse(
            "steps: [{ at: 1m, do: kill, role: process-server, count: 1 }]\nexpect: []", name: "s.yaml")
        let fleet = Self.fleet(1)
        var seen = ErrorWatch()
        #expect(try Rehearsal.run(scenario, over: fleet, file: "s.yaml").violations == [])
        var registry = Registry(settings: RegistrySettings(serverName: "cs-01"), at: Instant(nanoseconds: 1))
        let raised = registry.storeFailed(reason: "disk full", at: Instant(nanoseconds: 2)).compactMap {
            if case .publish(.raised, let finding) = $0 { finding } else { nil }
        }
        var finding = try #require(raised.first)
        #expect(finding.omissions == [])
        finding.evidence = []
        finding.form.words = CaseWords()
        seen.see(.raised, finding, at: finding.raisedAt)
        seen.see(.raised, finding, at: finding.raisedAt)
        for what in ["no evidence", "no number", "open place", "names no machine", "raised twice"] {
            #expect(seen.nonsense.contains { $0.contains(what) }, "\(what)")
        }
    }

    @Test func `a check tells what is missing, late, wrong, and too much`() throws {
        let scenario = try ScenarioFile.parse(
            """
            fleet: { agents: 4, process-servers: 1, master-targets: 0, sites: 1, seed: 1 }
            steps:
              - { at: 10s, do: kill, role: process-server, for: 1m }
              - { at: 10s, do: kill, role: agent, count: 1, for: 1m }
            expect:
              - { error: 806, step: 1, by: 60s, gone-by: 2m, cause: tmansvc, remedy: tmansvc }
              - { error: 95226a, step: 2, by: 60s }
            """, name: "s.yaml")
        let fleet = SimulatedFleet(try #require(scenario.fleet))
        let plan = try ScenarioPlan(scenario, over: fleet, file: "s.yaml")
        func check(_ errors: [ObservedError]) throws -> ExpectationCheck {
            try ExpectationCheck(errors, against: scenario, plan, in: fleet, file: "s.yaml")
        }
        func error(_ code: String, _ node: Int, _ raised: Int, _ cleared: Int?, _ cause: String) -> ObservedError {
            ObservedError(
                code: code, scope: .node, name: fleet.nodes[node].hostname, service: "", title: "",
                raisedAt: .seconds(raised),
                clearedAt: cleared.map { .seconds($0) }, likelyCause: cause, remedy: ["start tmansvc"])
        }
        let server = error("806", 0, 50, 90, "tmansvc stopped")
        let agent = error("95226a", plan.nodesOfSteps[1][0], 50, nil, "")
        #expect(try check([server, agent]).isPassed)
        // A real server's errors tell a service in their title only.
        #expect(try check([server, agent].map { ObservedError(unnamed: $0) }).isPassed)
        let missing = try check([server])
        #expect(missing.faults.count == 1 && missing.met == 1 && missing.recall == 0.5 && missing.precision == 1)
        let late = try check([error("806", 0, 61, 90, "tmansvc stopped"), agent])
        #expect(late.faults.count == 1 && late.faults[0].hasPrefix("late: 806"))
        let staying = try check([error("806", 0, 50, nil, "tmansvc stopped"), agent])
        #expect(staying.faults.count == 1 && staying.faults[0].hasPrefix("still there: 806"))
        let wrong = try check([error("806", 0, 50, 90, "the network"), agent])
        #expect(wrong.faults.count == 1 && wrong.faults[0].hasPrefix("wrong cause: 806"))
        let twice = try check([server, server, agent])
        #expect(twice.faults.count == 1 && twice.unexpected == 1 && twice.precision < 1)
        let other = try check([server, agent, error("78093", 2, 50, 90, "")])
        #expect(other.faults.count == 1 && other.faults[0].hasPrefix("not expected: 78093"))
    }

    @Test func `the model of the path keeps the order, and brings back what was lost in a clump`() {
        var node = RehearsedNode(
            Self.fleet(1).nodes[0], seed: 1, program: .standard, timings: .init())
        let plain = (0..<200).map { _ in node.transit() }
        #expect(plain.allSatisfy { $0 >= node.baseDelay && $0 < node.baseDelay * 2 })
        node.lossPercent = 50
        let lossy = (0..<200).map { _ in node.transit() }
        #expect(lossy.count { $0 > .milliseconds(200) } > 60)
        #expect(node.retransmission(afterCut: .seconds(3_600)) <= RehearsedNode.longestRetransmission)
    }
}

extension ObservedError {
    fileprivate init(unnamed error: ObservedError) {
        self = error
        service = nil
    }
}
