/// A node tells who it is: the first thing on every connection, and again whenever a full report is wanted.
public struct Registration: Equatable, Sendable {
    /// Who it is, from the peer's certificate.
    public var id: NodeID
    /// The connection it came on.
    public var session: SessionID
    /// What it says of itself.
    public var facts: NodeFacts
    /// Components the connection speaks for; empty: the one that goes with the role.
    public var components: [ComponentKind]
    /// Every watched service.
    public var services: [ServiceReport]
    /// How busy the machine is, where told.
    public var load: Load?
    /// The agent's clock when it sent this, where told; skew is measured by it.
    public var sentAt: Instant?
    /// What is known of the connection.
    public var connection: ConnectionFacts
    /// The server it registered at before, if its process remembers one.
    public var lastServer: ServerTag?

    /// A registration; what is not given is unknown.
    public init(
        id: NodeID, session: SessionID, facts: NodeFacts, components: [ComponentKind] = [],
        services: [ServiceReport] = [], load: Load? = nil, sentAt: Instant? = nil,
        connection: ConnectionFacts = ConnectionFacts(), lastServer: ServerTag? = nil
    ) {
        self.id = id
        self.session = session
        self.facts = facts
        self.components = components
        self.services = services
        self.load = load
        self.sentAt = sentAt
        self.connection = connection
        self.lastServer = lastServer
    }
}

/// What is known of an agent's connection.
public struct ConnectionFacts: Equatable, Sendable {
    /// Address and port it comes from.
    public var peerAddress: String
    /// Address and port of the server on which it arrived.
    public var localAddress: String
    /// "TLSv1.3".
    public var tlsVersion: String
    /// Until when the certificate by which the peer is known is valid; nil where not known.
    public var certificateUntil: Instant?
    /// The number that the agent's process chose when it started; 0 where not told.
    public var instance: UInt64
    /// Who issued that certificate; empty where not known.
    public var issuer: String

    /// Facts of a connection.
    public init(
        peerAddress: String = "", localAddress: String = "", tlsVersion: String = "", certificateUntil: Instant? = nil,
        instance: UInt64 = 0, issuer: String = ""
    ) {
        self.peerAddress = peerAddress
        self.localAddress = localAddress
        self.tlsVersion = tlsVersion
        self.certificateUntil = certificateUntil
        self.instance = instance
        self.issuer = issuer
    }
}

/// What a registered node is told.
public struct RegistrationTerms: Equatable, Sendable {
    /// Send a heartbeat this often.
    public var heartbeatInterval: Duration
    /// Suspect after this long without one.
    public var suspectAfter: Duration
    /// Unreachable after this long without one.
    public var unreachableAfter: Duration

    /// Terms.
    public init(heartbeatInterval: Duration, suspectAfter: Duration, unreachableAfter: Duration) {
        self.heartbeatInterval = heartbeatInterval
        self.suspectAfter = suspectAfter
        self.unreachableAfter = unreachableAfter
    }
}
