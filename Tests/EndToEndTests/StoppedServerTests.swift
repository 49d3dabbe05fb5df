import Foundation
import Testing

extension EndToEnd {
    @Suite("A server that stood still")
    struct StoppedServerTests {
        @Test("After SIGSTOP and SIGCONT nobody is reported lost who was not, and the error says who was at fault")
        func stoppedServer() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "500ms", ["--homecoming", "4s"])
            var agents: [AgentProcess] = []
            for name in ["web-01", "web-02"] {
                agents.append(try AgentProcess(name, identity: try await fleet.node(name), server: server))
            }
            let logs = agents.map(\.child)
            try await server.until("both are reachable", logs: logs) {
                try await $0.status()
            } _: {
                $0.reachable == 2
            }

            server.child.signal(SIGSTOP)
            // Longer than every limit: a node is unreachable after 1.5 s, and a connection is reset after 3 s.
            let stopped = Date()
            try await eventually("five seconds have passed", logs: logs) { Date().timeIntervalSince(stopped) > 5 }
            server.child.signal(SIGCONT)

            try await server.until("the server says that it was at fault", logs: logs) {
                try await $0.errors()
            } _: { errors in
                errors.contains { $0.name == "server-stalled" }
            }
            try await server.until("the error is over", logs: logs) {
                try await $0.errors()
            } _: { errors in
                errors.isEmpty
            }
            #expect(try await server.errors(all: true).map(\.name) == ["server-stalled"])
            #expect(try await server.status().reachable == 2)
        }
    }
}
