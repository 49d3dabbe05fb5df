internal import RollcallProtocol
internal import Synchronization

/// One look at the services that are seen through files and commands: all but TCP ports. Blocks; runs on a queue of its
/// own. Remembers which process it found, so that the next look reads one small file instead of all of /proc.
final class ServiceLook: Sendable {
    private let specs: [WatchSpec]
    private let root: String
    private let systemctl: Systemctl
    private let processes: ProcessTable
    private let found = Mutex<[String: ProcessTable.Identity]>([:])

    init(_ specs: [WatchSpec], root: String, systemctl: Systemctl) {
        self.specs = specs
        self.root = root
        self.systemctl = systemctl
        processes = ProcessTable(root: root)
    }

    /// Looks at all of them.
    func look() -> [WireServiceReport] {
        var units: [(name: String, unit: String)] = []
        var reports: [WireServiceReport] = []
        for spec in specs {
            switch spec.method {
            case .systemd(let unit): units.append((spec.name, unit))
            case .process(let executable): reports.append(process(spec.name, executable))
            case .pidFile(let path): reports.append(pidFile(spec.name, path))
            case .tcp: continue
            }
        }
        return reports + systemctl.look(at: units)
    }

    private func process(_ name: String, _ executable: String) -> WireServiceReport {
        let known = found.withLock { $0[executable] }.flatMap { processes.lives($0) ? $0 : nil }
        let process = known ?? processes.find(executable)
        found.withLock { $0[executable] = process }
        if let process { return .watched(name, .running, "process \(process.pid) (\(executable))") }
        guard processes.showsEverybody else {
            return .watched(name, .unspecified, "not known: /proc does not show other users' processes (hidepid)")
        }
        return .watched(name, .stopped, "no process \(executable)")
    }

    private func pidFile(_ name: String, _ path: String) -> WireServiceReport {
        switch PidFile.look(at: path, root: root, processes: processes) {
        case .running(let process, let command):
            .watched(name, .running, "process \(process.pid) (\(command)), pid file \(path)")
        case .stopped(let why): .watched(name, .stopped, why)
        case .unknown(let why): .watched(name, .unspecified, "not known: \(why)")
        }
    }
}

extension WireServiceReport {
    /// A report of a service that has no unit and no start type.
    static func watched(_ name: String, _ state: WireServiceState, _ detail: String) -> WireServiceReport {
        .with {
            $0.name = name
            $0.state = state
            $0.detail = ServiceDetail.text(detail)
        }
    }
}
