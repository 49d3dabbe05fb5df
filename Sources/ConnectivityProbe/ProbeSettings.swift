public import AgentClient
public import EventLoop
public import SecureTransport

/// What to probe, and with what at hand.
public struct ProbeSettings: Sendable {
    /// Whom the probe trusts, and what it shows.
    public struct Credentials: Sendable {
        /// Trusts the fleet's authority, offers rollcall/1.
        public var context: TLSContext
        /// Where the authority came from, for people: the path of a file.
        public var authoritySource: String
        /// The certificate to show; nil: none.
        public var identity: TLSIdentity?

        /// Credentials from their parts.
        public init(context: TLSContext, authoritySource: String, identity: TLSIdentity?) {
            self.context = context
            self.authoritySource = authoritySource
            self.identity = identity
        }
    }

    /// What to probe.
    public var target: ServerName
    /// Only addresses of this family; nil: all.
    public var family: SocketAddress.Family?
    /// Whom to trust; nil: the chain is shown, trust stays unknown.
    public var credentials: Credentials?
    /// Time limits and thresholds.
    public var limits = ProbeLimits()
    /// Pings over the connection.
    public var pings = 3

    /// Settings for a target, with nothing at hand.
    public init(target: ServerName) { self.target = target }
}
