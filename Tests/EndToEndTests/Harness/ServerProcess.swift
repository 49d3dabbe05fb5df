import Foundation
import TestSupport

/// A running `rollcall serve`.
final class ServerProcess {
    let child: ChildProcess
    let fleet: TestFleet
    /// Where it listens.
    let port: UInt16

    /// Starts the server on a free port of 127.0.0.1, or on the one given, and waits until it says that it is ready.
    /// `wrapper` goes before the command: `prlimit …`.
    /// - Throws: `NeverHappened` if it ends instead, or never says so.
    init(
        _ fleet: TestFleet, port: UInt16 = 0, interval: String = "500ms", _ flags: [String] = [],
        wrapper: [String] = []
    ) async throws {
        self.fleet = fleet
        let command =
            wrapper + [Program.path, "serve", "--data", fleet.data, "--listen", "127.0.0.1:\(port)"]
            + ["--heartbeat-interval", interval, "--loops", "2"] + flags
        let child = try ChildProcess(command, name: "server-\(UInt32.random(in: 0 ... .max))", logs: fleet.logs)
        self.child = child
        var found: UInt16?
        try await eventually("the server is ready", logs: [child]) {
            found = Self.port(in: child.log)
            if found == nil, !child.isRunning {
                throw NeverHappened(description: "the server ended with \(child.exitStatus ?? -1)\n\(child.tail)")
            }
            return found != nil
        }
        self.port = found ?? 0
    }

    /// From "ready: fleet …, listening on ADDRESS, operators on SOCKET".
    private static func port(in log: String) -> UInt16? {
        for line in log.split(separator: "\n") where line.contains("ready: ") {
            guard let start = line.range(of: "listening on ") else { continue }
            let address = line[start.upperBound...].prefix { $0 != "," }
            return address.split(separator: ":").last.flatMap { UInt16($0) }
        }
        return nil
    }

    /// As `--server` takes it.
    var address: String { "127.0.0.1:\(port)" }

    // MARK: questions

    func status() async throws -> StatusAnswer { try await ask(["status"]) }
    func nodes() async throws -> [NodeAnswer] { try await ask(["nodes"], as: NodesAnswer.self).nodes }
    func node(_ name: String) async throws -> NodeStoryAnswer { try await ask(["node", name]) }
    func errors(all: Bool = false) async throws -> [ErrorAnswer] {
        try await ask(["errors"] + (all ? ["--all"] : []), as: ErrorsAnswer.self).errors
    }

    /// What a reading command prints with `--json`.
    /// - Throws: `NeverHappened` with what it said instead.
    func ask<Answer: Decodable>(_ words: [String], as kind: Answer.Type = Answer.self) async throws -> Answer {
        let outcome = try await Program.run(words + ["--json", "--data", fleet.data])
        do {
            return try Answers.read(outcome.output)
        } catch {
            throw NeverHappened(description: "rollcall \(words): \(outcome)\n\(error)\n\(child.tail)")
        }
    }

    /// Asks again and again until the answer is as it should be; returns that answer.
    /// - Throws: `NeverHappened` with the last answer and the ends of the logs.
    @discardableResult
    func until<Answer>(
        _ what: String, logs: [ChildProcess] = [], _ question: (ServerProcess) async throws -> Answer,
        _ isRight: (Answer) -> Bool
    ) async throws -> Answer {
        var last: Answer?
        let came = try await poll(every: .milliseconds(50), within: .seconds(60)) {
            let answer = try await question(self)
            last = answer
            return isRight(answer)
        }
        guard came, let last else {
            let tails = ([child] + logs).map(\.tail).joined(separator: "\n")
            throw NeverHappened(
                description: "never: \(what); the last answer: \(last.map { "\($0)" } ?? "none")\n\(tails)")
        }
        return last
    }
}
