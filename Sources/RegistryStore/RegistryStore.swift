public import Registry

/// Where the registry survives. One implementation is `SQLiteStore`; a PostgreSQL one will meet this protocol later.
///
/// **Acknowledged means durable**: when `commit` returns, what it was given is on the disk (for SQLite: WAL with
/// `synchronous=FULL`, so after `fsync`). All methods block; they are called on the `CommitQueue`'s own thread, never
/// on a loop.
public protocol RegistryStore: Sendable {
    /// Everything the store knows, for a start.
    /// - Throws: `StoreError` with the path and what to do.
    func load() throws -> RestoredRegistry

    /// Applies the changes in order and the last-seen times, all or nothing, in one transaction.
    /// - Throws: `StoreError`; nothing was changed then.
    func commit(_ changes: [Change], lastSeen: [(NodeID, Instant)]) throws

    /// Writes and removes a row, to find out whether the store can be written again.
    /// - Throws: `StoreError` if it cannot.
    func probe() throws

    /// A node's history, newest first.
    /// - Throws: `StoreError`.
    func history(of node: NodeID, limit: Int) throws -> [HistoryEntry]

    /// A page of cleared findings, newest first, older than `before` (a finding id; nil: from the newest).
    /// - Throws: `StoreError`.
    func clearedFindings(before: UInt64?, node: NodeID?, limit: Int) throws -> [Finding]

    /// Checkpoints and closes. No other method may be called afterwards.
    func close()
}
