/// Every error Rollcall can raise. Numbers are names that operators know from the system this one follows; where none
/// fits, the code is a name of our own. The raw value is the durable form: never change one.
public enum ErrorCode: String, Hashable, Sendable, CaseIterable {
    /// A machine does not reach the configuration server: no contact (cause a, the network).
    case noContact = "95226a"
    /// The machine answers, but its InMage Scout Application Service does not run (cause b).
    case applicationServiceNotRunning = "95226b"
    /// The machine is off, hung or not on the network.
    case machineGone = "78093"
    /// No heartbeat from a source machine, and no better cause is known.
    case noHeartbeatFromSource = "78174"
    /// No heartbeat from a process server.
    case processServerSilent = "806"
    /// No heartbeat from a master target.
    case masterTargetSilent = "78022"
    /// Another watched service does not run.
    case serviceNotRunning = "service-not-running"
    /// The registry cannot be written: registrations are refused.
    case registryNotWritable = "registry-not-writable"
    /// The server itself stood still: nobody is judged for that time.
    case serverStalled = "server-stalled"

    /// The code as operators know it, without the variant: "95226".
    public var number: String {
        switch self {
        case .noContact, .applicationServiceNotRunning: "95226"
        default: rawValue
        }
    }

    /// The variant within the code: "a", "b", or empty.
    public var variant: String {
        switch self {
        case .noContact: "a"
        case .applicationServiceNotRunning: "b"
        default: ""
        }
    }
}

/// How bad an error is.
public enum Severity: UInt8, Hashable, Comparable, Sendable, CaseIterable {
    /// Needs attention.
    case warning = 1
    /// Broken.
    case critical = 2

    /// Whether the left one is less bad.
    public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
}
