import AgentClient
import CertificateAuthority
import EventLoop
import Foundation
import RollcallProtocol
import Synchronization
import TestServer
import Testing

@testable import FleetSimulator

/// Runs a small fleet against a small server in a thread of its own, and steers it from the test.
private final class RunningFleet: Sendable {
    let server: TestServer
    private let thread: EventLoopThread
    private let nodes: LoopBound<SimulatorLoop>
    let fleet: SimulatedFleet

    init(_ options: FleetOptions, interval: Duration = .milliseconds(30)) throws {
        server = try TestServer(respond: TestServer.agreeable(interval: interval))
        fleet = SimulatedFleet(options)
        let certificates = try FleetCertificates(for: fleet, from: server.authority, at: Date())
        thread = try EventLoopThread()
        let loop = thread.loop, fleet = fleet
        let name = ServerName(host: "127.0.0.1", port: server.port)
        let timings = AgentTimings(
            dialLimit: .milliseconds(500), answerLimit: .milliseconds(500), firstRetry: .milliseconds(10),
            longestRetry: .milliseconds(100))
        nodes = loop.make { loop in
            let home = SimulatorLoop(.init(loop: loop, timings: timings, version: "0.1.0", seed: 1))
            for node in fleet.nodes {
                let endpoint = ServerEndpoint.tls(name, certificates.credentials[node.index])
                home.add(SimulatedNode(node, endpoint: endpoint, in: home.environment))
            }
            return home
        }
        carryOut { $0.start(ramp: .zero, fleetSize: fleet.nodes.count) }
    }

    deinit {
        thread.loop.stop()
        thread.join()
    }

    func carryOut(_ body: @escaping @Sendable (SimulatorLoop) -> Void) {
        let nodes = nodes
        thread.loop.post { body(nodes.value) }
    }

    func carryOut(_ act: Scenario.Act, on indices: [Int] = [0]) { carryOut { $0.carryOut(act, on: indices) } }

    var snapshot: SimulatorLoop.Snapshot {
        let nodes = nodes
        let result = Mutex(SimulatorLoop.Snapshot())
        let ready = DispatchSemaphore(value: 0)
        thread.loop.post {
            let snapshot = nodes.value.snapshot
            result.withLock { $0 = snapshot }
            ready.signal()
        }
        ready.wait()
        return result.withLock { $0 }
    }

    func registrations(of index: Int = 0) -> [WireRegisterRequest] {
        let identity = "rollcall://test/node/\(fleet.nodes[index].id.uuidString.lowercased())"
        return server.requests.filter { $0.identity == identity }.compactMap {
            if case .register(let registration) = $0.request.method { registration } else { nil }
        }
    }

    func heartbeats(of index: Int = 0) -> [WireHeartbeatRequest] {
        let identity = "rollcall://test/node/\(fleet.nodes[index].id.uuidString.lowercased())"
        return server.requests.filter { $0.identity == identity }.compactMap {
            if case .heartbeat(let heartbeat) = $0.request.method { heartbeat } else { nil }
        }
    }
}

@Suite("A simulated fleet that runs")
struct FleetSimulatorTests {
    private static let one = FleetOptions(agents: 1, processServers: 0, masterTargets: 0, sites: 1, seed: 1)

    @Test func `registers every node under its own certificate, and beats`() async throws {
        let running = try RunningFleet(
            FleetOptions(agents: 20, processServers: 2, masterTargets: 1, sites: 2, seed: 1))
        #expect(await eventually { running.snapshot.gauges.registered == 23 })
        #expect(await eventually { running.snapshot.counters.heartbeats > 100 })
        let identities = Set(running.server.requests.map(\.identity))
        #expect(identities.count == 23)
        #expect(running.snapshot.counters.reconnects == 0)
    }

