/// Everything the core knows of one node at one moment. Its history is in the store, but for `Registry.waitingHistory`.
public struct NodeView: Equatable, Sendable {
    /// Who it is.
    public var id: NodeID
    /// The id in the certificate by which it is let in: another one if it came back with a new key.
    public var key: NodeID
    /// What it said of itself.
    public var facts: NodeFacts
    /// Whether it answers.
    public var reachability: Reachability
    /// In that reachability since.
    public var reachabilitySince: Instant
    /// The worst active finding; unknown while nothing fresh is known.
    public var health: Health
    /// First registered.
    public var firstSeen: Instant
    /// Last registered.
    public var registeredAt: Instant
    /// Last heard of, by any component.
    public var lastSeen: Instant
    /// Agent's clock less server's clock at the last registration.
    public var clockSkew: Duration
    /// Its components' clocks.
    public var components: [ComponentView]
    /// Its watched services.
    public var services: [ServiceView]
    /// How busy it was when last told.
    public var load: Load?
    /// When that was.
    public var loadAt: Instant?
    /// What asking it has brought, while it is silent; and what the server found wrong with itself, until it is judged.
    public var asked: [Evidence] = []
    /// Its active findings, worst first.
    public var findings: [Finding]
}

/// One component's clock.
public struct ComponentView: Equatable, Sendable {
    /// Which.
    public var kind: ComponentKind
    /// Last heard; nil: not since the server started, and nothing is known from before.
    public var lastHeard: Instant?
    /// Whether it has a connection open.
    public var isConnected: Bool
    /// Whether it is connected and was heard in time.
    public var isFresh: Bool
    /// The connection, or the last one if none is open.
    public var connection: ConnectionFacts
    /// Since when the connection is open; nil if it is not.
    public var connectedAt: Instant?
    /// How the last connection ended; empty while none has ended.
    public var lastClose: String
}

/// A service as the core knows it.
public struct ServiceView: Equatable, Sendable {
    /// The last report, and its times.
    public var record: ServiceRecord
    /// The clock that carried the report is stale: this is what was last known, not what is.
    public var isStale: Bool
}
