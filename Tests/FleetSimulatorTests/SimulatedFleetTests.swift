import Foundation
import RollcallProtocol
import Testing

@testable import FleetSimulator

@Suite("A simulated fleet")
struct SimulatedFleetTests {
    static let options = FleetOptions(agents: 24, processServers: 2, masterTargets: 1, sites: 2, seed: 1)
    private let fleet = SimulatedFleet(options)

    @Test func `is the same for the same seed, and another for another`() {
        #expect(SimulatedFleet(Self.options).nodes == fleet.nodes)
        var other = Self.options
        other.seed = 2
        #expect(Set(SimulatedFleet(other).nodes.map(\.id)).isDisjoint(with: fleet.nodes.map(\.id)))
    }

    @Test func `has unique names, ids and addresses`() {
        let large = SimulatedFleet(
            FleetOptions(agents: 9000, processServers: 40, masterTargets: 10, sites: 7, seed: 3)
        ).nodes
        #expect(Set(large.map(\.hostname)).count == 9050)
        #expect(Set(large.map(\.id)).count == 9050)
        #expect(Set(large.flatMap(\.addresses)).count == large.flatMap(\.addresses).count)
        #expect(Set(large.map(\.site)).count == 7)
    }

    @Test func `every protected machine sends to a process server of its own site`() {
        let servers = Dictionary(
            uniqueKeysWithValues: fleet.nodes.filter { $0.role == .processServer }.map { ($0.hostname, $0.site) })
        for node in fleet.nodes where node.role == .mobilityAgent {
            #expect(servers[node.processServer] == node.site)
        }
    }

    @Test func `a site without a process server sends elsewhere`() {
        let fleet = SimulatedFleet(FleetOptions(agents: 6, processServers: 1, masterTargets: 0, sites: 3, seed: 1))
        #expect(
            fleet.nodes.filter { $0.role == .mobilityAgent }.allSatisfy { $0.processServer == "hq-ps-01.corp.example" })
    }

    @Test func `services belong to the role`() {
        let onPremises = fleet.nodes.first { $0.role == .processServer && $0.site == "headquarters" }
        let cloud = fleet.nodes.first { $0.role == .processServer && $0.site == "azure-eastasia" }
        let machine = fleet.nodes.first { $0.role == .mobilityAgent }
        #expect(onPremises?.services.count == 9)
        #expect(
            cloud?.services.map(\.name) == [
                "ProcessServer", "ProcessServerMonitor", "cxprocessserver", "InMage PushInstall", "LogUpload",
            ])
        #expect(machine?.services.first?.name == "InMage Scout Application Service")
    }

    @Test func `each boot has an id of its own, the same in each run`() {
        let node = fleet.nodes[0]
        let first = node.registration(boot: 0, agentVersion: "1", seed: 1)
        #expect(first.bootID.count == 16)
        #expect(node.registration(boot: 0, agentVersion: "1", seed: 1) == first)
        #expect(node.registration(boot: 1, agentVersion: "1", seed: 1).bootID != first.bootID)
    }

    @Test func `numbers that cannot be are refused in words`() {
        var options = Self.options
        options.agents = -1
        #expect(options.fault == "-1 agents: it can be 0 to 60000")
        options.agents = 60_000
        #expect(options.fault == "60003 nodes: one process simulates 60000 at most")
        options.agents = 1
        options.sites = 0
        #expect(options.fault == "0 sites: it can be 1 to 250")
        #expect(FleetOptions(agents: 0, processServers: 0, masterTargets: 0, sites: 1, seed: 1).fault != nil)
    }
}
