import Foundation
import Glibc

/// A running program of a test, with its logs. It is killed when the value goes away.
final class ChildProcess {
    let pid: pid_t
    let name: String
    private let outputFile: String
    private let errorFile: String
    private var ended: Int32?

    /// Starts a program; its logs go to `NAME.out` and `NAME.err` in a directory.
    /// - Throws: `POSIXError`.
    init(_ command: [String], name: String, logs: String, input: String = "/dev/null") throws {
        self.name = name
        outputFile = "\(logs)/\(name).out"
        errorFile = "\(logs)/\(name).err"
        pid = try Spawner.shared.start(command, input: input, output: outputFile, errors: errorFile)
    }

    deinit { kill() }

    var output: String { Self.text(outputFile) }
    var log: String { Self.text(errorFile) }

    /// How it ended: its exit status, or 128 and the signal's number; nil while it runs.
    var exitStatus: Int32? {
        if let ended { return ended }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        ended = Self.shellStatus(status)
        return ended
    }

    var isRunning: Bool { exitStatus == nil }

    func signal(_ number: Int32) { if isRunning { Glibc.kill(pid, number) } }

    /// Ends it at once, as `kill -9` does, and waits for the kernel to say so.
    func kill() {
        guard isRunning else { return }
        Glibc.kill(-pid, SIGKILL)
        Glibc.kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        ended = Self.shellStatus(status)
    }

    /// Processor time it has used so far.
    var processorTime: Duration {
        let stat = Self.text("/proc/\(pid)/stat")
        guard let name = stat.lastIndex(of: ")") else { return .zero }
        let fields = stat[name...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else { return .zero }
        return .milliseconds((user + system) * 1000 / sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The last lines of the log, for a test that failed.
    var tail: String {
        "--- the end of \(name)'s log\n" + log.split(separator: "\n").suffix(25).joined(separator: "\n") + "\n---"
    }

    private static func shellStatus(_ status: Int32) -> Int32 {
        status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    static func text(_ path: String) -> String {
        // Files of /proc have no size, so they are read to their end.
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.readToEnd() else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
