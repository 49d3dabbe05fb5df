import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Identity")
    struct IdentityTests {
        @Test("two agents with one identity: the first keeps its place, the second is kept out, both logs say so")
        func twoAgents() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "500ms")
            let identity = try await fleet.node("web-01")
            let first = try AgentProcess("web-01", identity: identity, server: server)
            try await eventually("the first is in", logs: [server.child, first.child]) { first.registrations >= 1 }
            let second = try AgentProcess("web-01-copy", identity: identity, server: server)
            let logs = [server.child, first.child, second.child]
            try await server.until("the error is there", logs: logs) {
                try await $0.errors()
            } _: {
                $0.contains { $0.name == "duplicate-identity" }
            }
            let error = try #require(try await server.errors().first { $0.name == "duplicate-identity" })
            #expect(error.severity == "critical" && error.title.contains("two agents use its identity"))
            #expect(error.remedy.contains { $0.contains("rollcall pki node") })
            try await eventually("both say why", logs: logs) {
                first.child.log.contains("another machine uses this one's identity")
                    && second.child.log.contains("two machines use one identity")
                    && second.child.log.contains("rollcall pki node")
            }
            let story = try await server.node("web-01")
            #expect(story.node.reachability == "reachable" && story.node.hostname == "web-01")
        }

        @Test("an agent tests its process server's port: the server hears when it closes and when it opens again")
        func dataPath() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "500ms")
            // Whatever speaks TLS stands for a process server.
            let others = try await TestFleet()
            var processServer: ServerProcess? = try await ServerProcess(others)
            let port = try #require(processServer?.port)
            let agent = try AgentProcess(
                "web-01", identity: try await fleet.node("web-01"), server: server,
                [
                    "--process-server", "127.0.0.1", "--process-server-port", "\(port)", "--process-server-check",
                    "200ms",
                ])
            let logs = [server.child, agent.child]
            try await eventually("it is open", logs: logs) {
                agent.registrations == 1 && agent.child.log.contains("process server can be reached")
            }
            #expect(try await server.errors().isEmpty)
            processServer?.child.kill()
            try await server.until("78186", logs: logs) {
                try await $0.errors()
            } _: {
                $0.contains { $0.name == "78186" }
            }
            #expect(agent.child.log.contains("process server cannot be reached"))
            processServer = try await ServerProcess(others, port: port)
            try await server.until("it is cleared", logs: logs) {
                try await $0.errors()
            } _: {
                $0.isEmpty
            }
        }
    }
}
