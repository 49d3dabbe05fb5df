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
    /// The server's clock was set while it ran.
    case serverClockStepped = "server-clock-stepped"
    /// The server has more to do than its machine lets it.
    case serverOverloaded = "server-overloaded"
    /// A machine was failed over and did not register in time; which cause it is, is not known yet.
    case failoverOverdue = "95226"
    /// An agent of another fleet dials this server: it has the address of another server (cause c).
    case agentElsewhere = "95226c"
    /// A machine cannot reach its process server.
    case dataPathBlocked = "78186"
    /// One program of a machine is silent, and the machine is otherwise heard.
    case componentSilent = "component-silent"
    /// Many machines that have something in common fell silent at once.
    case commonCause = "common-cause"
    /// Somebody is lost and comes back, again and again.
    case flapping = "flapping"
    /// Two machines use one identity.
    case duplicateIdentity = "duplicate-identity"
    /// Two identities, and one hardware.
    case duplicateHardware = "duplicate-hardware"
    /// A machine was reinstalled, renamed or moved, and is the same.
    case machineChanged = "machine-changed"
    /// A machine's clock is off.
    case clockSkew = "clock-skew"
    /// A machine's version does not fit the server's.
    case versionUnsupported = "version-unsupported"
    /// A machine's certificate ends soon.
    case certificateExpiring = "certificate-expiring"
    /// The server's own certificate ends soon, or has ended.
    case serverCertificateExpiring = "server-certificate-expiring"
    /// Another server has this one's identity.
    case duplicateServer = "duplicate-server"
    /// A machine keeps trying with a certificate that has expired.
    case certificateExpired = "certificate-expired"
    /// A machine keeps trying with a certificate that is not valid yet.
    case certificateNotYetValid = "certificate-not-yet-valid"
    /// A machine keeps trying with a certificate that was revoked.
    case certificateRevoked = "certificate-revoked"
    /// A machine keeps trying with a certificate that was replaced.
    case certificateSuperseded = "certificate-superseded"
    /// A machine keeps trying with a certificate of another authority.
    case certificateUntrusted = "certificate-untrusted"
    /// A machine keeps trying without a node's certificate.
    case certificateMissing = "certificate-missing"
    /// A machine keeps trying and does not trust this server.
    case serverNotTrusted = "server-not-trusted"
    /// A machine keeps trying with a TLS that is too old.
    case tlsVersionUnsupported = "tls-version-unsupported"
    /// A machine keeps trying, and TLS does not get through.
    case handshakeBroken = "handshake-broken"
    /// A machine keeps trying with a wrong passphrase.
    case wrongPassphrase = "wrong-passphrase"
    /// A machine keeps trying, and its registration is refused.
    case registrationRefused = "registration-refused"

    /// The code as operators know it, without the variant: "95226".
    public var number: String {
        switch self {
        case .noContact, .applicationServiceNotRunning, .agentElsewhere, .failoverOverdue: "95226"
        default: rawValue
        }
    }

    /// The variant within the code: "a", "b", or empty.
    public var variant: String {
        switch self {
        case .noContact: "a"
        case .applicationServiceNotRunning: "b"
        case .agentElsewhere: "c"
        default: ""
        }
    }
}

/// How bad an error is.
public enum Severity: UInt8, Hashable, Comparable, Sendable, CaseIterable {
    /// Worth knowing; nothing is wrong.
    case information = 0
    /// Needs attention.
    case warning = 1
    /// Broken.
    case critical = 2

    /// Whether the left one is less bad.
    public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
}
