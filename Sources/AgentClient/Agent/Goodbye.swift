import Foundation
public import RollcallProtocol

/// Why an agent stops, as far as its machine knows. A signal says only that it shall; what is behind it is, in this order:
/// what was announced (`rollcall agent --goodbye upgrade`, in a package's prerm), what systemd is about to do, the run level.
public struct Goodbye: Sendable {
    /// How long an announcement holds: longer than any package takes to stop a service, shorter than anybody forgets it.
    static let announcementLife = Duration.seconds(15 * 60)
    /// Longest wait for systemd: the agent has 10 s in all (`TimeoutStopSec=`).
    static let lookLimit = Duration.seconds(2)
    private static let fileName = "goodbye"

    private let path: String
    private let root: String

    /// The goodbye of the agent whose identity lies in this directory. `root` is that of the machine's files.
    public init(identity: String, root: String = "") {
        path = identity + "/" + Self.fileName
        self.root = root
    }

    /// Reasons that can be announced, as they are typed.
    public static let reasons: [(name: String, reason: WireLeaveReason)] = [
        ("shutdown", .shutdown), ("reboot", .reboot), ("service-stop", .serviceStop), ("upgrade", .upgrade),
        ("decommission", .decommission),
    ]

    // MARK: announcing

    /// Announces why the agent will stop within the next 15 minutes.
    /// - Throws: `AgentSettingsError` if there is no such reason, or the directory cannot be written to.
    public func announce(_ name: String) throws(AgentSettingsError) {
        guard Self.reasons.contains(where: { $0.name == name }) else {
            throw AgentSettingsError(
                "goodbye is '\(name.oneLine)': it is \(Self.reasons.map(\.name).joined(separator: ", "))")
        }
        do {
            try Data("\(name)\n".utf8).write(to: URL(filePath: path), options: .atomic)
            // Whoever announces it is root as a rule, and the agent is not.
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        } catch {
            throw AgentSettingsError("\(path) cannot be written: check --identity, and who may write there")
        }
    }

    /// The agent starts: what was announced for the one before is over.
    func begin() { try? FileManager.default.removeItem(atPath: path) }

    // MARK: looking

    /// Why the agent stops. Blocks for as long as systemd takes, two seconds at most: not to be called on a loop.
    func reason() -> WireLeaveReason {
        announced ?? Systemctl(root: root, limit: Self.lookLimit).jobs().flatMap(Self.reason(inJobs:))
            ?? Self.reason(inRecords: FileManager.default.contents(atPath: root + "/run/utmp") ?? Data())
            ?? .serviceStop
    }

    private var announced: WireLeaveReason? {
        guard let text = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) }),
            let at = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date,
            abs(at.timeIntervalSinceNow) < Self.announcementLife / .seconds(1)
        else { return nil }
        return Self.reasons.first { $0.name == text.trimmed }?.reason
    }

    /// What `systemctl list-jobs` says of the machine's own end: it starts the target it goes to (systemd.special(7)).
    static func reason(inJobs jobs: String) -> WireLeaveReason? {
        let starting = jobs.split(separator: "\n").compactMap { line -> String? in
            let fields = line.split(separator: " ")
            return fields.count >= 3 && fields[2] == "start" ? String(fields[1]) : nil
        }
        let isGoing = { (targets: [String]) in starting.contains { targets.contains($0) } }
        if isGoing(["reboot.target", "kexec.target", "soft-reboot.target"]) { return .reboot }
        return isGoing(["poweroff.target", "halt.target"]) ? .shutdown : nil
    }

    /// What the run level says (utmp(5)): 6 is a reboot, 0 the end. The record's first field is its type, 1 for a run level,
    /// the next one its level's character.
    static func reason(inRecords records: Data) -> WireLeaveReason? {
        let size = 384
        for start in stride(from: 0, to: records.count - size + 1, by: size) {
            let record = records.dropFirst(start)
            guard record[record.startIndex] == 1, record[record.startIndex + 1] == 0 else { continue }
            switch record[record.startIndex + 4] {
            case UInt8(ascii: "6"): return .reboot
            case UInt8(ascii: "0"): return .shutdown
            default: return nil
            }
        }
        return nil
    }
}
