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

        @Test(
            "a machine reinstalled with a new key is the same entry by its hardware, also after a restart of the server"
        )
        func newKey() async throws {
            let fleet = try await TestFleet()
            var server = try await ServerProcess(fleet, interval: "500ms")
            let hardware = ["--hardware-id", "4c4c4544-0042-3510-8052-b3c04f4b4e32"]
            let old = try await fleet.node("web-01")
            let new = try await fleet.node("web-01-anew")
            var agent: AgentProcess? = try AgentProcess("web-01", identity: old, server: server, hardware)
            try await server.until("the first is in", logs: [server.child]) {
                try await $0.nodes().map(\.reachability)
            } _: {
                $0 == ["reachable"]
            }
            let id = try #require(try await server.nodes().first).id
            agent?.child.kill()
            agent = nil
            try await server.until("it is away", logs: [server.child]) {
                try await $0.nodes().map(\.reachability)
            } _: {
                $0 != ["reachable"]
            }
            let again = try AgentProcess("web-01", identity: new, server: server, hardware)
            try await server.until("it is told", logs: [server.child, again.child]) {
                try await $0.errors()
            } _: {
                $0.map(\.name) == ["machine-changed"]
            }
            #expect(try await server.errors().first?.title.contains("reinstalled with a new key") == true)
            #expect(try await server.nodes().map(\.id) == [id])

            // The server dies and comes back: the entry is still that of the new key, and the old one is refused.
            server.child.kill()
            server = try await ServerProcess(fleet, port: server.port, interval: "500ms")
            try await server.until("it is back", logs: [server.child, again.child]) {
                try await $0.nodes().map(\.reachability)
            } _: {
                $0 == ["reachable"]
            }
            let stale = try AgentProcess("web-01", identity: old, server: server, hardware)
            try await eventually("the old key is refused, and its log says why", logs: [server.child, stale.child]) {
                stale.child.log.contains("this key is not let in any more") && stale.child.log.contains("--apart")
            }
            #expect(try await server.nodes().map(\.id) == [id])

            // Two machines after all.
            let decided = try await Program.run(["node", "web-01", "--apart", "--data", fleet.data])
            #expect(decided.status == 0 && decided.output.contains("set apart"), "\(decided)")
            try await server.until("each has an entry", logs: [server.child, stale.child, again.child]) {
                try await $0.nodes().map(\.reachability)
            } _: {
                $0 == ["reachable", "reachable"]
            }
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
