public import RollcallProtocol

/// One lower-case word for each value of the protocol's enums. JSON shows the word, and its names are promises; people
/// read it with spaces for dashes. nil where the value was not told, or is one of a newer server.
extension WireRole {
    /// `mobility-agent`.
    public var word: String? {
        switch self {
        case .mobilityAgent: "mobility-agent"
        case .processServer: "process-server"
        case .masterTarget: "master-target"
        case .unspecified, .UNRECOGNIZED: nil
        }
    }

    /// The two letters that operators use for it.
    var initials: String? {
        switch self {
        case .mobilityAgent: "MA"
        case .processServer: "PS"
        case .masterTarget: "MT"
        case .unspecified, .UNRECOGNIZED: nil
        }
    }
}

extension WireComponent {
    /// `scout-application-service`.
    public var word: String? {
        switch self {
        case .mobilityAgent: "mobility-agent"
        case .scoutApplicationService: "scout-application-service"
        case .processServer: "process-server"
        case .unspecified, .UNRECOGNIZED: nil
        }
    }
}

extension WirePlatform {
    /// `linux`.
    public var word: String? {
        switch self {
        case .linux: "linux"
        case .windows: "windows"
        case .unspecified, .UNRECOGNIZED: nil
        }
    }
}

extension WireServiceState {
    /// `not-installed`; `unknown` where it was not told: never "running".
    public var word: String {
        switch self {
        case .running: "running"
        case .stopped: "stopped"
        case .starting: "starting"
        case .stopping: "stopping"
        case .notInstalled: "not-installed"
        case .unspecified, .UNRECOGNIZED: "unknown"
        }
    }
}

extension WireStartType {
    /// `automatic-delayed`.
    public var word: String? {
        switch self {
        case .automatic: "automatic"
        case .automaticDelayed: "automatic-delayed"
        case .manual: "manual"
        case .disabled: "disabled"
        case .unspecified, .UNRECOGNIZED: nil
        }
    }
}

extension WireReachability {
    /// `unreachable`; `unknown` where it was not told.
    public var word: String {
        switch self {
        case .expected: "expected"
        case .reachable: "reachable"
        case .suspect: "suspect"
        case .unreachable: "unreachable"
        case .left: "left"
        case .unspecified, .UNRECOGNIZED: "unknown"
        }
    }

    var ink: Ink {
        switch self {
        case .reachable: .good
        case .suspect: .caution
        case .unreachable: .bad
        case .expected, .left, .unspecified, .UNRECOGNIZED: .faint
        }
    }
}

extension WireHealth {
    /// `critical`; `unknown` where nothing fresh is known.
    public var word: String {
        switch self {
        case .healthy: "healthy"
        case .warning: "warning"
        case .critical: "critical"
        case .unspecified, .UNRECOGNIZED: "unknown"
        }
    }

    var ink: Ink {
        switch self {
        case .healthy: .good
        case .warning: .caution
        case .critical: .bad
        case .unspecified, .UNRECOGNIZED: .strong
        }
    }
}

extension WireSeverity {
    /// `critical`; `unknown` where it was not told.
    public var word: String {
        switch self {
        case .information: "information"
        case .warning: "warning"
        case .critical: "critical"
        case .unspecified, .UNRECOGNIZED: "unknown"
        }
    }

    var ink: Ink { self == .critical ? .bad : self == .information ? .faint : .caution }
}

extension WireScope {
    /// `process-server`.
    public var word: String? {
        switch self {
        case .component: "component"
        case .node: "node"
        case .processServer: "process-server"
        case .site: "site"
        case .server: "server"
        case .group: "group"
        case .peer: "peer"
        case .unspecified, .UNRECOGNIZED: nil
        }
    }
}

extension WireErrorEvent {
    /// `raised`; `unknown` where it was not told.
    public var word: String {
        switch self {
        case .active: "active"
        case .raised: "raised"
        case .updated: "updated"
        case .cleared: "cleared"
        case .suspected: "suspect"
        case .returned: "returned"
        case .unspecified, .UNRECOGNIZED: "unknown"
        }
    }
}

extension String {
    /// A word as people read it.
    var spaced: String { split(separator: "-").joined(separator: " ") }

    /// The text, or `instead` if it is empty.
    func or(_ instead: String) -> String { isEmpty ? instead : self }
}
