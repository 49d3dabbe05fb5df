import Foundation
import RollcallProtocol
import TestSupport
import Testing

/// The built binary against a server of known answers.
@Suite("Operator commands", .serialized)
struct OperatorCommandTests {
    private let golden = Golden()
    private let directory: TestDirectory
    private let server: FakeServer

    init() throws {
        directory = try TestDirectory()
        server = try FakeServer(on: directory.path("rollcall.sock")) { SmallFleet.answer(to: $0) }
    }

    private func run(_ words: String..., columns: Int? = nil) throws -> RollcallBinary.Outcome {
        var environment = ["ROLLCALL_DATA": directory.url.path]
        if let columns { environment["COLUMNS"] = "\(columns)" }
        return try RollcallBinary.run(words, environment: environment)
    }

    @Test("tables and pages look as in the golden files", arguments: [80, 120])
    func looksAsInTheGoldenFiles(columns: Int) throws {
        for (name, words) in [
            ("status", ["status"]), ("nodes", ["nodes"]), ("node", ["node", "web-03"]),
            ("errors", ["errors", "--all"]),
        ] {
            let environment = ["ROLLCALL_DATA": directory.url.path, "COLUMNS": "\(columns)"]
            let outcome = try RollcallBinary.run(words, environment: environment)
            #expect(outcome.complaint.isEmpty)
            #expect(outcome.status == (name == "status" ? 2 : 0))
            #expect(try golden.difference(of: outcome.output, from: "\(name)-\(columns).txt") == nil)
        }
    }

    @Test("JSON is as in the golden files")
    func jsonIsAsInTheGoldenFiles() throws {
        for (name, words) in [
            ("status", ["status"]), ("nodes", ["nodes", "--limit", "1"]), ("node", ["node", "web-03"]),
            ("errors", ["errors"]),
        ] {
            let outcome = try RollcallBinary.run(
                words + ["--json"], environment: ["ROLLCALL_DATA": directory.url.path])
            #expect(try golden.difference(of: outcome.output, from: "\(name).json") == nil)
        }
    }

    @Test("a pipe gets every page, uncut and without colours")
    func pipeGetsEverything() throws {
        let outcome = try run("nodes")
        #expect(outcome.output.contains("web-04.branch-office.example.com"))
        #expect(outcome.output.contains("ps-01"))
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(!outcome.output.contains("…"))
    }

    @Test("a limit is kept, and what it hides is said")
    func limitIsKept() throws {
        let outcome = try run("nodes", "--limit", "1")
        #expect(outcome.output.contains("ps-01"))
        #expect(!outcome.output.contains("web-03"))
        #expect(outcome.output.contains("… and 2 more of 3"))
    }

    @Test(
        "status ends with the fleet's health",
        arguments: [(WireHealth.healthy, 0), (.warning, 1), (.critical, 2), (.unspecified, 3)] as [(WireHealth, Int32)])
    func statusEndsWithHealth(health: WireHealth, status: Int32) throws {
        let path = directory.path("other.sock")
        let server = try FakeServer(on: path) { SmallFleet.answer(to: $0, health: health) }
        defer { withExtendedLifetime(server) {} }
        for words in [["status"], ["status", "--json"]] {
            let outcome = try RollcallBinary.run(words + ["--socket", path])
            #expect(outcome.status == status)
            #expect(outcome.complaint.isEmpty)
            #expect(!outcome.output.isEmpty)
        }
    }

    @Test("where nothing listens, one line says what to do; status ends with 3, the others with 1")
    func nothingListens() throws {
        for (words, status) in [
            (["status"], 3), (["nodes"], 1), (["node", "x"], 1), (["errors"], 1), (["errors", "--follow"], 1),
        ] {
            let outcome = try RollcallBinary.run(words + ["--data", directory.path("nowhere")])
            #expect(outcome.status == Int32(status))
            #expect(outcome.output.isEmpty)
            #expect(outcome.complaint.split(separator: "\n").count == 1)
            #expect(outcome.complaint.contains(directory.path("nowhere")))
            #expect(outcome.complaint.contains("rollcall serve"))
        }
    }

    @Test("a name that fits several nodes lists them, one that fits none says how to search")
    func namesThatFitBadly() throws {
        let several = try run("node", "web")
        #expect(several.status == 1)
        #expect(several.complaint.contains("web-03 (taipei), web-04.branch-office.example.com (高雄)"))
        let none = try run("node", "nobody")
        #expect(none.status == 1)
        #expect(none.complaint.contains("rollcall nodes --match nobody"))
        #expect(none.output.isEmpty)
    }

    @Test(
        "wrong usage is one line and 64",
        arguments: [
            ["nodes", "--role", "printer"], ["nodes", "--sort", "colour"], ["nodes", "--limit", "0"],
            ["nodes", "--health", "unknown"],
            ["status", "--interval", "1ms"], ["status", "--interval", "soon"], ["errors", "--follow", "--all"],
            ["status", "--server", "cs-01"], ["status", "--server", "cs-01:99999", "--identity", "/nowhere"],
            ["status", "--socket", "a", "--data", "b"], ["node"],
        ])
    func wrongUsage(words: [String]) throws {
        let outcome = try RollcallBinary.run(words)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.complaint.split(separator: "\n").count == 1)
        #expect(outcome.complaint.hasPrefix("rollcall: "))
    }

    @Test("flags come before variables, variables before the default")
    func precedence() throws {
        let path = directory.path("rollcall.sock")
        let nowhere = ["ROLLCALL_DATA": directory.path("nowhere")]
        #expect(try RollcallBinary.run(["nodes"], environment: nowhere).status == 1)
        #expect(try RollcallBinary.run(["nodes", "--socket", path], environment: nowhere).status == 0)
        #expect(try RollcallBinary.run(["nodes", "--data", directory.url.path], environment: nowhere).status == 0)
        let socket = nowhere.merging(["ROLLCALL_SOCKET": path]) { _, new in new }
        #expect(try RollcallBinary.run(["nodes"], environment: socket).status == 0)
    }

    @Test("a reader that goes away ends a command in silence")
    func readerGoesAway() throws {
        let outcome = try RollcallBinary.shell(
            "{ $ROLLCALL status --watch --interval 100ms --socket \(directory.path("rollcall.sock")); echo $? >\(directory.path("status")); } | head -1"
        )
        #expect(outcome.output == outcome.output.prefix { $0 != "\n" } + "\n")
        #expect(outcome.complaint.isEmpty)
        let status = FileManager.default.contents(atPath: directory.path("status")) ?? Data()
        #expect(String(decoding: status, as: UTF8.self) == "0\n")
    }

    @Test(
        "output that cannot be written is a failure", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDisk() throws {
        let outcome = try RollcallBinary.shell("$ROLLCALL nodes --socket \(directory.path("rollcall.sock")) >/dev/full")
        #expect(outcome.status == 1)
        #expect(outcome.complaint.contains("standard output cannot be written"))
    }
}
