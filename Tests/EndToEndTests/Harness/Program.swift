import Foundation
import TestSupport
import Testing

/// The built program.
enum Program {
    /// `rollcall` beside the tests that run.
    static let path: String = {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let beside = tests.appending(path: "rollcall").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../.build/debug/rollcall")
        return root.standardizedFileURL.path
    }()

    /// How a run ended.
    struct Outcome: CustomStringConvertible {
        var status: Int32
        var output: String
        var errors: String
        var description: String { "status \(status)\n\(output)\(errors)" }
    }

    /// Runs the program to its end.
    /// - Throws: `NeverHappened` if it does not come.
    static func run(_ arguments: [String], within limit: Duration = .seconds(60)) async throws -> Outcome {
        try await run(command: [path] + arguments, within: limit)
    }

    /// Runs any program to its end.
    /// - Throws: `NeverHappened` if it does not come.
    static func run(command: [String], within limit: Duration = .seconds(60)) async throws -> Outcome {
        let logs = try TestDirectory()
        let child = try ChildProcess(command, name: "run", logs: logs.url.path)
        try await eventually("the end of: \(command.joined(separator: " "))", logs: [child], within: limit) {
            !child.isRunning
        }
        return Outcome(status: child.exitStatus ?? -1, output: child.output, errors: child.log)
    }
}

/// All end-to-end tests: one after another, because each of them looks at the clock.
@Suite("End to end", .serialized)
enum EndToEnd {}
