import Foundation
import Testing

extension EndToEnd {
    @Suite("A server that asks before it judges")
    struct AskingTests {
        @Test("A program that hangs is told from a machine that is gone, by what its kernel confirms")
        func hangingAgent() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "500ms", ["--ask-suspects", "machine"])
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

            agents[0].child.signal(SIGSTOP)
            let asked = try await server.until("it was asked", logs: logs) {
                try await $0.node("web-01")
            } _: {
                $0.node.asked.contains { $0.source == "connection" } && $0.node.asked.contains { $0.source == "probe" }
            }
            #expect(
                asked.node.asked.contains { $0.text.contains("its machine confirmed the question") },
                "\(asked.node.asked)")
            #expect(
                asked.node.asked.contains { $0.text.contains("127.0.0.1 refused a connection to port 20004") },
                "\(asked.node.asked)")
            let errors = try await server.until("it is judged", logs: logs) {
                try await $0.errors()
            } _: {
                !$0.isEmpty
            }
            #expect(errors.map(\.name) == ["78174"])
            #expect(errors.first?.likelyCause?.contains("the machine answers when it is asked") == true)

            agents[0].child.signal(SIGCONT)
            try await server.until("it is back", logs: logs) {
                try await $0.errors()
            } _: {
                $0.isEmpty
            }
            #expect(try await server.node("web-01").node.asked.isEmpty)
        }

        @Test("A goodbye says what was announced")
        func announcedGoodbye() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "500ms")
            let identity = try await fleet.node("web-01")
            let agent = try AgentProcess("web-01", identity: identity, server: server)
            try await server.until("it is reachable", logs: [agent.child]) {
                try await $0.status()
            } _: {
                $0.reachable == 1
            }
            let announced = try await Program.run(["agent", "--goodbye", "upgrade", "--identity", identity])
            #expect(announced.status == 0, "\(announced)")
            agent.child.signal(SIGTERM)
            let story = try await server.until("it has left", logs: [agent.child]) {
                try await $0.node("web-01")
            } _: {
                $0.node.reachability == "left"
            }
            #expect(
                story.history.contains { $0.text == "said goodbye: the agent is being upgraded" }, "\(story.history)")
        }
    }
}
