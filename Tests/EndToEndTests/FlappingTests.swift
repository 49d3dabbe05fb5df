import Foundation
import Testing

extension EndToEnd {
    @Suite("An agent that comes and goes")
    struct FlappingTests {
        @Test("Killed and back again and again it is one error with a count, which ends when it stays")
        func crashes() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(
                fleet, interval: "200ms",
                [
                    "--unreachable-after", "600ms", "--homecoming", "600ms", "--flapping-count", "3",
                    "--flapping-window", "60s", "--flapping-quiet", "2s",
                ])
            let identity = try await fleet.node("web-01")
            var agent = try AgentProcess("web-01", identity: identity, server: server)
            func until(_ what: String) async throws {
                try await server.until("it is \(what)", logs: [agent.child]) {
                    try await $0.nodes()
                } _: {
                    $0.first?.reachability == what
                }
            }
            try await until("reachable")
            for _ in 0..<5 {
                agent.child.kill()
                try await until("unreachable")
                agent = try AgentProcess("web-01", identity: identity, server: server)
                try await until("reachable")
            }
            let errors = try await server.errors(all: true)
            let flapping = try #require(errors.first { $0.name == "flapping" })
            #expect(errors.count { $0.name == "flapping" } == 1, "\(errors)")
            // The absences before it was known as flapping were errors; those after it were not.
            #expect(errors.count == 1 + 3, "\(errors)")
            #expect(errors.filter { $0.clearedAt == nil }.map(\.name) == ["flapping"], "\(errors)")
            #expect(flapping.title.contains("5 times") || flapping.title.contains("4 times"), "\(flapping.title)")
            try await server.until("it has stayed for long enough", logs: [agent.child]) {
                try await $0.errors()
            } _: {
                $0.isEmpty
            }
            #expect(try await server.status().reachable == 1)
        }
    }
}
