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

        @Test("Gets told of its own attempts by their ports, and lists all to an operator")
        func notes() async throws {
            let fleet = try await TestFleet()
            let other = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let foreign = try WireClient(
                port: server.port, context: try fleet.context(), identity: try other.nodeIdentity())
            foreign.send(.register("stray"))
            #expect(foreign.waitForEnd() != nil)
            let stranger = try WireClient(server)
            let person = try WireClient(server, identity: try fleet.operatorIdentity("alice"))
            var port: UInt32?
            try await eventually("the attempt is listed", logs: [server.child]) {
                let listed = try person.call(.with { $0.listAttempts = .init() }).listAttempts.attempts
                port = listed.first { $0.failure }?.peerAddress.split(separator: ":").last.flatMap { UInt32($0) }
                return port != nil
            }
            let own = try #require(port)
            let told = try stranger.call(.with { $0.compareNotes = .with { $0.ports = [own] } })
            #expect(told.compareNotes.attempts.map(\.reason) == ["wrong-authority"], "\(told)")
            let others = try stranger.call(.with { $0.compareNotes = .with { $0.ports = [own ^ 1] } })
            #expect(others.status == 0 && others.compareNotes.attempts.isEmpty)
            let listed = try await Program.run(["probes", "--failures", "--data", fleet.data])
            #expect(listed.status == 0 && listed.output.contains("127.0.0.1:\(own)"), "\(listed)")
            let json = try await Program.run(["probes", "--json", "--data", fleet.data])
            #expect(json.output.contains("\"reason\": \"wrong-authority\""), "\(json)")
        }
    }
}
