import Foundation
import RollcallProtocol
import Testing

extension EndToEnd {
    @Suite("Out of file descriptors")
    struct DescriptorTests {
        private static let hasPrlimit = FileManager.default.isExecutableFile(atPath: "/usr/bin/prlimit")

        @Test(
            "Registered agents are served, newcomers refused without spinning, and all recovers when they go",
            .enabled(if: hasPrlimit, "prlimit is not installed: apt-get install util-linux"))
        func outOfDescriptors() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, ["--handshake-timeout", "60s"])
            let node = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(try node.call(.register("web-01")).status == 0)
            let person = try WireClient(server, identity: try fleet.operatorIdentity("alice"))
            #expect(try person.call(.with { $0.getStatus = .init() }).status == 0)

            // The server checks its limits when it starts; so the limit is lowered afterwards.
            // It is about numbers, not about how many: some that the tests' process left to its child may be high ones.
            let used = Set(
                try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.child.pid)/fd").compactMap {
                    Int($0)
                })
            let last = try #require((0..<20_000).lazy.filter { !used.contains($0) }.prefix(20).last)
            let lowered = try await Program.run(command: [
                "/usr/bin/prlimit", "--pid", "\(server.child.pid)", "--nofile=\(last + 1)",
            ])
            #expect(lowered.status == 0, "\(lowered)")
            var crowd: [RawSocket] = []
            for _ in 0..<100 { crowd.append(try RawSocket(port: server.port)) }
            try await eventually("the server says so", logs: [server.child]) {
                server.child.log.contains("out of file descriptors")
            }
            let before = server.child.processorTime
            let clock = ContinuousClock()
            let start = clock.now
            for beat in 1...20 {
                #expect(try node.call(.heartbeat(UInt64(beat))).status == 0)
                _ = node.wait(within: .milliseconds(100)) { false }
            }
            #expect(try person.call(.with { $0.getStatus = .init() }).getStatus.nodes == 1)
            let share = (server.child.processorTime - before) / (clock.now - start)
            #expect(share < 0.5, "a server that spins uses a whole processor; it used \(share) of one")
            let complaints = server.child.log.components(separatedBy: "out of file descriptors").count - 1
            #expect(complaints < 50, "\(complaints) lines")

            for socket in crowd { socket.reset() }
            crowd = []
            try await eventually("newcomers are served again", logs: [server.child]) {
                let newcomer = try WireClient(server)
                guard newcomer.facts != nil else { return false }
                return try newcomer.call(.ping()).status == 0
            }
            #expect(try await server.nodes().map(\.reachability) == ["reachable"])
            #expect(server.child.isRunning)
        }
    }
}
