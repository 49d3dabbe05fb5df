internal import Registry

/// What a store would hold: applies changes as a store does, and gives back what a restart would know.
struct ModelStore {
    private(set) var nodes: [NodeID: NodeRecord] = [:]
    private(set) var findings: [UInt64: Finding] = [:]
    private(set) var keys: [NodeID: KeyRecord] = [:]
    /// The runs of the registry that it remembers.
    private(set) var runs: [UInt64] = []
    /// Every commit fails.
    var isBroken = false
    /// Names the registry; its copies have the same.
    static let registry = NodeID(high: 1, low: 1)

    /// Counts a start. One that cannot be written is forgotten.
    /// - Returns: how many starts that makes, and the runs that are known.
    mutating func beginRun(_ run: UInt64) -> (start: UInt64, runs: [UInt64]) {
        let known = runs + [run]
        if !isBroken { runs = known }
        return (UInt64(known.count), known)
    }

    mutating func apply(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .node(let record): nodes[record.id] = record
            case .removeNode(let id): nodes[id] = nil
            case .finding(let finding): findings[finding.id] = finding
            case .history: break
            case .key(let record): keys[record.key] = record
            case .removeKey(let id): keys[id] = nil
            }
        }
    }

    mutating func apply(lastSeen batch: [(NodeID, Instant)]) {
        for (id, at) in batch { nodes[id]?.lastSeen = at }
    }

    var restored: RestoredRegistry {
        RestoredRegistry(
            nodes: nodes.values.sorted { $0.id < $1.id }, findings: findings.values.sorted { $0.id < $1.id },
            keys: keys.values.sorted { $0.key < $1.key }, lastFindingID: findings.keys.max() ?? 0,
            lastAlive: nodes.values.map(\.lastSeen).max())
    }
}
