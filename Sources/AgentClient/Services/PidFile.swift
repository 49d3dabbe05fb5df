import Foundation

/// A pid file, and whether the process it names is still the one that wrote it.
struct PidFile {
    /// What a look at it found.
    enum Finding: Equatable {
        /// The process lives.
        case running(ProcessTable.Identity, name: String)
        /// It does not, or there is no file.
        case stopped(String)
        /// Cannot be told.
        case unknown(String)
    }

    /// A process writes its file after it has started, so one that started later is another that got the same number.
    /// The slack is for the boot time's whole seconds and for a clock that was set a little meanwhile.
    private static let slackSeconds: Int64 = 60

    /// Looks at the file at `path` under `root`.
    static func look(at path: String, root: String, processes: ProcessTable) -> Finding {
        let file = root + path
        guard FileManager.default.fileExists(atPath: file) else { return .stopped("no pid file \(path)") }
        guard let bytes = FileManager.default.contents(atPath: file) else {
            return .unknown("pid file \(path) cannot be read")
        }
        let text = String(decoding: bytes.prefix(64), as: UTF8.self).trimmed
        guard let pid = Int32(text.split(whereSeparator: \.isWhitespace).first ?? ""), pid > 0 else {
            return .unknown("pid file \(path) holds no process number")
        }
        guard let stat = processes.stat(of: pid) else {
            return .stopped("stale pid file \(path): there is no process \(pid)")
        }
        let written = (try? FileManager.default.attributesOfItem(atPath: file))?[.modificationDate] as? Date
        if let written, let boot = processes.bootSeconds {
            let started = boot + Int64(stat.startTicks / ProcessStat.ticksPerSecond)
            if started > Int64(written.timeIntervalSince1970) + slackSeconds {
                return .stopped("stale pid file \(path): process \(pid) (\(stat.name)) started after it was written")
            }
        }
        return .running(.init(pid: pid, startTicks: stat.startTicks), name: stat.name)
    }
}
