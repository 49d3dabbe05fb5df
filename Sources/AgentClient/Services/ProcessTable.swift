import Foundation

/// The processes of this machine, read from /proc. Blocks for as long as reading takes; never called on a loop.
struct ProcessTable: Sendable {
    /// A process: its number, and when it started in ticks since the boot. Numbers are used again; the pair is not.
    struct Identity: Equatable, Sendable {
        let pid: Int32
        let startTicks: UInt64
    }

    private let proc: String

    /// The table of the machine whose files lie under `root`.
    init(root: String = "") { proc = root + "/proc" }

    /// Whether other people's processes can be seen. With the mount option hidepid they cannot, and one that is not found
    /// may well run.
    var showsEverybody: Bool { stat(of: 1) != nil }

    /// The process with this number, if it lives. A zombie has ended.
    func stat(of pid: Int32) -> ProcessStat? {
        text("\(pid)/stat").flatMap(ProcessStat.init).flatMap { $0.hasEnded ? nil : $0 }
    }

    /// Whether exactly this process still lives.
    func lives(_ process: Identity) -> Bool { stat(of: process.pid)?.startTicks == process.startTicks }

    /// The lowest-numbered live process that runs `executable`: a path, or a name.
    func find(_ executable: String) -> Identity? {
        for pid in pids {
            guard let stat = stat(of: pid), runs(pid, stat, executable) else { continue }
            return Identity(pid: pid, startTicks: stat.startTicks)
        }
        return nil
    }

    /// When the machine started, in seconds since 1970-01-01 UTC.
    var bootSeconds: Int64? {
        text("stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Int64($0.dropFirst(6)) }
    }

    private var pids: [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: proc)) ?? []
        return names.compactMap { Int32($0) }.sorted()
    }

    private func runs(_ pid: Int32, _ stat: ProcessStat, _ executable: String) -> Bool {
        let isPath = executable.contains("/")
        // The kernel keeps 15 bytes of the name: enough where the name is shorter, else a reason to look closer.
        if !isPath, stat.name == executable { return true }
        if let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(proc)/\(pid)/exe") {
            // An upgrade replaces the file while the process runs on.
            let target = link.hasSuffix(" (deleted)") ? String(link.dropLast(10)) : link
            if (isPath ? target : target.lastComponent) == executable { return true }
        }
        // Readable also where the link is not (other people's processes), and true for names of busybox.
        guard let first = text("\(pid)/cmdline")?.split(separator: "\0").first else { return false }
        return (isPath ? String(first) : String(first).lastComponent) == executable
    }

    private func text(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: "\(proc)/\(path)") else { return nil }
        defer { try? file.close() }
        guard let bytes = try? file.read(upToCount: 1 << 16) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// What follows the last slash.
    fileprivate var lastComponent: String { lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self }
}

/// /proc/PID/stat.
struct ProcessStat: Equatable, Sendable {
    /// Ticks of the clock that /proc counts in, per second: USER_HZ, which is 100 on every Linux that people use.
    static let ticksPerSecond: UInt64 = 100

    /// The process's name, at most 15 bytes.
    let name: String
    /// One letter: R, S, D, T, Z …
    let state: Character
    /// When it started, in ticks since the boot.
    let startTicks: UInt64

    /// Zombies and dead processes run nothing any more.
    var hasEnded: Bool { state == "Z" || state == "X" || state == "x" }

    /// Reads the line. The name may hold blanks and brackets: it ends at the last one.
    init?(_ text: String) {
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else { return nil }
        let fields = text[text.index(after: close)...].split(whereSeparator: \.isWhitespace)
        // Field 3 is the state, field 22 the start (proc(5)).
        guard fields.count > 19, let state = fields[0].first, let start = UInt64(fields[19]) else { return nil }
        name = String(text[text.index(after: open)..<close])
        self.state = state
        startTicks = start
    }
}
