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
    /// Where to dial from, and by which interface.
    public var dial = DialOptions()
    /// The name to ask for in TLS (SNI); nil: the host, where that is a name.
    public var serverName: String?
    /// The HTTP proxy to ask for a way through (CONNECT); nil: straight there.
    public var proxy: ServerName?
    /// Only what tells whether it works: no echo, no sizes, no name servers.
    public var isQuick = false
    /// The node that is probed from its server; nil: something else is. A refusal shows that such a machine is up.
    public var reachesNode: String?
    /// Nothing is asked over the connection: it is enough that it can be made, whatever listens.
    public var asksNothing = false
    /// This machine's proxy variables and their like.
    public var environment: [String: String] = [:]
    /// Where the name servers are listed; nil: they are not asked.
    public var resolverFile: String? = "/etc/resolv.conf"
    /// Where names are listed; nil: not looked at.
    public var hostsFile: String? = "/etc/hosts"
    /// What was found out about this machine's own agent, as a line of the report; nil: not looked for.
    public var local: Check?
    /// Pings over the connection.
    public var pings = 3

    /// Settings for a target, with nothing at hand.
    public init(target: ServerName) { self.target = target }
}
