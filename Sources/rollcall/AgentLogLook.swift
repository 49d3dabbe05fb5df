import ConnectivityProbe
import Foundation

/// The newest warnings in the log of this machine's agent, from the journal.
enum AgentLogLook {
    /// Up to three lines of the last hour; empty where there is no journal, or it may not be read.
    static func lastWarnings(_ agent: LocalAgent) -> [String] {
        let journalctl = "/usr/bin/journalctl"
        guard !agent.processes.isEmpty || agent.settingsFile != nil,
            FileManager.default.isExecutableFile(atPath: journalctl)
        else { return [] }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: journalctl)
        process.arguments = [
            "--quiet", "--unit", "rollcall-agent", "--since", "-1h", "--output", "cat", "--lines", "40", "--no-pager",
        ]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return [] }
        // A journal that hangs must not hang the probe.
        DispatchQueue.global().asyncAfter(deadline: .now() + 1) { if process.isRunning { process.terminate() } }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").filter { line in
            ["warning", "error", "critical"].contains { line.contains($0) }
        }.suffix(3).map { String($0.prefix(160)) }
    }
}
