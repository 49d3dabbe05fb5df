public import AgentClient
public import EventLoop

/// Everything a probe found out: a flat value that can be printed, compared and sent. The verdict follows from it and
/// from nothing else.
public struct ProbeReport: Equatable, Sendable {
    /// What was probed.
    public var target: ServerName
    /// When it began, milliseconds since 1970-01-01 UTC on this machine's clock.
    public var startedUnixMilliseconds: Int64
    /// How long all of it took.
    public var took: Duration
    /// The addresses that the name has and that were tried, in the resolver's order.
    public var addresses: [SocketAddress]
    /// Each check, in the order in which they ended.
    public var checks: [Check]
    /// What TLS showed, for each address where the handshake succeeded.
    public var tls: [TLSLook]
    /// What the server said, for each address where it answered.
    public var servers: [ServerLook]

    /// What was found out about the way, for each address.
    public var paths: [PathLook]

    /// An empty report.
    public init(target: ServerName, startedUnixMilliseconds: Int64 = 0) {
        self.target = target
        self.startedUnixMilliseconds = startedUnixMilliseconds
        took = .zero
        addresses = []
        checks = []
        tls = []
        servers = []
        paths = []
    }

    /// The checks at one address, in the order in which they ended.
    public func checks(at address: SocketAddress) -> [Check] { checks.filter { $0.address == address } }
}
