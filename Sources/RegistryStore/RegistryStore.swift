public import Registry

/// Where the registry survives. One implementation is `SQLiteStore`; a PostgreSQL one will meet this protocol later.
///
/// **Acknowledged means durable**: when `commit` returns, what it was given is on the disk (for SQLite: WAL with
/// `synchronous=FULL`, so after `fsync`). All methods block; they are called on the `CommitQueue`'s own thread, never
/// on a loop.
public protocol RegistryStore: Sendable {
    /// Reads everything for a start: each node goes to the caller, in the order of first registration and on its
    /// thread; the answer has the rest, and no nodes.
    /// - Throws: `StoreError` with the path and what to do.
    func load(_ each: (NodeRecord) -> Void) throws -> RestoredRegistry

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

    /// Nothing was written for a while: gives back the memory that is kept to be fast. Writing goes on as before.
    func rest()

    /// Checkpoints and closes. No other method may be called afterwards.
    func close()
}

extension RegistryStore {
    /// Keeps nothing.
    public func rest() {}

    /// Everything the store knows, at once: for a small one.
    /// - Throws: `StoreError` with the path and what to do.
    public func load() throws -> RestoredRegistry {
        var nodes: [NodeRecord] = []
        var registry = try load { nodes.append($0) }
        registry.nodes = nodes
        return registry
    }
}
