import GRDB
import Registry

/// Where the removal of old entries stands. Kept in memory: after a restart it begins again, nothing is lost by that.
struct Retention {
    /// Written since the last step.
    var entries = 0
    /// The first node number of the next step.
    var nextNode: Int64 = 0
    /// The latest time seen.
    var newest = Instant(nanoseconds: .min)
    /// A node's share of the history; nil until counted.
    var historyPerNode: Int?
}

/// Keeps the file within `StoreLimits`, a small step at a time.
///
/// A node's own limit is kept when an entry is appended (the oldest goes, on the page that is written anyway). Age, and
/// the shares of a fleet that grew, are kept by a walk over the nodes, one step after some thousand entries.
extension SQLiteStore {
    /// Entries a node may keep.
    var historyPerNode: Int { retention.withLock { $0.historyPerNode } ?? limits.historyPerNodeMax }

    /// Notes what a commit wrote, and takes a step if one is due, in the same transaction.
    func retain(after entries: Int, newest: Instant, in database: Database) throws {
        var state = retention.withLock { state in
            state.entries += entries
            state.newest = max(state.newest, newest)
            return state
        }
        guard state.entries >= limits.entriesPerRetentionStep else { return }
        try step(&state, in: database)
        let after = state
        retention.withLock { $0 = after }
    }

    private func step(_ state: inout Retention, in database: Database) throws {
        state.entries = 0
        if state.nextNode == 0 {
            let nodes = try Int.fetchOne(database, sql: "SELECT count(*) FROM node") ?? 0
            let share = limits.historyMax / max(1, nodes)
            state.historyPerNode = max(limits.historyPerNodeMin, min(share, limits.historyPerNodeMax))
            try trimFindings(newest: state.newest, in: database)
        }
        let last = state.nextNode + Int64(limits.nodesPerRetentionStep) - 1
        try database.execute(
            sql: "DELETE FROM history WHERE node BETWEEN ? AND ? AND at < ?",
            arguments: [state.nextNode, last, (state.newest - limits.historyAgeMax).unixMilliseconds])
        try database.execute(
            sql: """
                DELETE FROM history WHERE node BETWEEN ? AND ?
                AND seq <= (SELECT max(seq) FROM history AS newest WHERE newest.node = history.node) - ?
                """,
            arguments: [state.nextNode, last, state.historyPerNode])
        let highest = try Int64.fetchOne(database, sql: "SELECT max(number) FROM node") ?? 0
        state.nextNode = last < highest ? last + 1 : 0
    }

    /// The highest id stays in any case: it tells the next start which ids were given out.
    private func trimFindings(newest: Instant, in database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM finding WHERE cleared_at IS NOT NULL AND id < (SELECT max(id) FROM finding)
                AND (cleared_at < ? OR id <= (
                    SELECT id FROM finding WHERE cleared_at IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET ?))
                """,
            arguments: [(newest - limits.findingAgeMax).unixMilliseconds, limits.clearedFindingsMax])
    }
}
