import GRDB
import Registry

/// Applies changes within one transaction, with statements prepared once for the life of the connection.
struct RowWriter {
    /// History entries and findings written.
    private(set) var entries = 0
    /// The latest time seen in them: the store's notion of now, since it reads no clock.
    private(set) var newest = Instant(nanoseconds: .min)

    private let node: Statement
    private let registered: Statement
    private let heard: Statement
    private let removeNode: Statement
    private let finding: Statement
    private let key: Statement
    private let removeKey: Statement
    private let history: Statement
    private let trimHistory: Statement
    private let historyPerNodeMax: Int

    init(_ database: Database, historyPerNodeMax: Int) throws {
        node = try database.cachedStatement(sql: NodeRecord.upsertSQL)
        registered = try database.cachedStatement(sql: Self.lastSeenSQL("excluded.at"))
        // Notes of heartbeats wait for a save, and may be overtaken by the registration they came before.
        heard = try database.cachedStatement(sql: Self.lastSeenSQL("max(at, excluded.at)"))
        removeNode = try database.cachedStatement(sql: "DELETE FROM node WHERE id = ?")
        finding = try database.cachedStatement(sql: Finding.upsertSQL)
        key = try database.cachedStatement(sql: KeyRecord.upsertSQL)
        removeKey = try database.cachedStatement(sql: "DELETE FROM key WHERE id = ?")
        history = try database.cachedStatement(sql: HistoryEntry.insertSQL)
        trimHistory = try database.cachedStatement(sql: HistoryEntry.trimSQL)
        self.historyPerNodeMax = historyPerNodeMax
    }

    /// Applies one change.
    /// - Throws: `DatabaseError`.
    mutating func apply(_ change: Change) throws {
        switch change {
        case .node(let record):
            try node.execute(arguments: record.arguments)
            try registered.execute(arguments: [record.lastSeen.unixMilliseconds, record.id.description])
        case .removeNode(let id):
            try removeNode.execute(arguments: [id.description])
        case .finding(let value):
            try finding.execute(arguments: value.arguments)
            note(value.updatedAt)
        case .history(let entry):
            try append(entry)
            note(entry.at)
        case .key(let record):
            try key.execute(arguments: record.arguments)
        case .removeKey(let id):
            try removeKey.execute(arguments: [id.description])
        }
    }

    /// Keeps when a node was last heard of, unless a later time is known.
    /// - Throws: `DatabaseError`.
    func heard(_ node: NodeID, at instant: Instant) throws {
        try heard.execute(arguments: [instant.unixMilliseconds, node.description])
    }

    private func append(_ entry: HistoryEntry) throws {
        let rows = try Row.fetchCursor(history, arguments: entry.arguments)
        var place: (node: Int64, seq: Int64)?
        // To the end, not only to the first row: an unfinished statement would keep the transaction open.
        while let row = try rows.next() { place = (row[0], row[1]) }
        if let place, place.seq > historyPerNodeMax {
            try trimHistory.execute(arguments: [place.node, place.seq - Int64(historyPerNodeMax)])
        }
    }

    private mutating func note(_ instant: Instant) {
        entries += 1
        newest = max(newest, instant)
    }

    private static func lastSeenSQL(_ value: String) -> String {
        """
        INSERT INTO last_seen (node, at) SELECT number, ? FROM node WHERE id = ?
        ON CONFLICT (node) DO UPDATE SET at = \(value)
        """
    }
}
