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
                    "--flapping-window", "60s", "--flapping-quiet", "4s",
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
            func errors(all: Bool) async throws -> [ErrorAnswer] {
                // Of a server that was late itself, on a busy machine, there may be one, too.
                try await server.errors(all: all).filter { $0.scope != "server" }
            }
            // What happened while the server doubted itself does not count: until it is told, and three times more.
            var known = 0
            for _ in 0..<20 where known < 3 {
                agent.child.kill()
                try await until("unreachable")
                agent = try AgentProcess("web-01", identity: identity, server: server)
                try await until("reachable")
                if try await errors(all: false).contains(where: { $0.name == "flapping" }) { known += 1 }
            }
            let told = try await errors(all: true)
            let flapping = try #require(told.first { $0.name == "flapping" })
            #expect(told.count { $0.name == "flapping" } == 1, "\(told)")
            // The absences before it was known as flapping were errors; those after it were not.
            #expect(told.count { $0.name != "flapping" } >= 3, "\(told)")
            #expect(told.allSatisfy { $0.name == "flapping" || $0.raisedAt < flapping.raisedAt }, "\(told)")
            #expect(try await errors(all: false).map(\.name) == ["flapping"])
            #expect(flapping.title.contains(#/[0-9]+ times/#), "\(flapping.title)")
            try await server.until("it has stayed for long enough", logs: [agent.child]) {
                try await $0.errors()
            } _: {
                !$0.contains { $0.scope != "server" }
            }
            #expect(try await server.status().reachable == 1)
        }
    }
}
