internal import RollcallProtocol

/// The services that run on a machine, by what it is for (the field's own names and start types).
enum RoleServices {
    /// The service whose absence keeps a machine from being reprotected.
    static let scout = "InMage Scout Application Service"
    static let sentinel = "InMage Scout VX Agent - Sentinel/Outpost"
    /// Takes replication data on a process server.
    static let dataMover = "cxprocessserver"

    /// All running. A cloud process server, for failback, has only those that move data.
    static func of(_ role: WireRole, inCloud: Bool, platform: WirePlatform) -> [WireServiceReport] {
        let names: [(String, String, WireStartType)] =
            switch role {
            case .processServer:
                mover + (inCloud ? [] : standAlone)
            case .mobilityAgent, .masterTarget, .unspecified, .UNRECOGNIZED:
                [(scout, "appservice", .automatic), (sentinel, "svagents", .automatic)]
            }
        return names.map { name, unit, start in
            .with {
                $0.name = name
                $0.unit = platform == .linux ? "\(unit).service" : unit
                $0.state = .running
                // systemd has no delayed start.
                $0.startType = platform == .linux && start == .automaticDelayed ? .automatic : start
            }
        }
    }

    private static let mover: [(String, String, WireStartType)] = [
        ("ProcessServer", "ProcessServer", .automatic),
        ("ProcessServerMonitor", "ProcessServerMonitor", .automaticDelayed),
        (dataMover, "cxprocessserver", .automatic),
        ("InMage PushInstall", "InMagePushInstall", .automaticDelayed),
        ("LogUpload", "LogUpload", .automaticDelayed),
    ]
    private static let standAlone: [(String, String, WireStartType)] = [
        (scout, "InMage Scout Application Service", .automatic), ("obengine", "obengine", .manual),
        (sentinel, "svagents", .automatic), ("tmansvc", "tmansvc", .automatic),
    ]
}
