import CertificateAuthority
import Foundation
import RollcallProtocol
import SecureTransport
import Testing

extension EndToEnd {
    @Suite("Attempts that came to nothing")
    struct AttemptTests {
        /// Asks the server until enough attempts are there; they cross from loop to loop.
        private func attempts(
            _ server: ServerProcess, _ fleet: TestFleet, _ count: Int, _ query: WireListAttemptsRequest = .init()
        ) async throws -> WireListAttemptsResponse {
            let person = try WireClient(server, identity: try fleet.operatorIdentity("alice"))
            var answer = WireListAttemptsResponse()
            try await eventually("\(count) attempts are listed", logs: [server.child]) {
                answer = try person.call(.with { $0.listAttempts = query }).listAttempts
                return answer.attempts.count >= count
            }
            return answer
        }

        @Test("An expired certificate is told with its node, its dates and its rhythm")
        func expired() async throws {
            let past = Date(timeIntervalSinceNow: -4 * 365 * 86_400)
            let fleet = try TestFleet(madeAt: past)
            let server = try await ServerProcess(fleet)
            let id = UUID()
            let node = try WireClient(server, identity: try fleet.nodeIdentity(id))
            #expect(try node.call(.register("web-03")).status == 0)
            let issued = try fleet.authority().issueNode(id: id, at: past)
            let old = try TLSIdentity(certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM)
            for _ in 0..<3 {
                let client = try WireClient(server, identity: old)
                client.send(.register("web-03"))
                #expect(client.waitForEnd() != nil)
            }
            let answer = try await attempts(server, fleet, 3)
            let attempt = try #require(answer.attempts.first)
            #expect(attempt.reason == "certificate-expired")
            #expect(attempt.failure)
            #expect(attempt.progress == .handshaking)
            #expect(attempt.end == .closedByServer)
            #expect(attempt.hostname == "web-03")
            #expect(attempt.peerAddress.hasPrefix("127.0.0.1:"))
            #expect(attempt.validUntilUnixMs > attempt.validFromUnixMs)
            #expect(attempt.validUntilUnixMs < Int64(Date().timeIntervalSince1970 * 1_000))
            #expect(attempt.bytesIn > 500 && attempt.bytesOut > 500)
            #expect(answer.failing.map(\.count) == [3])
            #expect(answer.failing.first?.last.nodeID == attempt.nodeID && attempt.nodeID.count == 16)
        }

        @Test("Each way to fail has its reason, and a name asked for in TLS finds one's own attempt again")
        func reasons() async throws {
            let fleet = try await TestFleet()
            let other = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let foreign = try WireClient(
                port: server.port, context: try fleet.context(), identity: try other.nodeIdentity())
            #expect(foreign.waitForEnd() != nil || foreign.end != nil)
            let issued = try fleet.authority().issueNode(id: UUID(), at: Date(timeIntervalSinceNow: 400 * 86_400))
            let early = try WireClient(
                server, identity: TLSIdentity(certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM))
            #expect(early.waitForEnd() != nil)
            let nobody = try WireClient(server)
            #expect(try nobody.call(.register("web-01")).status == StatusCode.permissionDenied.rawValue)
            let nameless = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(try nameless.call(.register("")).status == StatusCode.invalidArgument.rawValue)
            let distrustful = try WireClient(port: server.port, context: try other.context(), identity: nil)
            #expect(distrustful.end != nil || distrustful.waitForEnd() != nil)
            let typist = try RawSocket(port: server.port)
            typist.write(Array("hello\r\n".utf8))
            _ = typist.readAll()

            let all = try await attempts(server, fleet, 6)
            let reasons = all.attempts.map(\.reason).sorted()
            #expect(
                reasons == [
                    "certificate-missing", "certificate-not-yet-valid", "facts-missing", "plain-text",
                    "server-not-trusted", "wrong-authority",
                ])
            #expect(all.attempts.first { $0.reason == "wrong-authority" }?.nodeID.isEmpty == true)
            #expect(all.attempts.first { $0.reason == "facts-missing" }?.progress == .refused)
            let failures = try await attempts(server, fleet, 5, .with { $0.failuresOnly = true })
            #expect(failures.attempts.count == 5)
            #expect(failures.failing.isEmpty)
        }
    }
}
