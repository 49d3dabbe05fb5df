import Dispatch
import Foundation
internal import RollcallProtocol

/// Asks systemd about units, by its own command: one child process for all of them. Blocks; never called on a loop.
struct Systemctl: Sendable {
    /// The command; nil where there is none.
    let path: String?
    /// Why units cannot be asked for on this host; nil if they can.
    let whyNot: String?
    /// A child that takes longer is killed: systemd, or the disk under it, hangs.
    let limit: Duration

    /// What there is on the host whose files lie under `root`. As sd_booted(3): systemd runs if its directory is there.
    init(root: String = "", limit: Duration = .seconds(5)) {
        let files = FileManager.default
        self.limit = limit
        path = ["/usr/bin/systemctl", "/bin/systemctl"].map { root + $0 }.first(where: files.isExecutableFile)
        if !files.fileExists(atPath: root + "/run/systemd/system") {
            whyNot = "this host was not started by systemd"
        } else {
            whyNot = path == nil ? "this host has no systemctl" : nil
        }
    }

    /// Looks at units. Returns a report for each, in their order; where the look fails, unknown with the reason.
    func look(at watched: [(name: String, unit: String)]) -> [WireServiceReport] {
        guard !watched.isEmpty else { return [] }
        switch show(watched.map(\.unit)) {
        case .success(let output):
            let units = SystemdUnit.parse(output)
            guard units.count == watched.count else {
                return watched.map { unknown($0, "systemctl told of \(units.count) units instead of \(watched.count)") }
            }
            return zip(watched, units).map { $1.report(name: $0.name, unit: $0.unit) }
        case .failure(let failure):
            return watched.map { unknown($0, failure.reason) }
        }
    }

    private func unknown(_ watched: (name: String, unit: String), _ reason: String) -> WireServiceReport {
        .with {
            $0.name = watched.name
            $0.unit = watched.unit
            $0.detail = ServiceDetail.text("systemd unit \(watched.unit): not known, \(reason)")
        }
    }

    private struct Failure: Error { let reason: String }

    /// The jobs that systemd has under way, a line each: number, unit, type, state. Nil where it cannot be asked.
    func jobs() -> String? { try? run(["list-jobs", "--no-pager", "--no-legend", "--plain"]).get() }

    private func show(_ units: [String]) -> Result<String, Failure> {
        run(["show", "--no-pager", "--property=" + SystemdUnit.properties.joined(separator: ","), "--"] + units)
    }

    private func run(_ arguments: [String]) -> Result<String, Failure> {
        guard let path, whyNot == nil else { return .failure(Failure(reason: whyNot ?? "this host has no systemctl")) }
        let child = Process()
        let output = Pipe()
        let complaints = Pipe()
        child.executableURL = URL(fileURLWithPath: path)
        child.arguments = arguments
        child.environment = ["LC_ALL": "C", "PATH": "/usr/bin:/bin", "SYSTEMD_COLORS": "0"]
        child.standardInput = FileHandle.nullDevice
        child.standardOutput = output
        child.standardError = complaints
        do { try child.run() } catch { return .failure(Failure(reason: "\(path) cannot be run: \(error)")) }
        let pid = child.processIdentifier
        let killer = DispatchWorkItem { kill(pid, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(limitMilliseconds), execute: killer)
        // Standard error holds a line or two: less than a pipe takes, so that reading one after the other cannot stall.
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        killer.cancel()
        if child.terminationReason == .uncaughtSignal {
            return .failure(Failure(reason: "systemctl did not answer within \(limit.text)"))
        }
        guard child.terminationStatus == 0 else {
            return .failure(Failure(reason: "systemctl says: \(complaint.trimmed)"))
        }
        return .success(text)
    }

    private var limitMilliseconds: Int {
        Int(limit.components.seconds) * 1000 + Int(limit.components.attoseconds / 1_000_000_000_000_000)
    }
}
