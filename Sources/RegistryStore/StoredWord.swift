import ErrorCatalogue
import Registry

/// An enum that the store keeps as a word, so that `sqlite3 registry.sqlite` shows something a person can read.
///
/// The words are durable: never change one. A word this version does not know (a newer minor wrote it) becomes
/// `unknownWord`, which is chosen so that nothing looks healthier than it is.
protocol StoredWord: CaseIterable, Equatable {
    /// The durable form.
    var word: String { get }
    /// Stands in for a word of a newer version.
    static var unknownWord: Self { get }
}

extension StoredWord {
    /// The value with this word, if this version knows it.
    static func known(_ word: String) -> Self? { allCases.first { $0.word == word } }
    /// The value with this word, or the stand-in.
    init(word: String) { self = Self.known(word) ?? Self.unknownWord }
}

extension Role: StoredWord {
    var word: String {
        switch self {
        case .mobilityAgent: "mobility-agent"
        case .processServer: "process-server"
        case .masterTarget: "master-target"
        }
    }
    static var unknownWord: Role { .mobilityAgent }
}

extension Platform: StoredWord {
    var word: String {
        switch self {
        case .unknown: "unknown"
        case .linux: "linux"
        case .windows: "windows"
        }
    }
    static var unknownWord: Platform { .unknown }
}

extension ComponentKind: StoredWord {
    var word: String {
        switch self {
        case .mobilityAgent: "mobility-agent"
        case .scoutApplicationService: "scout-application-service"
        case .processServer: "process-server"
        }
    }
    static var unknownWord: ComponentKind { .mobilityAgent }
}

extension Reachability: StoredWord {
    var word: String {
        switch self {
        case .expected: "expected"
        case .reachable: "reachable"
        case .suspect: "suspect"
        case .unreachable: "unreachable"
        case .left: "left"
        }
    }
    static var unknownWord: Reachability { .suspect }
}

extension ServiceState: StoredWord {
    var word: String {
        switch self {
        case .unknown: "unknown"
        case .running: "running"
        case .stopped: "stopped"
        case .starting: "starting"
        case .stopping: "stopping"
        case .notInstalled: "not-installed"
        }
    }
    static var unknownWord: ServiceState { .unknown }
}

extension StartType: StoredWord {
    var word: String {
        switch self {
        case .unknown: "unknown"
        case .automatic: "automatic"
        case .automaticDelayed: "automatic-delayed"
        case .manual: "manual"
        case .disabled: "disabled"
        }
    }
    static var unknownWord: StartType { .unknown }
}

extension LeaveReason: StoredWord {
    var word: String {
        switch self {
        case .unspecified: "unspecified"
        case .shutdown: "shutdown"
        case .reboot: "reboot"
        case .serviceStop: "service-stop"
        case .upgrade: "upgrade"
        case .decommission: "decommission"
        }
    }
    static var unknownWord: LeaveReason { .unspecified }
}

extension KeyDecision: StoredWord {
    var word: String {
        switch self {
        case .hardware: "hardware"
        case .byOperator: "operator"
        }
    }
    static var unknownWord: KeyDecision { .byOperator }
}

extension Severity: StoredWord {
    var word: String {
        switch self {
        case .information: "information"
        case .warning: "warning"
        case .critical: "critical"
        }
    }
    static var unknownWord: Severity { .critical }
}
