/// A node that is cut off or late, before it is an error.
public struct SuspectView: Equatable, Sendable {
    /// Who it is.
    public var id: NodeID
    /// Its host name.
    public var hostname: String
    /// Its site; empty where it has none.
    public var site: String
    /// Suspect since.
    public var since: Instant
    /// When it is judged if nothing is heard of it before.
    public var verdictAt: Instant
    /// How its connection ended, or since when it is silent.
    public var evidence: Evidence
}

extension Registry {
    /// A node as a suspect; nil if it is none.
    public func suspect(_ id: NodeID, at now: Instant) -> SuspectView? {
        guard let index = table.index(of: id), table[index].reachability == .suspect else { return nil }
        let node = table[index]
        return SuspectView(
            id: id, hostname: node.hostname, site: node.facts.site, since: node.reachabilitySince,
            verdictAt: verdictDeadline(of: index),
            evidence: node.loss == nil
                ? heartbeatEvidence(of: node, at: now)
                : connectionEvidence(of: node, ending(of: node, at: now), at: now))
    }
}
