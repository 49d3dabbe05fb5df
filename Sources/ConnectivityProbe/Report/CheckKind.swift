/// What a line of the report is about. The raw values are the names in JSON: promises.
public enum CheckKind: String, CaseIterable, Hashable, Sendable {
    /// Turning the name into addresses.
    case name
    /// A TCP connection to one address.
    case tcp
    /// The TLS handshake, whatever certificate is shown.
    case tls
    /// What answers in plain text where TLS came to nothing.
    case banner
    /// The server's certificate: dates, name, and whether the fleet's authority vouches for it.
    case certificate
    /// Rollcall's own question and answer.
    case ping
    /// Whether the server takes newcomers.
    case readiness
    /// This machine's clock against the server's.
    case clock
    /// Who the server takes this machine for.
    case identity
    /// The address the server sees against the local one.
    case sourceAddress = "source-address"

    /// How it is called in front of a line.
    public var title: String {
        switch self {
        case .name: "name"
        case .tcp: "TCP connect"
        case .tls: "TLS handshake"
        case .banner: "plain text"
        case .certificate: "certificate"
        case .ping: "protocol ping"
        case .readiness: "readiness"
        case .clock: "clock"
        case .identity: "identity"
        case .sourceAddress: "source address"
        }
    }
}
