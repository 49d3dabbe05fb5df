import Foundation
import Testing

extension EndToEnd {
    @Suite("Bad input")
    struct BadInputTests {
        /// Flags that no server can run with, and a word of the line that says so.
        @Test(arguments: [
            (["--heartbeat-interval", "soon"], "heartbeat-interval"),
            (["--heartbeat-interval", "0s"], "heartbeat-interval"),
            (["--listen", "nowhere"], "listen"), (["--listen", "127.0.0.1:70000"], "listen"),
            (["--listen", "192.0.2.1:0"], "192.0.2.1"), (["--loops", "0"], "loops"), (["--loops", "many"], "loops"),
            (["--pending-output-limit", "1KiB"], "pending-output-limit"),
            (["--max-connections", "-1"], "max-connections"),
            (["--log-level", "loud"], "log-level"), (["--config", "/nonexistent/rollcall.yaml"], "/nonexistent"),
            (["--certificate", "/nonexistent.pem"], "/nonexistent.pem"),
            (["--key", "/nonexistent.key"], "/nonexistent.key"),
            (["--ca", "/nonexistent.pem"], "/nonexistent.pem"), (["--no-such-flag"], "no-such-flag"),
        ])
        func `a wrong flag is one line and changes nothing`(_ flags: [String], _ word: String) async throws {
            let fleet = try await TestFleet()
            try await refused(fleet, flags, word)
        }

        @Test("A data directory without certificates says how to make them")
        func noCertificates() async throws {
            let fleet = try await TestFleet()
            try FileManager.default.removeItem(atPath: fleet.data + "/pki/server.pem")
            try await refused(fleet, [], "rollcall pki init")
        }

        @Test("A certificate that is none, and a key of another certificate")
        func wrongCertificates() async throws {
            let fleet = try await TestFleet()
            let other = try await TestFleet()
            let junk = fleet.directory.path("junk.pem")
            try Data("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8).write(
                to: URL(filePath: junk))
            try await refused(fleet, ["--certificate", junk], junk)
            try await refused(fleet, ["--ca", junk], junk)
            try await refused(fleet, ["--key", junk], junk)
            try await refused(fleet, ["--key", other.data + "/pki/server.key"], other.data + "/pki/server.key")
            let node = try await fleet.node("web-01")
            try await refused(
                fleet, ["--certificate", node + "/identity.pem", "--key", node + "/identity.key"], "identity.pem")
        }

        @Test("A port in use, and a data directory in use, are named, and the running server notices nothing")
        func inUse() async throws {
            let fleet = try await TestFleet()
            let server = try await ServerProcess(fleet)
            let other = try await TestFleet()
            try await refused(other, [], "in use", listen: server.address)
            try await refused(fleet, [], "in use")
            #expect(try await server.status().fleet == "test")
            #expect(server.child.isRunning)
        }

        @Test("A registry of a newer version, a damaged one and another program's are left as they are")
        func wrongRegistry() async throws {
            let fleet = try await TestFleet()
            let registry = URL(filePath: fleet.data + "/registry.sqlite")
            let server = try await ServerProcess(fleet)
            #expect(try await server.nodes().isEmpty)
            server.child.signal(SIGTERM)
            try await eventually("the server ends", logs: [server.child]) { !server.child.isRunning }
            let good = try Data(contentsOf: registry)

            // The schema's number is SQLite's user_version: four big-endian bytes at offset 60 of the file.
            var newer = good
            newer.replaceSubrange(60..<64, with: [0, 0, 0, 99])
            try newer.write(to: registry)
            try await refused(fleet, [], "newer")

            var damaged = good
            for position in 100..<damaged.count { damaged[position] = UInt8(truncatingIfNeeded: position &* 31) }
            try damaged.write(to: registry)
            try await refused(fleet, [], "damaged")

            try Data("my shopping list\n".utf8).write(to: registry)
            try await refused(fleet, [], "registry.sqlite")

            try good.write(to: registry)
            let again = try await ServerProcess(fleet)
            #expect(try await again.nodes().isEmpty)
        }

        @Test("An agent and an operator that cannot begin say why in one line")
        func clients() async throws {
            let fleet = try await TestFleet()
            let identity = try await fleet.node("web-01")
            let cases: [([String], String)] = [
                (["agent", "--server", "h", "--identity", "/nonexistent"], "/nonexistent"),
                (["agent", "--server", "h:0", "--identity", identity], "h:0"),
                (["agent", "--identity", identity], "server"),
                (["agent", "--server", "h", "--identity", identity, "--role", "boss"], "boss"),
                (["agent", "--server", "h", "--identity", identity, "--watch", "x=magic:y"], "magic"),
                (["status", "--data", "/nonexistent"], "/nonexistent"),
                (["nodes", "--server", "127.0.0.1:1", "--identity", identity], "127.0.0.1:1"),
                (["simulate", "--pki", "/nonexistent", "--server", "127.0.0.1:1"], "/nonexistent"),
            ]
            for (arguments, word) in cases {
                let outcome = try await Program.run(arguments)
                #expect(outcome.status != 0, "\(arguments)")
                expectOneLine(outcome, word)
            }
        }

        // MARK: -

        /// Starts a server that must not start: one line with the word in it, a failure, nothing changed.
        private func refused(
            _ fleet: TestFleet, _ flags: [String], _ word: String, listen: String = "127.0.0.1:0",
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let before = try contents(of: fleet.data)
            let listening = flags.contains("--listen") ? [] : ["--listen", listen]
            let outcome = try await Program.run(["serve", "--data", fleet.data] + listening + flags)
            #expect(outcome.status == 1 || outcome.status == 64, "\(flags): \(outcome)", sourceLocation: sourceLocation)
            expectOneLine(outcome, word, sourceLocation: sourceLocation)
            let after = try contents(of: fleet.data)
            #expect(Set(before.keys) == Set(after.keys), "\(flags)", sourceLocation: sourceLocation)
            for (name, bytes) in before {
                #expect(after[name] == bytes, "\(flags) changed \(name)", sourceLocation: sourceLocation)
            }
        }

        private func expectOneLine(
            _ outcome: Program.Outcome, _ word: String, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.count == 1, "\(outcome)", sourceLocation: sourceLocation)
            #expect(outcome.errors.contains(word), "\(outcome)", sourceLocation: sourceLocation)
            #expect(outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
        }

        /// Every file below a directory with its bytes, but for what marks a server at work: the lock with its pid, the
        /// operators' socket, SQLite's shared memory.
        private func contents(of directory: String) throws -> [String: Data] {
            var files: [String: Data] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: directory) {
                if name == "lock" || name.hasSuffix(".sock") || name.hasSuffix("-shm") { continue }
                let bytes = FileManager.default.contents(atPath: directory + "/" + name) ?? Data()
                // SQLite makes an empty write-ahead log as soon as it looks; nothing is in it.
                if name.hasSuffix("-wal"), bytes.isEmpty { continue }
                files[name] = bytes
            }
            return files
        }
    }
}
