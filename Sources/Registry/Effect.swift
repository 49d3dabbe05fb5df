/// What should happen because of an event. Plain values: the shell carries them out, tests compare them.
public enum Effect: Equatable, Sendable {
    /// Write this durably. A reply that comes in one `Outcome` with a `persist` is sent after the commit, or becomes a
    /// refusal if the commit fails.
    case persist(Change)
    /// Tell watchers of errors.
    case publish(FindingEvent, Finding)
    /// Tell watchers of suspects: this node is one from now on.
    case suspected(NodeID)
    /// Tell watchers of suspects: this node was one since then, and was heard again.
    case returned(NodeID, suspectSince: Instant)
    /// Ask the node on this session for everything (notice `ReportInFull`).
    case askForFullReport(SessionID)
    /// End this session: a newer one of the same component took its place.
    case closeSession(SessionID, reason: String)
    /// Tell the node on this session something that is not about a request of its own.
    case object(SessionID, String)
    /// Ask a silent node, and bring back what came of it (`Registry.answered`).
    case ask(Question)
    /// An event worth a line in the log, at "info".
    case log(String)
}

/// What happened to a finding.
public enum FindingEvent: UInt8, Hashable, Sendable {
    /// Raised now.
    case raised = 1
    /// Evidence, severity or cause changed.
    case updated = 2
    /// Cleared now.
    case cleared = 3
}

/// A durable change. The store applies changes in the order in which the core produced them.
public enum Change: Equatable, Sendable {
    /// Insert the node or replace what is known of it.
    case node(NodeRecord)
    /// Forget the node and its history.
    case removeNode(NodeID)
    /// Insert the finding or replace it (same id).
    case finding(Finding)
    /// Append to a node's history.
    case history(HistoryEntry)
    /// Insert the key or replace what is known of it.
    case key(KeyRecord)
    /// Forget the key: it stands for an entry of its own id, as every key does of which nothing is known.
    case removeKey(NodeID)
}

/// Something that happened to a node, for its story.
public struct HistoryEntry: Equatable, Sendable {
    /// Whom it happened to.
    public var node: NodeID
    /// When.
    public var at: Instant
    /// What, as a stable word: "registered", "suspect", "unreachable", "reachable", "left", "service", "rebooted" …
    public var event: String
    /// As a sentence.
    public var text: String

    /// Something that happened to a node.
    public init(node: NodeID, at: Instant, event: String, text: String) {
        self.node = node
        self.at = at
        self.event = event
        self.text = text
    }
}

/// Names a connection of an agent for as long as the server runs. Never used again.
public struct SessionID: Hashable, Sendable {
    /// The loop the connection lives on.
    public let loop: UInt16
    /// Counts the connections of that loop.
    public let number: UInt64

    /// The session with this number on this loop.
    public init(loop: UInt16, number: UInt64) {
        self.loop = loop
        self.number = number
    }
}

/// The durable part of a node: what a restart must know.
public struct NodeRecord: Equatable, Sendable {
    /// Who it is.
    public var id: NodeID
    /// What it said of itself.
    public var facts: NodeFacts
    /// Components it has spoken as.
    public var components: [ComponentKind]
    /// Its watched services.
    public var services: [ServiceRecord]
    /// Whether it answered when this was written.
    public var reachability: Reachability
    /// In that reachability since.
    public var reachabilitySince: Instant
    /// First registered.
    public var firstSeen: Instant
    /// Last registered.
    public var registeredAt: Instant
    /// Last heard of. Kept up to date in batches: may lag by `RegistrySettings.lastSeenSaveInterval`.
    public var lastSeen: Instant
    /// Agent's clock less server's clock at the last registration.
    public var clockSkew: Duration
    /// Address and port its last connection came from.
    public var peerAddress: String
    /// Address of the server on which that connection arrived.
    public var localAddress: String
    /// When failover was declared; nil where it was not, or is over.
    public var failoverDeclaredAt: Instant?
    /// Why it said goodbye; nil if it did not, or registered since.
    public var goodbye: LeaveReason?

    /// A node's durable part.
    public init(
        id: NodeID, facts: NodeFacts, components: [ComponentKind], services: [ServiceRecord],
        reachability: Reachability, reachabilitySince: Instant, firstSeen: Instant, registeredAt: Instant,
        lastSeen: Instant, clockSkew: Duration, peerAddress: String, localAddress: String,
        failoverDeclaredAt: Instant? = nil, goodbye: LeaveReason? = nil
    ) {
        self.id = id
        self.facts = facts
        self.components = components
        self.services = services
        self.reachability = reachability
        self.reachabilitySince = reachabilitySince
        self.firstSeen = firstSeen
        self.registeredAt = registeredAt
        self.lastSeen = lastSeen
        self.clockSkew = clockSkew
        self.peerAddress = peerAddress
        self.localAddress = localAddress
        self.failoverDeclaredAt = failoverDeclaredAt
        self.goodbye = goodbye
    }
}

/// Everything the store knows, for a start.
public struct RestoredRegistry: Equatable, Sendable {
    /// Every node.
    public var nodes: [NodeRecord]
    /// Findings that are active, and the newest of those that were cleared (`RegistryLimits.clearedFindingsMax`).
    public var findings: [Finding]
    /// Every key of which something is known.
    public var keys: [KeyRecord]
    /// The highest finding id ever given out.
    public var lastFindingID: UInt64
    /// The newest last-seen time of all nodes: about when the server last ran. Nil for an empty registry.
    public var lastAlive: Instant?

    /// What a store knows.
    public init(
        nodes: [NodeRecord] = [], findings: [Finding] = [], keys: [KeyRecord] = [], lastFindingID: UInt64 = 0,
        lastAlive: Instant? = nil
    ) {
        self.nodes = nodes
        self.findings = findings
        self.keys = keys
        self.lastFindingID = lastFindingID
        self.lastAlive = lastAlive
    }
}
