/// What a line of the report is about. The raw values are the names in JSON: promises.
public enum CheckKind: String, CaseIterable, Hashable, Sendable {
    /// Turning the name into addresses.
    case name
    /// What each name server of this machine says itself, against the system's answer and /etc/hosts.
    case resolvers
    /// Proxies that this machine's environment names.
    case environment
    /// This machine's own agent.
    case local
    /// The way the kernel would send packets.
    case route
    /// ICMP echo.
    case echo
    /// A TCP connection to one address.
    case tcp
    /// Where packets get to, where TCP fails.
    case trace
    /// An HTTP proxy that was asked for a way through.
    case proxy
    /// Which sizes of packets pass.
    case pathMTU = "path-mtu"
    /// The TLS handshake, whatever certificate is shown.
    case tls
    /// What answers in plain text where TLS came to nothing.
    case banner
    /// The server's certificate: dates, name, and whether the fleet's authority vouches for it.
    case certificate
    /// Rollcall's own question and answer.
    case ping
    /// Whether the server's registry answers, which heartbeats and registrations go to.
    case registry
    /// Whether the server takes newcomers.
    case readiness
    /// This machine's clock against the server's.
    case clock
    /// Who the server takes this machine for.
    case identity
    /// The address the server sees against the local one.
    case sourceAddress = "source-address"
    /// What a registration would take.
    case registration
    /// How much had to be sent again.
    case loss
    /// How long a connection may be left alone.
    case idle
    /// What the server saw of the attempts that came to nothing.
    case notes

    /// How it is called in front of a line.
    public var title: String {
        switch self {
        case .name: "name"
        case .resolvers: "name servers"
        case .environment: "environment"
        case .local: "this machine"
        case .route: "route"
        case .echo: "ICMP echo"
        case .tcp: "TCP connect"
        case .trace: "the way"
        case .proxy: "HTTP proxy"
        case .pathMTU: "path MTU"
        case .tls: "TLS handshake"
        case .banner: "plain text"
        case .certificate: "certificate"
        case .ping: "protocol ping"
        case .registry: "registry"
        case .readiness: "readiness"
        case .clock: "clock"
        case .identity: "identity"
        case .sourceAddress: "source address"
        case .registration: "registration"
        case .loss: "loss"
        case .idle: "idle time"
        case .notes: "server's notes"
        }
    }
}
