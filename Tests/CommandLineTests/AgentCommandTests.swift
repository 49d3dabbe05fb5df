import Foundation
import TestSupport
import Testing

@testable import rollcall

/// The status and the line that `rollcall WORDS` would end with, run in this process.
private func failure(_ words: [String]) -> (status: Int32, line: String) {
    do {
        var command = try Rollcall.parseAsRoot(words)
        try command.run()
        return (0, "")
    } catch {
        return (ExitStatus.code(for: error).rawValue, ExitStatus.line(for: error))
    }
}

@Suite("rollcall agent")
struct AgentCommandTests {
    private let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    @Test(arguments: [
        (["agent"], "no configuration server is named: give --server HOST[:PORT], ROLLCALL_SERVER or 'server'"),
        (["agent", "--server", "a b"], "'a b' is not a server"),
        (["agent", "--server", "x:0"], "'0' is not a port from 1 to 65535"),
        (["agent", "--server", "x", "--role", "boss"], "role is 'boss': it is agent, process-server or master-target"),
        (["agent", "--server", "x", "--component", "y"], "component is 'y'"),
        (["agent", "--server", "x", "--watch", "svagents"], "cannot watch 'svagents': there is no '='"),
        (["agent", "--server", "x", "--watch-interval", "5"], "'5' is invalid"),
        (["agent", "--server", "x", "--config", "/no/such/file"], "/no/such/file: cannot be read"),
    ])
    func `wrong usage is one line and status 64`(_ words: [String], _ message: String) {
        let (status, line) = failure(words)
        #expect(status == 64)
        #expect(line.contains(message), "\(line)")
        #expect(!line.contains("\n"))
    }

    @Test func `an unknown setting in the file names the line and the known ones`() throws {
        try Data("server: x\nfoo: 1\n".utf8).write(to: directory.url.appending(path: "a.yaml"))
        let (status, line) = failure(["agent", "--config", directory.path("a.yaml")])
        #expect(status == 64)
        #expect(line.hasPrefix("\(directory.path("a.yaml")):2: there is no setting 'foo'. There are: server, identity"))
    }

    @Test func `a missing identity names the file and the command that makes it`() {
        let (status, line) = failure(["agent", "--server", "x", "--identity", directory.path("id")])
        #expect(status == 1)
        #expect(line.hasPrefix("\(directory.path("id"))/identity.pem: there is no such file"))
        #expect(line.contains("rollcall pki node"))
    }

    @Test func `an operator's identity is not a node's`() throws {
        #expect(failure(["pki", "init", "--pki", directory.path("pki"), "--fleet", "f", "--host", "h"]).status == 0)
        #expect(
            failure(["pki", "operator", "ann", "--pki", directory.path("pki"), "--out", directory.path("ann")]).status
                == 0)
        let (status, line) = failure(["agent", "--server", "x", "--identity", directory.path("ann")])
        #expect(status == 1)
        #expect(line.contains("the certificate is not a node's (rollcall://f/operator/ann)"))
    }
}

@Suite("rollcall simulate")
struct SimulateCommandTests {
    private let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    @Test(arguments: [
        (["simulate", "--agents=-1"], "-1 agents: it can be 0 to 60000"),
        (["simulate", "--agents", "0", "--process-servers", "0", "--master-targets", "0"], "a fleet of no nodes"),
        (["simulate", "--sites", "0"], "0 sites: it can be 1 to 250"),
        (["simulate", "--loops", "0"], "--loops is 0"),
        (["simulate", "--interval", "1ms"], "--interval is 1ms: the least is 10ms"),
        (["simulate", "--server", "a b"], "'a b' is not a server"),
        (["simulate", "--scenario", "/no/such/file"], "/no/such/file: cannot be read"),
    ])
    func `wrong usage is one line and status 64`(_ words: [String], _ message: String) {
        let (status, line) = failure(words)
        #expect(status == 64)
        #expect(line.contains(message), "\(line)")
    }

    @Test func `a broken scenario names file and line, and nothing is started`() throws {
        try Data("steps:\n  - at: 1s\n    do: explode\n    nodes: x\n".utf8)
            .write(to: directory.url.appending(path: "s.yaml"))
        let (status, line) = failure(["simulate", "--scenario", directory.path("s.yaml")])
        #expect(status == 64)
        #expect(line.hasPrefix("\(directory.path("s.yaml")):3: there is no 'explode'"))
    }

    @Test func `a pki directory without a CA says how to make one`() {
        let (status, line) = failure(["simulate", "--pki", directory.path("pki")])
        #expect(status == 1)
        #expect(line.contains("rollcall pki init"), "\(line)")
    }

    @Test func `a fleet that reaches nobody says why and fails`() throws {
        #expect(failure(["pki", "init", "--pki", directory.path("pki"), "--fleet", "f", "--host", "h"]).status == 0)
        // Port 1 (tcpmux) is nobody's.
        let (status, line) = failure([
            "simulate", "--pki", directory.path("pki"), "--server", "127.0.0.1:1", "--agents", "2", "--duration",
            "300ms",
            "--every", "10s",
        ])
        #expect(status == 1)
        #expect(
            line
                == "not one node could register with 127.0.0.1:1: 127.0.0.1:1: connection refused: nobody listens there"
        )
    }
}
