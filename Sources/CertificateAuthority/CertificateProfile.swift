/// What distinguishes the four kinds of certificates a fleet has. `certs/profiles/` writes the same down as data,
/// and a test holds the two against each other.
public enum CertificateProfile: String, CaseIterable, Sendable {
    /// The fleet's CA, signed by itself.
    case authority = "ca"
    /// A configuration server.
    case server
    /// A machine that reports.
    case node
    /// A person or program that asks.
    case `operator`

    /// How many days a certificate of this kind is valid.
    public var validDays: Int {
        switch self {
        case .authority: 3650
        // Three years, as operators of the system this one replaces are used to.
        case .server: 3 * 365
        case .node, .operator: 365
        }
    }

    /// How far before the moment of issue a certificate begins to be valid: the other side's clock may be behind.
    public static let backdating: Duration = .seconds(5 * 60)

    /// Random bits in a serial number. RFC 5280 allows 20 octets; CA/Browser Forum asks for at least 64 bits.
    public static let serialBits = 128
}
