import HeapModule

/// A page of nodes in the making. A question about a million nodes is answered a slice at a time
/// (`Registry.advance`), so that the loop that owns the registry has time for others in between. Nodes that change
/// meanwhile are shown as they are in the end, and counted as they were when they were looked at.
public struct NodePageScan: Sendable {
    /// Nodes that were looked at themselves, not only at their byte in a column.
    public internal(set) var nodesLookedAt = 0
    /// Places of the table's columns that were read.
    public internal(set) var placesRead = 0

    let query: NodeQuery
    let size: Int
    let list: UInt8
    /// In small letters.
    let text: [UInt8]
    let kinds: NodeKinds
    /// The last row of the page before.
    let after: Row?
    var total: Int
    /// Whether `total` is counted as nodes are looked at.
    let countsTotal: Bool
    /// Found so far, in order; one more than the page holds tells that there is another one.
    var rows: [Row] = []
    var stage = Stage.choosing
    /// What the last group was sorted by; the next one comes behind it.
    var lastGroup: (number: Int64, site: String)?

    enum Stage: Sendable {
        /// Which nodes are next in the order.
        case choosing
        /// Through nodes in the order of names, from behind this one.
        case walking(Group, after: NameOrder.Key?)
        /// Through the columns of all, from this place, keeping the best.
        case sweeping(Group, from: Int32, best: Heap<Row>)
        case done
    }

    /// Nodes that come one after another in the order asked for.
    struct Group: Sendable {
        var kinds: NodeKinds
        /// By row of the site; nil: all.
        var sites: [Bool]?
        /// How many there are; nil: not known.
        var count: Int?
        var number: Int64 = 0
        /// The last site in it.
        var site = ""

        func contains(_ column: (kind: NodeKind, site: Int32)) -> Bool {
            guard kinds.contains(column.kind) else { return false }
            guard let sites else { return true }
            return Int(column.site) < sites.count && sites[Int(column.site)]
        }
    }

    /// A node's place in an ordered list: what it is sorted by, then host name and id.
    struct Row: Comparable, Sendable {
        var number: Int64
        var site: String
        var key: NameOrder.Key
        var index: Int32
        var isDescending: Bool

        static func < (left: Row, right: Row) -> Bool {
            let (first, second) = left.isDescending ? (right, left) : (left, right)
            if first.number != second.number { return first.number < second.number }
            if first.site != second.site { return first.site < second.site }
            return first.key < second.key
        }

        func token(_ list: UInt8) -> PageToken {
            PageToken(list: list, numbers: [number], texts: [site, key.name.text, key.id.description])
        }
    }

    /// Rows that are still wanted.
    var missing: Int { size + 1 - rows.count }
}

extension NodePageScan.Row {
    /// The place that a query's token names.
    init(_ query: NodeQuery, _ list: UInt8) throws(InvalidPageToken) {
        let token = try PageToken(query.pageToken, list: list, numbers: 1, texts: 3)
        guard let id = NodeID(token.texts[2]) else { throw InvalidPageToken(token: query.pageToken) }
        self.init(
            number: token.numbers[0], site: token.texts[0],
            key: NameOrder.Key(name: PackedName(token.texts[1]), id: id), index: 0, isDescending: query.descending)
    }
}
