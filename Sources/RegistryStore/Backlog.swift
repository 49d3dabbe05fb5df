import Registry

/// Changes that could not be written, kept until they can: the last word on each node and finding, and the newest
/// history. It does not grow with the length of an outage, only with the size of the fleet.
struct Backlog {
    /// What is to become of a node.
    private struct Fate {
        /// It was removed since the last successful write, with its history.
        var isForgotten = false
        /// What is known of it now; nil if it stays removed.
        var record: NodeRecord?
    }

    private var nodes: [NodeID: Fate] = [:]
    private var findings: [UInt64: Finding] = [:]
    private var history: [HistoryEntry] = []
    /// What is to be known of a key; nil: nothing.
    private var keys: [NodeID: KeyRecord?] = [:]
    private let historyMax: Int
    /// History entries given up because more came than fit; the oldest go first.
    private(set) var droppedHistory = 0

    /// - Parameter historyMax: History entries to keep; the others follow from the fleet's size.
    init(historyMax: Int) { self.historyMax = historyMax }

    /// Changes it would write now.
    var count: Int { nodes.count + findings.count + history.count + keys.count }
    /// Nothing is kept.
    var isEmpty: Bool { nodes.isEmpty && findings.isEmpty && history.isEmpty && keys.isEmpty }

    /// Keeps changes in place of what they replace.
    mutating func keep(_ changes: some Sequence<Change>) {
        for change in changes {
            switch change {
            case .node(let record): nodes[record.id, default: Fate()].record = record
            case .removeNode(let id):
                nodes[id] = Fate(isForgotten: true, record: nil)
                history.removeAll { $0.node == id }
            case .finding(let finding): findings[finding.id] = finding
            case .history(let entry): history.append(entry)
            case .key(let record): keys[record.key] = .some(record)
            case .removeKey(let id): keys[id] = .some(nil)
            }
        }
        // With slack, so that the shift of a full array is paid once in a thousand entries.
        if history.count > historyMax + historyMax / 16 {
            droppedHistory += history.count - historyMax
            history.removeFirst(history.count - historyMax)
        }
    }

    /// Takes everything out, in an order that can be written: nodes before their history.
    mutating func takeAll() -> [Change] {
        if isEmpty { return [] }
        var changes: [Change] = []
        changes.reserveCapacity(count)
        for (id, fate) in nodes.sorted(by: { $0.key < $1.key }) {
            if fate.isForgotten { changes.append(.removeNode(id)) }
            if let record = fate.record { changes.append(.node(record)) }
        }
        for (id, record) in keys.sorted(by: { $0.key < $1.key }) {
            changes.append(record.map(Change.key) ?? .removeKey(id))
        }
        changes += findings.values.sorted { $0.id < $1.id }.map(Change.finding)
        changes += history.map(Change.history)
        nodes = [:]
        findings = [:]
        keys = [:]
        history = []
        return changes
    }
}
