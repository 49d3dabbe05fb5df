import CertificateAuthority
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Revocation")
    struct RevocationTests {
        @Test("closes the node's connection at once, keeps it out, and both sides say why; a new certificate gets in")
        func revokeRunning() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let identity = try await fleet.node("web-01")
            let agent = try AgentProcess("web-01", identity: identity, server: server)
            try await server.until("web-01 is reachable", logs: [agent.child]) {
                try await $0.nodes()
            } _: {
                $0.first?.reachability == "reachable"
            }
            let outcome = try await Program.run(
                ["pki", "revoke", "web-01", "--reason", "laptop was stolen", "--data", fleet.data])
            #expect(outcome.status == 0 && outcome.output.contains("has closed 1 connections"), "\(outcome)")
            try await eventually("both say why", logs: [server.child, agent.child]) {
                server.child.log.contains("closed: the certificate of rollcall://test/node/")
                    && server.child.log.contains("certificate was revoked: the certificate of rollcall://test/node/")
                    && agent.child.log.contains("laptop was stolen")
                    && agent.child.log.contains("this client's certificate was revoked")
            }
            #expect(agent.registrations == 1, "\(agent.child.tail)")

            let shown = try await Program.run(["pki", "show", fleet.data + "/pki", identity])
            #expect(shown.status == 1 && shown.output.contains("laptop was stolen"), "\(shown)")
            let renewed = try await Program.run(["pki", "node", "--data", fleet.data, "--out", identity, "--force"])
            #expect(renewed.status == 0, "\(renewed)")
            let again = try AgentProcess("web-01", identity: identity, server: server)
            try await eventually("it is in again", logs: [server.child, again.child]) { again.registrations == 1 }
        }

        @Test(
            "without a server is read at the next start, and a list that cannot be read keeps the server from starting")
        func revokeOffline() async throws {
            let fleet = try await TestFleet()
            let id = UUID()
            let node = try fleet.nodeIdentity(id)
            let outcome = try await Program.run(
                ["pki", "revoke", id.uuidString, "--reason", "gone", "--data", fleet.data])
            #expect(outcome.status == 0 && outcome.output.contains("No server runs"), "\(outcome)")
            let server = try await ServerProcess(fleet)
            let refused = try WireClient(port: server.port, context: try fleet.context(), identity: node)
            refused.send(.register("web-01"))
            #expect(refused.waitForEnd() != nil)
            #expect(refused.responses.allSatisfy { $0.status != 0 })
            #expect(try WireClient(server, identity: try fleet.nodeIdentity()).call(.register("web-02")).status == 0)

            // A typing error: the running server goes on with what it had, and says so; a new one does not start.
            let list = fleet.data + "/pki/revoked.txt"
            try Data("serial what\n".utf8).write(to: URL(filePath: list))
            kill(server.child.pid, SIGHUP)
            try await eventually("it is told", logs: [server.child]) {
                server.child.log.contains("not read anew") && server.child.log.contains("revoked.txt:1")
            }
            let still = try WireClient(port: server.port, context: try fleet.context(), identity: node)
            still.send(.register("web-01"))
            #expect(still.waitForEnd() != nil)
            let second = try await TestFleet()
            try Data("serial what\n".utf8).write(to: URL(filePath: second.data + "/pki/revoked.txt"))
            let start = try await Program.run(["serve", "--data", second.data, "--listen", "127.0.0.1:0"])
            #expect(start.status != 0 && start.errors.contains("revoked.txt:1"), "\(start)")
        }

        @Test("SIGHUP: new connections see the new certificate, those that are open go on")
        func newCertificate() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let before = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(try before.call(.register("web-01")).status == 0)
            let renewed = try await Program.run(
                [
                    "pki", "server", "--data", fleet.data, "--host", "127.0.0.1", "--host", "renewed.example",
                    "--new-key",
                ])
            #expect(renewed.status == 0, "\(renewed)")
            kill(server.child.pid, SIGHUP)
            try await eventually("certificates are read", logs: [server.child]) {
                server.child.log.contains("certificates read")
            }
            let after = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(try after.call(.ping()).status == 0)
            #expect(after.serverHostNames.contains("renewed.example"))
            #expect(try before.call(.heartbeat(1)).status == 0)
        }
    }
}
