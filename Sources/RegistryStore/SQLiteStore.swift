import Foundation
import GRDB
public import Registry
import Synchronization

/// The registry in one SQLite file: WAL, `synchronous=FULL`, so a commit that returned is on the disk.
///
/// Two connections: one writes, one reads. In WAL mode a reader sees the state at its start and keeps no writer waiting,
/// so an operator who pages through history does not delay a registration.
///
/// Cost: a commit is one fsync, and 10 to 20 µs a change. Any thread may call; the calls block.
public final class SQLiteStore: RegistryStore {
    /// The database file.
    public let path: String
    /// Whose registry it is.
    public let identity: StoreIdentity

    let limits: StoreLimits
    let writer: DatabaseQueue
    let reader: DatabaseQueue
    let retention = Mutex(Retention())
    /// Whether a connection is open, held while it is used: GRDB crashes when a closed one is read from.
    private let isReaderOpen = Mutex(true)
    private let isWriterOpen = Mutex(true)

    /// Opens the registry, makes it if there is none, and brings an older schema up to date.
    /// - Parameters:
    ///   - path: The file; its directory must exist.
    ///   - fleet: The fleet's name, remembered when the file is made, compared afterwards.
    ///   - limits: What to keep and how long.
    /// - Throws: `StoreError`. A damaged, newer or foreign file is left as it is, byte for byte.
    public convenience init(path: String, fleet: String, limits: StoreLimits = StoreLimits()) throws {
        try self.init(path: path, fleet: fleet, limits: limits, migrations: RegistrySchema.migrations)
    }

    init(
        path: String, fleet: String, limits: StoreLimits,
        migrations: [@Sendable (Database) throws -> Void]
    ) throws {
        self.path = path
        self.limits = limits
        do {
            try Self.inspect(path: path, fleet: fleet, known: migrations.count, limits: limits)
            let writer = try DatabaseQueue(path: path, configuration: Self.writing(limits))
            try RegistrySchema.migrator(migrations).migrate(writer)
            self.writer = writer
            identity = try Self.identify(writer, fleet: fleet, path: path)
            reader = try DatabaseQueue(path: path, configuration: Self.scanning(limits))
        } catch {
            throw StoreError(error, path: path, operation: "open")
        }
    }

    /// Reads every node, the active findings and the newest cleared ones. Threads of their own read the rows of a large
    /// registry: about 4 µs of processor time a node, spread over `StoreLimits.loadingThreads`.
    /// - Throws: `StoreError` with the path and what to do.
    public func load(_ each: (NodeRecord) -> Void) throws -> RestoredRegistry {
        try read { database in
            var registry = RestoredRegistry()
            try NodeLoad(database, path: path, limits: limits).run { record in
                registry.lastAlive = max(registry.lastAlive ?? record.lastSeen, record.lastSeen)
                each(record)
            }
            registry.findings = try Self.findings(
                database, "WHERE cleared_at IS NOT NULL ORDER BY id DESC LIMIT ?",
                [limits.clearedFindingsLoadedMax])
            registry.findings += try Self.findings(database, "WHERE cleared_at IS NULL", [])
            registry.findings.sort { $0.id < $1.id }
            let keys = try Row.fetchCursor(database, sql: KeyRecord.selectSQL)
            while let row = try keys.next() { registry.keys.append(try KeyRecord(row: row)) }
            let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM finding") ?? 0
            registry.lastFindingID = UInt64(bitPattern: last)
            return registry
        }
    }

    /// Applies the changes in order and the last-seen times in one transaction. History and last-seen times of nodes
    /// that are not known are passed over.
    /// - Throws: `StoreError`; nothing was changed then.
    public func commit(_ changes: [Change], lastSeen: [(NodeID, Instant)]) throws {
        try write { database in
            var rows = try RowWriter(database, historyPerNodeMax: historyPerNode)
            for change in changes { try rows.apply(change) }
            for (node, instant) in lastSeen { try rows.heard(node, at: instant) }
            try retain(after: rows.entries, newest: rows.newest, in: database)
        }
    }

    /// Writes and removes a row, with its fsync.
    /// - Throws: `StoreError` if the store cannot be written.
    public func probe() throws {
        try write { database in
            try database.execute(sql: "INSERT OR REPLACE INTO meta (key, value) VALUES ('probe', '')")
            try database.execute(sql: "DELETE FROM meta WHERE key = 'probe'")
        }
    }

    /// A node's history, newest first; empty for a node that is not known.
    /// - Throws: `StoreError`.
    public func history(of node: NodeID, limit: Int) throws -> [HistoryEntry] {
        try read { database in
            let statement = try database.cachedStatement(sql: HistoryEntry.selectSQL)
            let rows = try Row.fetchCursor(statement, arguments: [node.description, max(0, limit)])
            var entries: [HistoryEntry] = []
            while let row = try rows.next() { entries.append(HistoryEntry(row: row, node: node)) }
            return entries
        }
    }

    /// A page of cleared findings, newest first, those of a newer version left out.
    /// - Throws: `StoreError`.
    public func clearedFindings(before: UInt64?, node: NodeID?, limit: Int) throws -> [Finding] {
        try read { database in
            var condition = "WHERE cleared_at IS NOT NULL"
            var arguments: StatementArguments = []
            if let before {
                condition += " AND id < ?"
                arguments += [Int64(clamping: before)]
            }
            if let node {
                condition += " AND subject_node = ?"
                arguments += [node.description]
            }
            return try Self.findings(
                database, condition + " ORDER BY id DESC LIMIT ?", arguments + [max(0, limit)])
        }
    }

    /// Drops the pages that were read or written: they are in the kernel's cache as well.
    public func rest() {
        isWriterOpen.withLock { if $0 { writer.releaseMemory() } }
    }

    /// Writes the WAL back into the file and closes it. Later calls throw `StoreError` with reason `closed`.
    public func close() {
        isReaderOpen.withLock { isOpen in
            if isOpen { try? reader.close() }
            isOpen = false
        }
        isWriterOpen.withLock { isOpen in
            // If it fails (a full disk), the WAL stays beside the file, and the next start reads both.
            if isOpen { try? writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") } }
            if isOpen { try? writer.close() }
            isOpen = false
        }
    }

    private static func findings(
        _ database: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> [Finding] {
        let statement = try database.cachedStatement(sql: "\(Finding.selectSQL) \(condition)")
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var findings: [Finding] = []
        while let row = try rows.next() { if let finding = try Finding(row: row) { findings.append(finding) } }
        return findings
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try attempt("read", while: isReaderOpen) { try reader.read(body) }
    }

    private func write(_ body: (Database) throws -> Void) throws {
        try attempt("write", while: isWriterOpen) { try writer.write(body) }
    }

    private func attempt<Value>(
        _ operation: String, while isOpen: borrowing Mutex<Bool>, _ body: () throws -> Value
    ) throws -> Value {
        try isOpen.withLock { isOpen in
            guard isOpen else { throw StoreError(.closed, path: path, operation: operation) }
            do { return try body() } catch { throw StoreError(error, path: path, operation: operation) }
        }
    }
}
