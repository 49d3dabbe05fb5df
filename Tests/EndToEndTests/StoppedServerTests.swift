import Foundation
import Testing

extension EndToEnd {
    @Suite("A server that stood still, or is late all the time")
    struct StoppedServerTests {
        private static func agents(_ names: [String], of server: ServerProcess) async throws -> [AgentProcess] {
            var agents: [AgentProcess] = []
            for name in names {
                agents.append(try AgentProcess(name, identity: try await server.fleet.node(name), server: server))
            }
            try await server.until("all are reachable", logs: agents.map(\.child)) {
                try await $0.status()
            } _: {
                $0.reachable == names.count
            }
            return agents
        }

        /// Stops the server for so long; what is done meanwhile is done at the beginning.
        private static func stop(
            _ server: ServerProcess, for seconds: Double, meanwhile: () -> Void = {}
        ) async throws {
            server.child.signal(SIGSTOP)
            meanwhile()
            let stopped = Date()
            try await eventually("\(seconds) s have passed") { Date().timeIntervalSince(stopped) > seconds }
            server.child.signal(SIGCONT)
        }

        @Test("After SIGSTOP of any length nobody is reported lost who was not; who died meanwhile is found afterwards")
        func stops() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(
                fleet, interval: "100ms", ["--unreachable-after", "1s", "--homecoming", "2s"])
            let agents = try await Self.agents(["web-01", "web-02", "web-03"], of: server)
            let logs = agents.map(\.child)
            // Less than any threshold; about what a node may be silent; far more.
            for seconds in [0.03, 1, 3] {
                try await Self.stop(server, for: seconds) { if seconds == 3 { agents[2].child.kill() } }
                try await server.until("those who live are heard again", logs: logs) {
                    try await $0.nodes()
                } _: { nodes in
                    nodes.count { $0.reachability == "reachable" } >= (seconds == 3 ? 2 : 3)
                }
            }
            try await server.until("the server says that it was at fault, and who died is found", logs: logs) {
                try await $0.errors(all: true)
            } _: { errors in
                errors.contains { $0.name == "server-stalled" }
                    && errors.contains { $0.subject == "web-03" && $0.clearedAt == nil }
            }
            try await server.until("what it says of itself is over", logs: logs) {
                try await $0.errors()
            } _: { errors in
                errors.allSatisfy { $0.subject == "web-03" }
            }
            let errors = try await server.errors(all: true)
            #expect(errors.filter { $0.scope != "server" }.map(\.subject) == ["web-03"], "\(errors)")
            #expect(try await server.status().reachable == 2)
            for name in ["web-01", "web-02"] {
                let history = try await server.node(name).history
                #expect(!history.contains { $0.event == "unreachable" }, "\(history)")
            }
        }

        @Test(
            "A server that is stopped for 300 ms, again and again, says that it is overloaded, and nobody is lost"
        )
        func pulses() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "1s")
            let agents = try await Self.agents(["web-01", "web-02"], of: server)
            let pid = server.child.pid
            let pulses = try ChildProcess(
                ["/bin/sh", "-c", "while kill -STOP \(pid); do sleep 0.3; kill -CONT \(pid); sleep 0.15; done"],
                name: "pulses", logs: fleet.logs)
            let errors = try await server.until("the server says that it is overloaded", logs: agents.map(\.child)) {
                try await $0.errors()
            } _: {
                $0.contains { $0.name == "server-overloaded" }
            }
            pulses.kill()
            server.child.signal(SIGCONT)
            #expect(errors.allSatisfy { $0.scope == "server" }, "\(errors)")
            #expect(try await server.status().reachable == 2)
            for agent in agents {
                let history = try await server.node(agent.name).history
                #expect(!history.contains { $0.event == "unreachable" }, "\(history)")
            }
        }
    }
}
