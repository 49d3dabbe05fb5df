import ArgumentParser
import CertificateAuthority
import Foundation
import TestSupport
import Testing

@testable import rollcall

@Suite("rollcall pki")
struct PkiCommandTests {
    private let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    /// Runs what follows `rollcall` on a command line, in this process.
    private func run(_ words: String...) throws {
        var command = try Rollcall.parseAsRoot(words)
        try command.run()
    }

    /// The status and the line that the process would end with.
    private func failure(_ words: String...) -> (status: Int32, line: String) {
        do {
            var command = try Rollcall.parseAsRoot(words)
            try command.run()
            return (0, "")
        } catch {
            return (ExitStatus.code(for: error).rawValue, ExitStatus.line(for: error))
        }
    }

    private func initialise() throws {
        try run(
            "pki", "init", "--pki", directory.path("pki"), "--fleet", "demo", "--host", "localhost", "--host", "::1")
    }

    private func holder(_ name: String) throws -> FleetURI? { try IdentityDirectory(directory.path(name)).holder() }

    @Test("makes a fleet's certificates from nothing, and finds them good")
    func wholeFleet() throws {
        let pki = directory.path("pki")
        try initialise()
        try initialise()
        try run("pki", "node", "--pki", pki, "--out", directory.path("web-03"), "--name", "web-03")
        try run("pki", "operator", "alice", "--pki", pki, "--out", directory.path("alice"))
        try run(
            "pki", "nodes", "--pki", pki, "--count", "3", "--seed", "1", "--shared-key", "--out", directory.path("many")
        )
        try run("pki", "server", "--pki", pki, "--host", "cs.example.com", "--new-key")
        #expect(try holder("alice")?.holder == .operator("alice"))
        for name in ["pki", "web-03", "alice", "many"] {
            try run("pki", "show", directory.path(name))
            try run("pki", "show", "--json", directory.path(name))
        }
    }

    @Test("a node that gets a new certificate with --force is still the same node, unless told otherwise")
    func sameNode() throws {
        let out = directory.path("web-03")
        try initialise()
        try run("pki", "node", "--pki", directory.path("pki"), "--out", out)
        let first = try holder("web-03")
        #expect(failure("pki", "node", "--pki", directory.path("pki"), "--out", out).line.contains("--force"))
        try run("pki", "node", "--pki", directory.path("pki"), "--out", out, "--force")
        #expect(try holder("web-03") == first)
        let id = "6f1c2c1e-0a52-4b7e-9a53-0d7c1f2a9b11"
        try run("pki", "node", "--pki", directory.path("pki"), "--out", out, "--force", "--id", id)
        #expect(try holder("web-03")?.description == "rollcall://demo/node/\(id)")
    }

    @Test("show ends with status 1 when something is wrong")
    func showsTrouble() throws {
        try initialise()
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: directory.path("pki/server.key"))
        #expect(failure("pki", "show", directory.path("pki")).status == 1)
    }

    @Test(
        "wrong usage is one line that names the flag, and status 64",
        arguments: [
            (["init", "--fleet", "Demo", "--host", "a"], "'Demo' cannot name a fleet"),
            (["init", "--fleet", "demo"], "--host"),
            (["init", "--fleet", "demo", "--host", "a:443"], "without a port"),
            (["init", "--fleet", "demo", "--host", "a", "--pki", "x", "--data", "y"], "not both"),
            (["node", "--out", "x", "--id", "7"], "'7' is no UUID"),
            (["operator", "Alice", "--out", "x"], "'Alice' cannot name an operator"),
            (["nodes", "--out", "x", "--count", "0"], "--count is 0"),
            (["nodes", "--out", "x", "--count", "many"], "--count"),
            (["show"], "<paths>"),
            (["frobnicate"], "frobnicate"),
        ])
    func wrongUsage(words: [String], expected: String) throws {
        let error = #expect(throws: (any Error).self) { try Rollcall.parseAsRoot(["pki"] + words) }
        let line = ExitStatus.line(for: try #require(error))
        #expect(ExitStatus.code(for: try #require(error)) == ExitStatus.usage)
        #expect(line.contains(expected), "\(line)")
        #expect(line.contains("--help"), "\(line)")
        #expect(!line.contains("\n"))
    }

    @Test("where there is no CA, the line says how to make one, and the status is 1")
    func noAuthority() {
        let end = failure("pki", "node", "--pki", directory.path("none"), "--out", directory.path("x"))
        #expect(end.status == 1)
        #expect(end.line.contains("rollcall pki init --pki \(directory.path("none")) --fleet NAME"))
        #expect(!FileManager.default.fileExists(atPath: directory.path("x")))
    }
}
