import Foundation
import Testing

extension EndToEnd {
    @Suite("The whole story")
    struct StoryTests {
        @Test(
            "A stopped service is named with its remedy within two heartbeat intervals, and cleared when it runs again")
        func stoppedService() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "1s")
            let service = WatchedService(fleet)
            try service.start()
            let agent = try AgentProcess(
                "web-01", identity: try await fleet.node("web-01"), server: server, watch: [service.spec])
            let relay = try AgentProcess(
                "ps-01", identity: try await fleet.node("ps-01"), server: server, role: "process-server")
            let target = try AgentProcess(
                "mt-01", identity: try await fleet.node("mt-01"), server: server, role: "master-target")
            let logs = [agent.child, relay.child, target.child]

            let nodes = try await server.until("three nodes are reachable", logs: logs) {
                try await $0.nodes()
            } _: {
                $0.count == 3 && $0.allSatisfy { $0.reachability == "reachable" }
            }
            #expect(Set(nodes.map(\.role)) == ["mobility-agent", "process-server", "master-target"])
            #expect(nodes.allSatisfy { $0.components.first?.tlsVersion == "TLSv1.3" })
            let web = try #require(nodes.first { $0.hostname == "web-01" })
            #expect(web.services.map(\.report.name) == [WatchedService.name])
            #expect(web.services.map(\.report.state) == ["running"])
            try await server.until("heartbeats come in", logs: logs) {
                try await $0.status()
            } _: {
                $0.heartbeats > 3
            }

            let stopped = Date()
            service.stop()
            let raised = try await server.until("95226b is active", logs: logs) {
                try await $0.errors()
            } _: {
                $0.contains { $0.name == "95226b" }
            }
            let error = try #require(raised.first { $0.name == "95226b" })
            #expect(error.subject.contains("web-01"))
            #expect(error.title.contains(WatchedService.name))
            #expect(error.severity == "critical")
            #expect(!error.remedy.isEmpty && error.remedy.joined().contains(WatchedService.name))
            let delay = error.raisedAt.timeIntervalSince(stopped)
            #expect(delay > -0.1 && delay < 2, "two heartbeat intervals are 2 s; it took \(delay) s")
            let critical = try await Program.run(["status", "--data", fleet.data])
            #expect(critical.status == 2 && critical.output.contains("95226"), "\(critical)")

            try service.start()
            try await server.until("the error is cleared", logs: logs) {
                try await $0.errors()
            } _: {
                $0.isEmpty
            }
            let past = try await server.errors(all: true)
            #expect(past.first { $0.id == error.id }?.clearedAt != nil)
            #expect(past.first { $0.id == error.id }?.clearedBecause?.isEmpty == false)
            let healthy = try await Program.run(["status", "--data", fleet.data])
            #expect(healthy.status == 0, "\(healthy)")
        }

        @Test(
            "An agent killed with kill -9 is suspect within a second, unreachable in due time, and back when it returns"
        )
        func killedAgent() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "1s")
            let identity = try await fleet.node("db-01")
            let agent = try AgentProcess("db-01", identity: identity, server: server)
            let neighbour = try AgentProcess("db-02", identity: try await fleet.node("db-02"), server: server)
            try await server.until("both are reachable", logs: [agent.child, neighbour.child]) {
                try await $0.nodes()
            } _: {
                $0.count == 2 && $0.allSatisfy { $0.reachability == "reachable" }
            }

            let killed = Date()
            agent.child.kill()
            let errors = try await server.until("the loss is an error") {
                try await $0.errors()
            } _: {
                !$0.isEmpty
            }
            #expect(errors.map(\.name) == ["95226a"])
            #expect(errors.first?.subject == "db-01")
            #expect(errors.first?.remedy.isEmpty == false)
            let follower = try ChildProcess(
                [Program.path, "errors", "--follow", "--json", "--data", fleet.data], name: "follower", logs: fleet.logs
            )
            try await eventually("the follower hears of the error", logs: [follower]) {
                follower.output.contains("db-01")
            }
            let story = try await server.node("db-01")
            #expect(story.node.reachability == "unreachable")
            let suspect = try #require(story.history.first { $0.event == "suspect" }, "\(story.history)")
            #expect(suspect.at.timeIntervalSince(killed) < 1)
            let unreachable = try #require(story.history.first { $0.event == "unreachable" }, "\(story.history)")
            // Silent for three intervals, counted from its last sign of life, which is at most one interval old.
            #expect(unreachable.at.timeIntervalSince(killed) > 1.5)
            #expect(unreachable.at.timeIntervalSince(killed) < 4.5)

            let again = try AgentProcess("db-01", identity: identity, server: server)
            try await server.until("it is back", logs: [again.child]) {
                try await $0.nodes()
            } _: {
                $0.allSatisfy { $0.reachability == "reachable" }
            }
            try await server.until("nothing is wrong") {
                try await $0.errors()
            } _: {
                $0.isEmpty
            }
            #expect(try await server.errors(all: true).first?.clearedAt != nil)

            neighbour.child.kill()
            try await eventually("the follower hears of the other", logs: [follower]) {
                follower.output.contains("db-02")
            }
            let first = follower.output.split(separator: "\n").first { $0.contains("db-02") } ?? ""
            #expect(first.contains("\"suspect\"") && !first.contains("\"error\""), "a suspect before it is an error")
        }
    }
}
