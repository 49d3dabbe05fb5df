import CertificateAuthority
import Foundation
import RollcallProtocol
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

        @Test("two servers of one registry: what an agent brings from one tells the other that it is not alone")
        func twoServers() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let identity = try fleet.nodeIdentity()
            let context = try fleet.context()
            func register(at port: UInt16, last: WireServerTag?) throws -> WireServerTag {
                let client = try WireClient(port: port, context: context, identity: identity)
                var request = WireRequest.register("web-01")
                if let last { request.register.lastServer = last }
                let answer = try client.call(request)
                #expect(answer.status == 0, "\(answer)")
                return answer.register.server
            }
            let first = try register(at: server.port, last: nil)
            #expect(first.start == 1 && first.run != 0 && first.registryID.count == 16)
            #expect(try register(at: server.port, last: first) == first)

            // Its data directory, copied while it lives.
            let copy = try await TestFleet()
            for name in try FileManager.default.contentsOfDirectory(atPath: fleet.data)
            where name == "pki" || name.hasPrefix("registry.sqlite") {
                try? FileManager.default.removeItem(atPath: "\(copy.data)/\(name)")
                try FileManager.default.copyItem(atPath: "\(fleet.data)/\(name)", toPath: "\(copy.data)/\(name)")
            }
            let clone = try await ServerProcess(copy)
            let second = try register(at: clone.port, last: first)
            #expect(second.registryID == first.registryID && second.start == 2 && second.run != first.run)
            #expect(try await clone.errors().allSatisfy { $0.name != "duplicate-server" })

            _ = try register(at: server.port, last: second)
            let error = try #require(try await server.errors().first { $0.name == "duplicate-server" })
            #expect(error.severity == "critical" && error.scope == "server")
            // And the clone hears of the original.
            _ = try register(at: clone.port, last: try register(at: server.port, last: nil))
            #expect(server.child.log.contains("another server of this identity lives"))
        }

        @Test("the server's certificate ends: told while it runs, and cleared by a reload with a new one")
        func serverCertificate() async throws {
            let past = Date(timeIntervalSinceNow: -Double(CertificateProfile.server.validDays - 5) * 86_400)
            let fleet = try TestFleet(madeAt: past)
            _ = try PkiDirectory(fleet.data + "/pki").reissueServer(hosts: nil, newKey: false, at: past)
            let server = try await ServerProcess(fleet)
            let told = try #require(
                try await server.errors().first { $0.name == "server-certificate-expiring" })
            #expect(told.severity == "critical" && told.title.contains("days"))
            let renewed = try await Program.run(["pki", "server", "--data", fleet.data])
            #expect(renewed.status == 0, "\(renewed)")
            kill(server.child.pid, SIGHUP)
            try await server.until("it is cleared", logs: [server.child]) {
                try await $0.errors()
            } _: {
                $0.isEmpty
            }
        }

        @Test("a peer whose certificate was superseded is told from one that was revoked")
        func superseded() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let id = UUID()
            let old = try fleet.nodeIdentity(id)
            let revoked = try await Program.run(
                ["pki", "revoke", id.uuidString, "--reason", "superseded by a newer one", "--data", fleet.data])
            #expect(revoked.status == 0, "\(revoked)")
            for _ in 0..<3 {
                let client = try WireClient(port: server.port, context: try fleet.context(), identity: old)
                client.send(.register("web-01"))
                #expect(client.waitForEnd() != nil)
            }
            try await server.until("it is an error", logs: [server.child]) {
                try await $0.errors()
            } _: {
                $0.map(\.name) == ["certificate-superseded"]
            }
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