    @Test func `a service that stops is told`() async throws {
        let running = try RunningFleet(Self.one)
        #expect(await eventually { running.snapshot.gauges.registered == 1 })
        running.carryOut(.stopService(RoleServices.scout))
        #expect(
            await eventually {
                running.heartbeats().contains { $0.services.map(\.state) == [.stopped] }
            })
        running.carryOut(.startService(RoleServices.scout))
        #expect(
            await eventually { running.heartbeats().last { !$0.services.isEmpty }?.services.first?.state == .running })
    }

    @Test func `a killed node is gone without a goodbye, and returns in the same boot`() async throws {
        let running = try RunningFleet(Self.one)
        #expect(await eventually { running.snapshot.gauges.registered == 1 })
        running.carryOut(.kill)
        #expect(await eventually { running.server.connections == 0 })
        #expect(running.snapshot.gauges == FleetGauges())
        running.carryOut(.comeBack)
        #expect(await eventually { running.registrations().count == 2 })
        #expect(Set(running.registrations().map(\.bootID)).count == 1)
        #expect(!running.server.requests.contains { $0.request.leave.reason != .unspecified })
    }

    @Test func `a restart says goodbye and comes back in a new boot`() async throws {
        let running = try RunningFleet(Self.one)
        #expect(await eventually { running.snapshot.gauges.registered == 1 })
        running.carryOut(.restart)
        running.carryOut(.comeBack)
        #expect(await eventually { running.registrations().count == 2 })
        #expect(Set(running.registrations().map(\.bootID)).count == 2)
        #expect(running.server.requests.contains { $0.request.leave.reason == .reboot })
    }

    @Test func `a frozen node keeps its connection and is silent; thawed, it goes on`() async throws {
        let running = try RunningFleet(
            FleetOptions(agents: 2, processServers: 0, masterTargets: 0, sites: 1, seed: 1))
        #expect(await eventually { running.heartbeats(of: 0).count > 2 && running.heartbeats(of: 1).count > 2 })
        running.carryOut(.freeze)
        // Its neighbour's next heartbeats show that what was on its way has arrived.
        var neighbour = running.heartbeats(of: 1).count
        #expect(await eventually { running.heartbeats(of: 1).count > neighbour + 2 })
        let count = running.heartbeats(of: 0).count
        neighbour = running.heartbeats(of: 1).count
        #expect(await eventually { running.heartbeats(of: 1).count > neighbour + 10 })
        #expect(running.heartbeats(of: 0).count == count)
        #expect(running.server.connections == 2)
        running.carryOut(.thaw)
        #expect(await eventually { running.heartbeats(of: 0).count > count + 2 })
    }

    @Test func `a partition is silent for both, and heals`() async throws {
        let running = try RunningFleet(Self.one)
        #expect(await eventually { running.snapshot.gauges.registered == 1 })
        running.carryOut(.partition)
        // The agent gives up, and dials into the dark again and again; the server still has the old connection.
        #expect(await eventually { running.snapshot.counters.reasons.keys.contains { $0.hasPrefix("no connection") } })
        #expect(running.server.connections == 1)
        #expect(running.server.accepted == 1)
        #expect(running.snapshot.gauges.registered == 0)
        running.carryOut(.heal)
        #expect(await eventually { running.snapshot.gauges.registered == 1 && running.server.connections == 1 })
        #expect(running.server.accepted == 2)
    }

    @Test func `a short partition is bridged: what was held back arrives`() async throws {
        let running = try RunningFleet(Self.one)
        #expect(await eventually { running.snapshot.gauges.registered == 1 })
        running.carryOut(.partition)
        running.carryOut(.stopService(RoleServices.scout))
        running.carryOut(.heal)
        #expect(await eventually { running.heartbeats().contains { $0.services.map(\.state) == [.stopped] } })
        #expect(running.server.accepted == 1)
    }

    @Test func `a run ends by itself, with goodbyes and a report`() async throws {
        let server = try TestServer(respond: TestServer.agreeable(interval: .milliseconds(50)))
        let fleet = SimulatedFleet(FleetOptions(agents: 5, processServers: 1, masterTargets: 0, sites: 1, seed: 1))
        let scenario = try ScenarioFile.parse("steps: [{ at: 100ms, do: kill, nodes: '*-ps-01' }]", name: "s")
        var run = FleetSimulator.Run(server: ServerName(host: "127.0.0.1", port: server.port))
        run.duration = .seconds(1)
        run.summaryInterval = .milliseconds(100)
        run.loops = 2
        let simulator = FleetSimulator(
            fleet, certificates: try FleetCertificates(for: fleet, from: server.authority, at: Date()),
            plan: try ScenarioPlan(scenario, over: fleet, file: "s"), run: run)
        var summaries: [FleetReport] = []
        var acts: [String] = []
        let report = try simulator.run { update in
            switch update {
            case .summary(let report): summaries.append(report)
            case .act(let act): acts.append(act.act)
            }
        }
        #expect(acts == ["kill: hq-ps-01.corp.example"])
        #expect(!summaries.isEmpty)
        #expect(report.nodes == 6 && report.registrations >= 5)
        #expect(await eventually { server.requests.count { $0.request.leave.reason == .serviceStop } == 5 })
    }
}
