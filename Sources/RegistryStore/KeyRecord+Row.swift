import GRDB
import Registry

/// What is known of a key, and its row in `key`.
extension KeyRecord {
    /// Inserts the key, or replaces what is known of it. Takes `arguments`.
    static let upsertSQL = "INSERT OR REPLACE INTO key (id, node, since, decision, replaced_by) VALUES (?, ?, ?, ?, ?)"

    /// All keys, for `init(row:)`.
    static let selectSQL = "SELECT id, node, since, decision, replaced_by FROM key ORDER BY id"

    var arguments: StatementArguments {
        [key.description, node.description, since.unixMilliseconds, decision.word, replacedBy?.description]
    }

    /// Reads a row of `selectSQL`.
    /// - Throws: `MalformedText` if an id is not what it should be.
    init(row: Row) throws {
        self.init(
            key: try Self.id(row[0]), node: try Self.id(row[1]), since: Instant(unixMilliseconds: row[2]),
            decision: KeyDecision(word: row[3]), replacedBy: try (row[4] as String?).map(Self.id))
    }

    private static func id(_ text: String) throws -> NodeID {
        guard let id = NodeID(text) else { throw MalformedText(description: "key \"\(text)\" is not a UUID") }
        return id
    }
}
