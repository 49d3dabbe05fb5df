public import ErrorCatalogue

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
    public var title: Phrase {
        switch self {
        case .name: Phrase("name", "名稱")
        case .resolvers: Phrase("name servers", "名稱伺服器")
        case .environment: Phrase("environment", "環境變數")
        case .local: Phrase("this machine", "這部機器")
        case .route: Phrase("route", "路由")
        case .echo: Phrase("ICMP echo", "ICMP 回應")
        case .tcp: Phrase("TCP connect", "TCP 連線")
        case .trace: Phrase("the way", "沿途")
        case .proxy: Phrase("HTTP proxy", "HTTP Proxy")
        case .pathMTU: Phrase("path MTU", "路徑 MTU")
        case .tls: Phrase("TLS handshake", "TLS 交握")
        case .banner: Phrase("plain text", "純文字")
        case .certificate: Phrase("certificate", "憑證")
        case .ping: Phrase("protocol ping", "協定詢問")
        case .registry: Phrase("registry", "登錄")
        case .readiness: Phrase("readiness", "就緒狀態")
        case .clock: Phrase("clock", "時鐘")
        case .identity: Phrase("identity", "身分")
        case .sourceAddress: Phrase("source address", "來源位址")
        case .registration: Phrase("registration", "註冊")
        case .loss: Phrase("loss", "遺失")
        case .idle: Phrase("idle time", "閒置時間")
        case .notes: Phrase("server's notes", "伺服器的紀錄")
        }
    }
}
