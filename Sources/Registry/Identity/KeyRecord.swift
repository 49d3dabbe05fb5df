/// What is known of a key, by the id in its certificate, where that is more than that it stands for the entry of its own
/// id.
public struct KeyRecord: Equatable, Sendable {
    /// The id in the certificate.
    public var key: NodeID
    /// The id of the entry for which it stands: the id of the first key under which that machine was known.
    public var node: NodeID
    /// When that was decided.
    public var since: Instant
    /// Who decided it.
    public var decision: KeyDecision
    /// The key that took its place: it is refused. Nil for one that is let in.
    public var replacedBy: NodeID?

    /// What is known of a key.
    public init(key: NodeID, node: NodeID, since: Instant, decision: KeyDecision, replacedBy: NodeID? = nil) {
        self.key = key
        self.node = node
        self.since = since
        self.decision = decision
        self.replacedBy = replacedBy
    }
}

/// By what it was decided for which machine a key stands.
public enum KeyDecision: UInt8, Hashable, Sendable, CaseIterable {
    /// The machine's hardware said that it was one whose entry was free.
    case hardware = 1
    /// An operator said so. Hardware is not asked any more.
    case byOperator = 2
}
