import CertificateAuthority
import Foundation
import SecureTransport
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Stop and restart")
    struct RestartTests {
        @Test("Killed with kill -9 under load, the server comes back with everything it acknowledged")
        func killedServer() async throws {
            let fleet = try await TestFleet()
            let first = try await ServerProcess(fleet, interval: "1s")
            let troubled = try WireClient(first, identity: try fleet.nodeIdentity())
            #expect(try troubled.call(.register("troubled", service: .stopped)).status == 0)
            let error = try #require(
                try await first.until("its error is active") {
                    try await $0.errors()
                } _: {
                    !$0.isEmpty
                }.first)

            let simulator = try ChildProcess(
                [
                    Program.path, "simulate", "--server", first.address, "--data", fleet.data, "--agents", "300",
                    "--process-servers", "4", "--master-targets", "2", "--sites", "3", "--ramp", "4s", "--every",
                    "100ms", "--json", "--no-goodbye",
                ], name: "simulator", logs: fleet.logs)
            try await eventually("the load is on", logs: [simulator, first.child]) {
                Self.acknowledged(simulator.output) >= 30
            }
            // Beside the simulated ones, nodes whose acknowledgements this test has seen with its own eyes.
            let authority = try fleet.authority()
            var mine: [String] = ["troubled"]
            var clients: [WireClient] = []
            for number in 0..<20 {
                let issued = try authority.issueNode(id: UUID(), at: Date())
                let identity = try TLSIdentity(certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM)
                let client = try WireClient(first, identity: identity)
                if try client.call(.register("mine-\(number)")).status == 0 { mine.append("mine-\(number)") }
                clients.append(client)
            }
            let simulated = Self.acknowledged(simulator.output)
            first.child.kill()
            let killed = Date()
            clients = []

            let second = try await ServerProcess(fleet, port: first.port, interval: "1s", ["--homecoming", "6s"])
            let status = try await second.status()
            let homecoming = try #require(status.homecoming, "nobody is judged at first")
            #expect(homecoming.expected >= simulated + mine.count)
            #expect(mine.count == 21)
            let nodes = try await second.nodes()
            #expect(Set(mine).isSubset(of: nodes.map(\.hostname)))
            #expect(try await second.errors(all: true).contains { $0.id == error.id && $0.clearedAt == nil })
            let story = try await second.node("troubled")
            #expect(story.history.contains { $0.event == "registered" })

            try await second.until("all simulated agents are back", logs: [simulator]) {
                try await $0.status()
            } _: {
                $0.reachable >= 306
            }
            // Those that stay away are judged when the time is over, and not before.
            let judged = try await second.until("the missing are missed", logs: [simulator]) {
                try await $0.errors()
            } _: { errors in
                errors.contains { $0.id != error.id }
            }
            for later in judged where later.id != error.id {
                #expect(later.raisedAt >= homecoming.until, "\(later)")
                #expect(later.raisedAt > killed)
            }
        }

        /// Registrations that the simulator saw acknowledged, from its lines so far.
        private static func acknowledged(_ output: String) -> Int {
            output.split(separator: "\n").compactMap { line -> Int? in
                struct Second: Decodable {
                    var kind: String
                    var registrations: Int?
                }
                guard let second = try? JSONDecoder().decode(Second.self, from: Data(line.utf8)) else { return nil }
                return second.kind == "second" ? second.registrations : nil
            }.reduce(0, +)
        }

        @Test("SIGTERM ends the server within five seconds, and its agents come back as they were told")
        func drain() async throws {
            let fleet = try await TestFleet()
            let first = try await ServerProcess(fleet, ["--come-back-after", "500ms"])
            var agents: [AgentProcess] = []
            for name in ["web-01", "web-02"] {
                agents.append(try AgentProcess(name, identity: try await fleet.node(name), server: first))
            }
            let logs = agents.map(\.child)
            try await first.until("both are reachable", logs: logs) {
                try await $0.status()
            } _: {
                $0.reachable == 2
            }

            first.child.signal(SIGTERM)
            try await eventually("the server ends", logs: [first.child], within: .seconds(5)) { !first.child.isRunning }
            #expect(first.child.exitStatus == 0, "\(first.child.tail)")
            #expect(first.child.log.contains("stopped"))
            try await eventually("the agents were told", logs: logs) {
                agents.allSatisfy { $0.child.log.contains("asked to come back later") }
            }
            #expect(!FileManager.default.fileExists(atPath: fleet.data + "/rollcall.sock"))

            let second = try await ServerProcess(fleet, port: first.port)
            try await second.until("both are back", logs: logs) {
                try await $0.status()
            } _: {
                $0.reachable == 2
            }
            #expect(try await second.errors(all: true).isEmpty, "a restart is no incident")
            #expect(agents.allSatisfy { $0.child.isRunning })
        }

        @Test("A server that drains listens, says so to probes, sends agents away, and gives the port up at its end")
        func listensWhileDraining() async throws {
            let fleet = try await TestFleet()
            let first = try await ServerProcess(fleet, ["--come-back-after", "500ms", "--drain-for", "60s"])
            let before = try AgentProcess("web-02", identity: try await fleet.node("web-02"), server: first)
            try await first.until("it is reachable", logs: [before.child]) {
                try await $0.status()
            } _: {
                $0.reachable == 1
            }
            first.child.signal(SIGTERM)
            try await eventually("it drains", logs: [first.child]) { first.child.log.contains("stopping:") }
            let sentAway = Date()
            let identity = try await fleet.node("web-01")
            let probe = try RollcallBinary.run([
                "probe", "127.0.0.1:\(first.port)", "--quick", "--json", "--identity", identity,
            ])
            #expect(probe.status == 1)
            #expect(probe.output.contains("\"symptom\": \"draining\""), "\(probe.output)")
            #expect(probe.output.contains("\"readiness\": \"draining\""))
            // 60 s and more: not before the server is back.
            let agent = try AgentProcess("web-01", identity: identity, server: first)
            try await eventually("the agent is told", logs: [first.child, agent.child]) {
                agent.child.log.contains("asked to come back later")
            }
            #expect(first.child.isRunning)
            // Nobody is judged meanwhile: five intervals and more have gone by for the one that was sent away.
            try await eventually("time goes by", logs: [first.child]) {
                Date().timeIntervalSince(sentAway) > 1
            }
            #expect(!first.child.log.contains("error raised"), "\(first.child.tail)")
            // The second one gives up waiting.
            first.child.signal(SIGTERM)
            try await eventually("the server ends", logs: [first.child]) { !first.child.isRunning }
            #expect(first.child.exitStatus == 0)
            _ = try await ServerProcess(fleet, port: first.port)
        }
    }
}
