import Foundation

/// The built `rollcall`, run as a process of its own, as a person or a script would.
public enum RollcallBinary {
    /// Beside the test bundle, where the package manager puts it.
    public static let path: String = {
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let beside = bundle.appending(path: "rollcall").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: ".build/debug/rollcall").path
    }()

    /// How a process ended, and what it said.
    public struct Outcome: Sendable {
        /// Its exit status, or the signal's number that ended it.
        public var status: Int32
        /// Whether a signal ended it.
        public var wasKilled: Bool
        /// Standard output.
        public var output: String
        /// Standard error.
        public var complaint: String
    }

    /// Runs `rollcall` with these words to its end.
    /// - Throws: if it cannot be started, or a file for its output not be made.
    public static func run(_ words: [String], environment: [String: String] = [:]) throws -> Outcome {
        try RunningProcess(path, words, environment: environment).waitForEnd()
    }

    /// Runs a line of shell in which `$ROLLCALL` is the binary.
    /// - Throws: if it cannot be started, or a file for its output not be made.
    public static func shell(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
        let environment = environment.merging(["ROLLCALL": path]) { own, _ in own }
        return try RunningProcess("/bin/sh", ["-c", line], environment: environment).waitForEnd()
    }
}

/// A process whose output goes to files: nothing it writes can block it, and nothing that inherits a pipe can keep a test
/// waiting. Killed with its owner.
public final class RunningProcess: @unchecked Sendable {
    private let process = Process()
    private let directory: TestDirectory
    private let ended = DispatchSemaphore(value: 0)
    private let input = Pipe()

    /// Starts `path` with `words`. The environment holds a `PATH`, the time zone UTC, and what is given; nothing else.
    /// - Throws: if it cannot be started, or a file for its output not be made.
    public init(_ path: String, _ words: [String], environment: [String: String] = [:]) throws {
        directory = try TestDirectory()
        for name in ["out", "err"] {
            try Data().write(to: URL(filePath: directory.path(name)))
        }
        let ended = ended
        process.executableURL = URL(filePath: path)
        process.arguments = words
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "TZ": "UTC",
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(environment) { _, given in given }
        process.standardInput = input
        process.standardOutput = FileHandle(forWritingAtPath: directory.path("out"))
        process.standardError = FileHandle(forWritingAtPath: directory.path("err"))
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Whether it has not ended yet.
    public var isRunning: Bool { process.isRunning }

    /// Its process id.
    public var id: Int32 { process.processIdentifier }

    /// What it has written so far.
    public var output: String { text("out") }

    /// What it has complained so far.
    public var complaint: String { text("err") }

    /// Sends it a signal.
    public func send(signal number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Writes to its standard input.
    public func type(_ text: String) {
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }

    /// Waits until `condition` holds; false if it does not within `limit`, which a test reaches only when it fails.
    public func wait(limit: Duration = .seconds(60), until condition: (RunningProcess) -> Bool) -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if condition(self) { return true }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return condition(self)
    }

    /// Waits for its end. One that does not end within `limit` is killed.
    public func waitForEnd(limit: Duration = .seconds(60)) -> RollcallBinary.Outcome {
        if ended.wait(timeout: .now() + limit / .seconds(1)) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        // For who asks again.
        ended.signal()
        return .init(
            status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
            output: output, complaint: complaint)
    }

    private func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: directory.path(name)) ?? Data(), as: UTF8.self)
    }
}
