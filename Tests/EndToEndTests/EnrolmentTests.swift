import CertificateAuthority
import Foundation
import RollcallProtocol
import SecureTransport
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Enrolment by the fleet's passphrase")
    struct EnrolmentTests {
        private static let passphrase = "correct horse battery staple"

        /// A fleet whose server admits machines, its passphrase in a file as `--passphrase-file` takes it.
        private func open(_ text: String = passphrase) async throws -> (TestFleet, ServerProcess) {
            let fleet = try await TestFleet()
            let verifier = try PassphraseVerifier(
                Passphrase(text), fleet: "test", stretching: .fresh(logN: 14, p: 1))
            let path = PkiDirectory(fleet.data + "/pki").passphraseVerifier
            try KeyFile.write(verifier.text, to: path)
            return (fleet, try await ServerProcess(fleet, ["--passphrase-verifier", path]))
        }

        private func file(_ fleet: TestFleet, _ text: String = passphrase) throws -> String {
            let path = fleet.directory.path("passphrase-\(UInt32.random(in: 0 ... .max))")
            try KeyFile.write(text + "\n", to: path)
            return path
        }

        private func enrol(
            _ name: String, _ fleet: TestFleet, port: UInt16, passphrase: String = passphrase, _ flags: [String] = []
        ) throws -> [String] {
            let path = try file(fleet, passphrase)
            return [
                "agent", "--server", "127.0.0.1:\(port)", "--identity", fleet.directory.path("identity-\(name)"),
                "--hostname", name, "--enroll", "--passphrase-file", path,
            ] + flags
        }

        private func newcomer(_ server: ServerProcess) throws -> WireClient {
            try WireClient(port: server.port, context: .enrolment(trusting: .anybody), identity: nil)
        }

        private func hello(_ name: String = "web-03") -> WireRequest { .with { $0.enroll.hello.hostname = name } }

        @Test(
            "A machine with nothing but the passphrase gets an identity, registers and heartbeats; a restart finds it there"
        )
        func wholeWay() async throws {
            let fleet = try await TestFleet()
            let made = try await Program.run([
                "pki", "passphrase", "--data", fleet.data, "--passphrase-file", try file(fleet),
            ])
            #expect(made.status == 0, "\(made)")
            let verifier = fleet.data + "/pki/passphrase.verifier"
            #expect(try KeyFile.exposedMode(verifier) == nil)
            #expect(!ChildProcess.text(verifier).contains("horse"))
            let server = try await ServerProcess(fleet, ["--passphrase-verifier", verifier])

            let place = fleet.directory.path("web-03")
            let flags = ["--enroll", "--passphrase-file", try file(fleet)]
            let agent = try AgentProcess("web-03", identity: place, server: server, flags)
            let node = try await server.until("it is reachable", logs: [agent.child]) {
                try await $0.nodes()
            } _: {
                $0.first?.reachability == "reachable"
            }.first
            try await server.until("it heartbeats", logs: [agent.child]) {
                try await $0.status()
            } _: {
                $0.heartbeats >= 2
            }
            #expect(agent.child.log.contains("enrolled"))
            #expect(server.child.log.contains("as “web-03” by the fleet's passphrase"))
            let holder = try #require(try IdentityDirectory(place).holder())
            #expect(holder.description.hasSuffix(node?.id ?? "none"))
            #expect(try KeyFile.exposedMode(place + "/identity.key") == nil)
            let shown = try await Program.run(["pki", "show", place])
            #expect(shown.status == 0, "\(shown)")

            agent.child.kill()
            let before = ChildProcess.text(place + "/identity.pem")
            let again = try AgentProcess(
                "web-03", identity: place, server: server, ["--enroll", "--passphrase-file", "/gone"])
            try await eventually("it is back", logs: [server.child, again.child]) { again.registrations >= 1 }
            #expect(ChildProcess.text(place + "/identity.pem") == before)
            #expect(try await server.nodes().count == 1)
        }

        @Test(
            "Another passphrase: the agent says so and ends; at the third time the operator reads who it is and what to do"
        )
        func wrongPassphrase() async throws {
            let (fleet, server) = try await open()
            let words = try enrol("web-03", fleet, port: server.port, passphrase: "correct horse battery stable")
            for _ in 0..<3 {
                let outcome = try await Program.run(words)
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("wrong passphrase: it is not that of fleet test"), "\(outcome)")
            }
            let errors = try await server.until("the error is there") {
                try await $0.errors()
            } _: {
                $0.contains { $0.name == "wrong-passphrase" }
            }
            let error = try #require(errors.first { $0.name == "wrong-passphrase" })
            #expect(error.title.contains("127.0.0.1"), "\(error)")
            let place = fleet.directory.path("identity-web-03")
            #expect(!FileManager.default.fileExists(atPath: place + "/identity.pem"))
            // What was left of it does not keep the right one out.
            let right = try AgentProcess(
                "web-03", identity: place, server: server, ["--enroll", "--passphrase-file", try file(fleet)])
            try await eventually("it is in", logs: [server.child, right.child]) { right.registrations >= 1 }
        }

        @Test(
            "A man in the middle who ends TLS gets nothing, and nobody is enrolled: neither with a certificate of his own nor with the server's key",
            arguments: [false, true])
        func manInTheMiddle(hasServerKey: Bool) async throws {
            let (fleet, server) = try await open()
            let place = fleet.directory.path("identity-web-03")
            var (certificate, key) = (fleet.data + "/pki/server.pem", fleet.data + "/pki/server.key")
            if hasServerKey {
                // The agent has the fleet's CA, and finds nothing wrong with the certificate.
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                try FileManager.default.copyItem(atPath: fleet.data + "/pki/ca.pem", toPath: place + "/ca.pem")
            } else {
                let own = try CertificateAuthority(fleet: "test", at: Date()).issueServer(
                    hosts: [ServerHost("127.0.0.1")], at: Date())
                (certificate, key) = (fleet.directory.path("m.pem"), fleet.directory.path("m.key"))
                try KeyFile.write(own.certificatePEM, to: certificate)
                try KeyFile.write(own.privateKeyPEM, to: key)
            }
            let middle = try TLSInTheMiddle(to: server.port, certificateFile: certificate, keyFile: key)
            let words = try enrol("web-03", fleet, port: middle.port)
            let agent = try ChildProcess([Program.path] + words, name: "agent", logs: fleet.logs)
            #expect(middle.run { !agent.isRunning }, "\(agent.tail)")
            #expect(agent.exitStatus == 1 && agent.log.contains("something on the way ends TLS"), "\(agent.tail)")
            #expect(middle.overheard.count > 70, "he was in the middle")
            #expect(!String(decoding: middle.overheard, as: UTF8.self).contains("CERTIFICATE REQUEST"))
            #expect(!FileManager.default.fileExists(atPath: place + "/identity.pem"))
            #expect(!server.child.log.contains("enrolled"))
            // The same machine, without him.
            let direct = try AgentProcess(
                "web-03", identity: place, server: server, ["--enroll", "--passphrase-file", try file(fleet)])
            try await eventually("it is in", logs: [server.child, direct.child]) { direct.registrations >= 1 }
        }

        @Test("An agent that knows the fleet's CA already believes no other server, whatever it proves")
        func otherAuthority() async throws {
            let (fleet, server) = try await open()
            let other = try await TestFleet()
            let place = fleet.directory.path("identity-web-03")
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: other.data + "/pki/ca.pem", toPath: place + "/ca.pem")
            let outcome = try await Program.run(try enrol("web-03", fleet, port: server.port))
            #expect(outcome.status == 1 && outcome.errors.contains("server certificate not trusted"), "\(outcome)")
        }

        @Test("A server without a passphrase says that enrolment is closed, and goes on asking agents for certificates")
        func closed() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let outcome = try await Program.run(try enrol("web-03", fleet, port: server.port))
            #expect(outcome.status == 1 && outcome.errors.contains("enrolment is closed"), "\(outcome)")
            #expect(try WireClient(server).call(.register("web-03")).status == StatusCode.permissionDenied.rawValue)
            #expect(try WireClient(server).call(hello()).status == StatusCode.permissionDenied.rawValue)
        }

        @Test("A connection for enrolment serves nothing else, and takes neither TLS 1.2 nor steps out of order")
        func nothingElse() async throws {
            let (fleet, server) = try await open()
            let client = try newcomer(server)
            #expect(client.facts?.applicationProtocol == "rollcall-enroll/1")
            #expect(client.facts?.channelBinding.count == 32)
            for request in [WireRequest.ping(), .register("web-03"), .heartbeat(1), .with { $0.getStatus = .init() }] {
                #expect(try client.call(request).status == StatusCode.permissionDenied.rawValue)
            }
            #expect(try client.call(hello()).status == 0)
            #expect(try client.call(hello()).status == StatusCode.failedPrecondition.rawValue)
            #expect(client.waitForEnd() != nil)

            // A node's certificate is not asked for, and does not count.
            let node = try WireClient(
                port: server.port, context: .enrolment(trusting: .anybody), identity: try fleet.nodeIdentity())
            #expect(try node.call(.register("web-03")).status == StatusCode.permissionDenied.rawValue)
            // Who offers both gets rollcall/1, where certificates are asked for as ever.
            let both = try WireClient(
                port: server.port, context: try fleet.context(offering: ["rollcall-enroll/1", "rollcall/1"]),
                identity: try fleet.nodeIdentity())
            #expect(both.facts?.applicationProtocol == "rollcall/1")
            #expect(try both.call(.register("web-04")).status == 0)

            let old = try await Program.run(command: [
                "openssl", "s_client", "-connect", server.address, "-alpn", "rollcall-enroll/1", "-tls1_2",
            ])
            #expect("\(old)".contains("no application protocol"), "\(old)")
        }

        @Test("Whoever guesses and goes away is noted as a guess, and after eight of them not heard for a while")
        func guessing() async throws {
            let (fleet, server) = try await open()
            for round in 0...8 {
                let client = try newcomer(server)
                let terms = try client.call(hello("thief")).enroll.stretching
                let stretching = try #require(
                    PassphraseStretching(salt: Array(terms.salt), logN: terms.logN, r: terms.r, p: terms.p))
                let proof = try PassphraseProof(
                    Passphrase("guess number \(round)"), stretching: stretching, fleet: terms.fleet,
                    channelBinding: client.facts?.channelBinding ?? [])
                let answer = try client.call(.with { $0.enroll.share.point = Data(proof.share) })
                if round == 8 {
                    #expect(answer.status == StatusCode.resourceExhausted.rawValue)
                    #expect(answer.message.contains("too many wrong passphrases from 127.0.0.1"))
                } else {
                    #expect(answer.enroll.challenge.point.count == 65)
                    client.reset()
                }
            }
            let person = try WireClient(server, identity: try fleet.operatorIdentity("alice"))
            try await eventually("all are noted", logs: [server.child]) {
                let query = WireListAttemptsRequest.with { $0.failuresOnly = true }
                let answer = try person.call(.with { $0.listAttempts = query }).listAttempts
                return answer.attempts.count { $0.reason == "wrong-passphrase" && $0.detail.contains("“thief”") } == 9
            }
            // Those who are in notice nothing.
            let node = try WireClient(server, identity: try fleet.nodeIdentity())
            #expect(try node.call(.register("web-01")).status == 0)
        }

        @Test(
            "A key that others can read, and a verifier of another fleet, keep a server from starting, each with its reason"
        )
        func badFiles() async throws {
            let fleet = try await TestFleet()
            let path = PkiDirectory(fleet.data + "/pki").passphraseVerifier
            let words = ["serve", "--data", fleet.data, "--listen", "127.0.0.1:0", "--passphrase-verifier", path]
            for (name, complaint) in [("other", "fleet “other”"), ("test", "ca.key")] {
                let verifier = try PassphraseVerifier(
                    Passphrase(Self.passphrase), fleet: name, stretching: .fresh(logN: 14, p: 1))
                try KeyFile.write(verifier.text, to: path, replacing: true)
                if name == "test" { try FileManager.default.removeItem(atPath: fleet.data + "/pki/ca.key") }
                let outcome = try await Program.run(words)
                #expect(outcome.status != 0 && outcome.errors.contains(complaint), "\(outcome)")
            }
        }
    }
}
