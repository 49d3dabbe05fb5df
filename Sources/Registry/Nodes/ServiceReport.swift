/// State of a service as its watcher saw it. No fresh data is `unknown`, never `running`.
public enum ServiceState: UInt8, Hashable, Sendable, CaseIterable {
    /// Not looked at yet, or the look failed.
    case unknown = 0
    /// Running.
    case running = 1
    /// Not running.
    case stopped = 2
    /// On its way up.
    case starting = 3
    /// On its way down.
    case stopping = 4
    /// Does not exist on the machine.
    case notInstalled = 5
}

/// How a service comes up with the machine.
public enum StartType: UInt8, Hashable, Sendable, CaseIterable {
    /// Not known, or it does not apply.
    case unknown = 0
    /// With the machine.
    case automatic = 1
    /// With the machine, after the others.
    case automaticDelayed = 2
    /// On demand.
    case manual = 3
    /// Never.
    case disabled = 4
}

/// One watched service as reported.
public struct ServiceReport: Equatable, Sendable {
    /// The name operators know; unique within a node, at most 128 bytes.
    public var name: String
    /// State when last looked at.
    public var state: ServiceState
    /// How it comes up.
    public var startType: StartType
    /// What the watcher saw, for people; at most 256 bytes.
    public var detail: String
    /// The name to use in a command on that machine, or empty.
    public var unit: String

    /// A report of a service.
    public init(
        name: String, state: ServiceState, startType: StartType = .unknown, detail: String = "", unit: String = ""
    ) {
        self.name = name
        self.state = state
        self.startType = startType
        self.detail = detail
        self.unit = unit
    }
}

/// A service as the registry keeps it: the last report, and its times.
public struct ServiceRecord: Equatable, Sendable {
    /// The last report.
    public var report: ServiceReport
    /// When that report came.
    public var reportedAt: Instant
    /// When the state last changed.
    public var since: Instant

    /// A service's last report with its times.
    public init(report: ServiceReport, reportedAt: Instant, since: Instant) {
        self.report = report
        self.reportedAt = reportedAt
        self.since = since
    }
}
