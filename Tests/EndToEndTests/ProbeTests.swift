import Foundation
import Testing

extension EndToEnd {
    @Suite("The probe")
    struct ProbeTests {
        @Test("Finds a server well, tells what it is, and what it sees of the one who probes")
        func healthy() async throws {
            let live = try await LiveFleet.shared.value
            let identity = try await live.fleet.node("probing")
            let found = try await Program.run(["probe", live.server.address, "--identity", identity])
            #expect(found.status == 0, "\(found)")
            #expect(found.output.contains("rollcall://test/node/"), "\(found)")
            try await live.checkBystander()
        }

        @Test("Says that nobody listens on a port, and fails")
        func closedPort() async throws {
            let fleet = try await TestFleet()
            let port: UInt16
            do { port = try await ServerProcess(fleet).port }
            let found = try await Program.run(["probe", "127.0.0.1:\(port)"])
            #expect(found.status == 2, "\(found)")
            #expect(found.output.contains("refused"), "\(found)")
        }
    }
}
