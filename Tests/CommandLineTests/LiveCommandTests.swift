import Foundation
import RollcallProtocol
import TestSupport
import Testing

/// Commands that go on until they are told to end.
@Suite("Live commands", .serialized)
struct LiveCommandTests {
    private let directory: TestDirectory
    private var path: String { directory.path("rollcall.sock") }

    init() throws { directory = try TestDirectory() }

    private func start(_ words: String...) throws -> RunningProcess {
        try RunningProcess(RollcallBinary.path, words + ["--socket", path])
    }

    @Test("errors --follow tells each event once, over a lost connection too")
    func followTellsOnce() throws {
        let server = try FakeServer(on: path) { SmallFleet.answer(to: $0) }
        defer { withExtendedLifetime(server) {} }
        let follower = try start("errors", "--follow", "--json")
        // The second connection brings the active error again, because it was cleared in between.
        #expect(follower.wait { $0.output.split(separator: "\n").count >= 3 })
        let events = try follower.output.split(separator: "\n").prefix(3).map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(events.map { $0["event"] as? String } == ["active", "cleared", "active"])
        #expect(follower.complaint.contains("trying again each 2s"))
        follower.send(signal: SIGKILL)
        _ = follower.waitForEnd()
    }

    @Test("errors --follow hears only of the node and the code it was asked for")
    func followFilters() throws {
        let server = try FakeServer(on: path) { SmallFleet.answer(to: $0) }
        defer { withExtendedLifetime(server) {} }
        let wanted = try start("errors", "--follow", "--node", "web-03", "--code", "95226B")
        let unwanted = try start("errors", "--follow", "--node", "ps-01")
        #expect(wanted.wait { $0.output.contains("cleared") })
        #expect(unwanted.wait { $0.complaint.contains("trying again") })
        #expect(unwanted.output.isEmpty)
        #expect(wanted.output.hasPrefix("14:02:11  active   CRITICAL  95226b  web-03 (taipei)"))
    }

    @Test("status --watch in a pipe prints a block a round, shows the loss, and finds the server again")
    func watchInAPipe() throws {
        var server: FakeServer? = try FakeServer(on: path) { SmallFleet.answer(to: $0) }
        let watch = try start("status", "--watch", "--interval", "100ms")
        #expect(watch.wait { $0.output.components(separatedBy: "CRITICAL    95226b").count > 2 })
        server?.dropConnections()
        server = nil
        #expect(watch.wait { $0.output.contains("LOST        no answer for ") })
        #expect(watch.output.contains("not as it is\n\nwas         critical: 95226b web-03"))
        try FileManager.default.removeItem(atPath: path)
        let known = watch.output.count
        server = try FakeServer(on: path) { SmallFleet.answer(to: $0, health: .healthy) }
        #expect(watch.wait { $0.output.dropFirst(known).contains("HEALTHY") })
        watch.send(signal: SIGINT)
        let outcome = watch.waitForEnd()
        #expect(outcome.status == 0)
        #expect(!outcome.wasKilled)
        #expect(outcome.complaint.isEmpty)
        #expect(!outcome.output.contains("\u{1B}"))
        withExtendedLifetime(server) {}
    }

    @Test("a server that takes questions and does not answer is lost too")
    func hungServer() throws {
        let server = try FakeServer(on: path) { _ in [] }
        defer { withExtendedLifetime(server) {} }
        let watch = try start("status", "--watch", "--interval", "100ms")
        #expect(watch.wait { $0.output.contains("LOST") })
        #expect(watch.output.contains("no answer within 1s. Trying again each 100ms."))
    }

    @Test("status --watch --json is one object a line, and says unknown while the server is lost")
    func watchAsJSON() throws {
        let watch = try start("status", "--watch", "--json", "--interval", "100ms")
        #expect(watch.wait { $0.output.split(separator: "\n").count >= 2 })
        let server = try FakeServer(on: path) { SmallFleet.answer(to: $0) }
        #expect(watch.wait { $0.output.contains(#"{"health":"critical""#) })
        let lines = watch.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix(#"{"health":"unknown","lost":"no server listens on"#) == true)
        for line in lines.dropLast() {
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
        }
        withExtendedLifetime(server) {}
    }

    @Test(
        "status --watch draws in place on a terminal, and gives it back whatever ends it",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")),
        arguments: ["INT", "TERM", "HUP"])
    func watchOnATerminal(signal: String) throws {
        let server = try FakeServer(on: path) { SmallFleet.answer(to: $0) }
        defer { withExtendedLifetime(server) {} }
        // script(1) gives the command a terminal of its own. The shell in it tells the command's process id.
        let line =
            "stty cols 80 rows 24; \(RollcallBinary.path) status --watch --interval 100ms --socket \(path) & "
            + "echo $! >\(directory.path("id")); wait $!; echo \"ended with $?\""
        let terminal = try RunningProcess(
            "/usr/bin/script", ["-qfec", line, "/dev/null"], environment: ["TERM": "xterm"])
        #expect(terminal.wait { $0.output.components(separatedBy: "\u{1B}[H").count > 3 })
        let id = try String(contentsOfFile: directory.path("id"), encoding: .utf8)
        let kill = try RollcallBinary.shell("kill -\(signal) \(id)")
        #expect(kill.status == 0)
        #expect(terminal.wait { $0.output.contains("ended with") })
        let output = terminal.output
        #expect(output.contains("ended with 0"))
        #expect(output.contains("\u{1B}[?1049h\u{1B}[?25l"))
        #expect(output.contains("\u{1B}[1;31mCRITICAL\u{1B}[0m"))
        let after = try #require(output.range(of: "\u{1B}[?25h\u{1B}[?1049l", options: .backwards))
        #expect(!output[after.upperBound...].contains("\u{1B}[?"))
        #expect(output[after.upperBound...].contains("95226b"))
        _ = terminal.waitForEnd()
    }
}
