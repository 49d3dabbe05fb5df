internal import Registry
internal import RollcallProtocol

extension ServiceReport {
    /// A simulated machine's service, as the registry takes it in.
    init(_ report: WireServiceReport) {
        let state: ServiceState =
            switch report.state {
            case .running: .running
            case .stopped: .stopped
            case .starting: .starting
            case .stopping: .stopping
            case .notInstalled: .notInstalled
            default: .unknown
            }
        let start: StartType =
            switch report.startType {
            case .automatic: .automatic
            case .automaticDelayed: .automaticDelayed
            case .manual: .manual
            case .disabled: .disabled
            default: .unknown
            }
        self.init(name: report.name, state: state, startType: start, detail: report.detail, unit: report.unit)
    }
}
