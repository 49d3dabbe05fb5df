import CertificateAuthority
import Foundation
import Testing

extension EndToEnd {
    @Suite("An agent in another language")
    struct ForeignAgentTests {
        private static let hasPython = ["/usr/bin", "/usr/local/bin"].contains {
            FileManager.default.isExecutableFile(atPath: $0 + "/python3")
        }

        @Test(
            "A client written from docs/protocol.md alone registers, heartbeats and leaves",
            .enabled(if: hasPython, "python3 is not installed: apt-get install python3"))
        func foreignAgent() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet, interval: "500ms")
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "foreign_agent.py").path
            let outcome = try await Program.run(command: [
                "python3", script, server.address, try await fleet.node("python"), "--beats", "3", "--hostname",
                "snake",
            ])
            #expect(outcome.status == 0, "\(outcome)\n\(server.child.tail)")
            let answers = try outcome.output.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(
                answers.map(\.answer) == ["ping", "register", "heartbeat", "heartbeat", "heartbeat", "leave"],
                "\(outcome)")
            #expect(answers.first { $0.answer == "register" }?.heartbeat_interval_ms == 500)

            let node = try #require(try await server.nodes().first)
            #expect(node.hostname == "snake" && node.reachability == "left")
            let errors = try await server.errors(all: true)
            #expect(errors.map(\.name) == ["95226b"], "its second heartbeat told of a stopped service")
            #expect(errors.allSatisfy { $0.clearedAt != nil }, "its goodbye cleared it")
        }

        @Test(
            "With nothing but the passphrase and that page it enrols, and is a node like any other",
            .enabled(if: hasPython, "python3 is not installed: apt-get install python3"))
        func foreignNewcomer() async throws {
            let fleet = try await TestFleet()
            let verifier = PkiDirectory(fleet.data + "/pki").passphraseVerifier
            let passphrase = fleet.directory.path("passphrase")
            try KeyFile.write("correct horse battery staple\n", to: passphrase)
            let made = try await Program.run([
                "pki", "passphrase", "--data", fleet.data, "--passphrase-file", passphrase,
            ])
            #expect(made.status == 0, "\(made)")
            let server = try await ServerProcess(fleet, interval: "500ms", ["--passphrase-verifier", verifier])
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "foreign_agent.py").path
            let identity = fleet.directory.path("python")
            let outcome = try await Program.run(command: [
                "python3", script, server.address, identity, "--enroll", passphrase, "--beats", "1", "--hostname",
                "snake",
            ])
            #expect(outcome.status == 0, "\(outcome)\n\(server.child.tail)")
            let answers = try outcome.output.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(answers.map(\.answer) == ["enroll", "ping", "register", "heartbeat", "leave"], "\(outcome)")
            #expect(answers.first?.node_id == answers.first { $0.answer == "register" }?.node_id)
            let shown = try await Program.run(["pki", "show", identity])
            #expect(shown.status == 0, "\(shown)")
        }

        private struct Line: Decodable {
            var answer: String
            var node_id: String?
            var heartbeat_interval_ms: Int?
        }
    }
}
