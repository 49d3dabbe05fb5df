import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A fleet that comes back")
    struct ReturnTests {
        @Test(
            "after kill -9 resumes its sessions, at the pace and in the time that the server announced; nobody is called lost"
        )
        func killedServer() async throws {
            let fleet = try await TestFleet()
            let agents = 120
            let pace = ["--admissions-per-second", "30", "--log-level", "debug"]
            let first = try await ServerProcess(fleet, interval: "1s")
            let simulator = try ChildProcess(
                [
                    Program.path, "simulate", "--server", first.address, "--data", fleet.data, "--agents", "\(agents)",
                    "--process-servers", "0", "--master-targets", "0", "--sites", "3", "--no-goodbye",
                ], name: "simulator", logs: fleet.logs)
            try await first.until("all are registered", logs: [simulator]) {
                try await $0.status()
            } _: {
                $0.nodes == agents
            }
            first.child.kill()

            let second = try await ServerProcess(fleet, port: first.port, interval: "1s", pace)
            #expect(second.child.log.contains("the \(agents) that answered before can all be back by"))
            let status = try await second.status()
            let homecoming = try #require(status.homecoming)
            #expect(homecoming.expected == agents)
            try await eventually("all are back", logs: [second.child, simulator]) {
                second.child.log.contains("homecoming over: all \(agents) nodes are back")
                    && second.child.log.contains("were announced for \(agents) nodes")
            }
            #expect(try await second.errors(all: true).isEmpty)
            let log = second.child.log
            // Thirty a second on each of two loops.
            let took = try #require(log.firstMatch(of: #/the return took ([0-9.]+) s; /#)?.1)
            let seconds = try #require(Double(took))
            #expect(seconds >= 1.8)
            let resumed = log.components(separatedBy: "session established over TLSv1.3, resumed").count - 1
            #expect(resumed >= agents, "\(resumed) of \(agents) resumed")
        }
    }
}
