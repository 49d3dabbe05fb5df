import GRDB
import Registry

/// A history entry and its row in `history`.
extension HistoryEntry {
    /// Appends to the node's history and returns node number and place in the history; nothing if the node is not
    /// known. Takes `arguments`.
    static let insertSQL = """
        INSERT INTO history (node, seq, at, event, text)
        SELECT number, coalesce((SELECT max(seq) FROM history WHERE history.node = number), 0) + 1, ?, ?, ?
        FROM node WHERE id = ?
        RETURNING node, seq
        """

    /// Removes a node's entries up to a place. Takes node number and place.
    static let trimSQL = "DELETE FROM history WHERE node = ? AND seq <= ?"

    /// A node's entries, newest first. Takes id and limit; for `init(row:node:)`.
    static let selectSQL = """
        SELECT at, event, text FROM history WHERE node = (SELECT number FROM node WHERE id = ?)
        ORDER BY seq DESC LIMIT ?
        """

    var arguments: StatementArguments { [at.unixMilliseconds, event, text, node.description] }

    /// Reads a row of `selectSQL`.
    init(row: Row, node: NodeID) {
        self.init(node: node, at: Instant(unixMilliseconds: row[0]), event: row[1], text: row[2])
    }
}
