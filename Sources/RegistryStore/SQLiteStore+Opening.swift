import Foundation
import GRDB

/// How a database is looked at before it is touched, and with which settings it is opened.
extension SQLiteStore {
    /// Looks at what is there without changing a byte of it: through a read-only connection, which neither migrates nor
    /// checkpoints. Makes an empty file if there is none, so that it gets its mode before it gets its content.
    /// - Throws: `StoreError`, `DatabaseError`.
    static func inspect(path: String, fleet: String, known: Int, limits: StoreLimits) throws {
        let size = try fileSize(path: path)
        guard size > 0 else { return }
        try checkHeader(path: path, size: size)
        let connection = try DatabaseQueue(path: path, configuration: reading(limits))
        defer { try? connection.close() }
        try connection.read { database in
            guard try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0 > 0 else {
                return  // A server that died while it made the file.
            }
            let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            guard application == RegistrySchema.applicationID else {
                throw StoreError(.otherProgram, path: path, operation: "open")
            }
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard found <= known else {
                throw StoreError(.newer(found: found, known: known), path: path, operation: "open")
            }
            guard size <= limits.checkedBytesMax else { return }
            let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
            guard verdict == "ok" else {
                // "*** in database main ***" is a line of its own; what follows says more.
                let said = verdict.split(separator: "\n").last.map(String.init) ?? verdict
                throw StoreError(.damaged, path: path, operation: "open", message: "SQLite's check: \(said)")
            }
        }
    }

    /// Refuses what does not begin like a database. SQLite would take a file of a few bytes for an empty one and write
    /// over it, and would believe a left-over log beside a file that was replaced.
    private static func checkHeader(path: String, size: Int) throws {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        // The file format's first sixteen bytes, and its smallest page.
        guard try file.read(upToCount: 16) == Data("SQLite format 3\0".utf8), size >= 512 else {
            throw StoreError(
                .damaged, path: path, operation: "open", message: "it does not begin like an SQLite database")
        }
    }

    /// Bytes in the file; makes an empty one with mode 0640 if there is none.
    private static func fileSize(path: String) throws -> Int {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else {
            do {
                try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
                try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            } catch {
                throw StoreError(fileError: error, path: path, operation: "create")
            }
            return 0
        }
        if files.isDirectory(atPath: path) { throw StoreError(.notAFile, path: path, operation: "open") }
        guard files.isReadableFile(atPath: path) else {
            throw StoreError(.notPermitted, path: path, operation: "open")
        }
        guard files.isWritableFile(atPath: path) else { throw StoreError(.readOnly, path: path, operation: "open") }
        return (try files.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue ?? 0
    }

    /// The one connection that writes.
    static func writing(_ limits: StoreLimits) -> Configuration {
        var configuration = shared(limits)
        configuration.label = "rollcall.store.writer"
        configuration.prepareDatabase { database in
            // GRDB's own WAL set-up lowers synchronous to NORMAL, which may lose acknowledged commits at a power cut.
            let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            guard mode == "wal" else {
                throw DatabaseError(message: "the file system does not support SQLite's write-ahead log")
            }
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    -- A commit of 10,000 nodes is some thousand pages: SQLite's 1,000 would checkpoint at each.
                    PRAGMA wal_autocheckpoint = 4000;
                    PRAGMA journal_size_limit = 67108864;
                    PRAGMA cache_size = -32768;
                    """)
        }
        return configuration
    }

    /// A connection that cannot write.
    static func reading(_ limits: StoreLimits) -> Configuration {
        var configuration = shared(limits)
        configuration.label = "rollcall.store.reader"
        configuration.readonly = true
        return configuration
    }

    /// A connection that reads each page once. Pages that it kept would stand between the nodes that are made of them, and
    /// leave holes there when they are let go of: 150 bytes for each of 10,000 nodes.
    static func scanning(_ limits: StoreLimits) -> Configuration {
        var configuration = reading(limits)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -128") }
        return configuration
    }

    private static func shared(_ limits: StoreLimits) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(limits.busyTimeout / .seconds(1))
        return configuration
    }

    /// Reads whose registry this is; decides it for a new one.
    /// - Throws: `StoreError` if it belongs to another fleet, `DatabaseError`.
    static func identify(_ writer: DatabaseQueue, fleet: String, path: String) throws -> StoreIdentity {
        var meta = try writer.read(meta(_:))
        if meta["fleet"] == nil || meta["server_id"] == nil {
            try writer.write { database in
                for (key, value) in ["fleet": fleet, "server_id": UUID().uuidString.lowercased()] {
                    try database.execute(
                        sql: "INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", arguments: [key, value])
                }
            }
            meta = try writer.read(meta(_:))
        }
        let found = meta["fleet"] ?? fleet
        guard found == fleet else {
            throw StoreError(.otherFleet(found: found, expected: fleet), path: path, operation: "open")
        }
        let version = try writer.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        return StoreIdentity(fleet: found, serverID: meta["server_id"] ?? "", schemaVersion: version)
    }

    static func meta(_ database: Database) throws -> [String: String] {
        var meta: [String: String] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT key, value FROM meta")
        while let row = try rows.next() { meta[row[0]] = row[1] }
        return meta
    }
}
