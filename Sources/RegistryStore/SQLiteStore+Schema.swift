import GRDB

/// The tables, and how a database of an earlier version becomes one of this version.
///
/// Chosen so that a million nodes start in seconds and `sqlite3 registry.sqlite` still reads well:
/// * **One row a node.** Its short lists (addresses, components, services) are JSON in a column: a registration is one
///   row written instead of ten, and `json_each(services)` takes them apart in the shell.
/// * **Words, not numbers**, for roles and states. **Times are milliseconds since 1970 UTC**:
///   `datetime(registered_at / 1000, 'unixepoch')` shows one.
/// * **Last-seen times in a narrow table of their own.** They change every half minute for every node; a row of it is
///   15 bytes instead of 500, so a save of a million rewrites 15 MB and not 500.
/// * **History is numbered within its node** and stored in that order: a node's story is read from one place, and the
///   oldest entry goes when a new one comes, on the same page.
/// * `STRICT`: a column holds the type it says, whoever wrote it.
///
/// Tried in the shell:
///
///     SELECT hostname, role, site, reachability FROM node WHERE reachability <> 'reachable';
///     SELECT hostname, s.value ->> 'name', s.value ->> 'state' FROM node, json_each(node.services) AS s;
enum RegistrySchema {
    /// Marks the file as ours (`file` and SQLite's `PRAGMA application_id` show it): "Roll" in ASCII.
    static let applicationID: Int32 = 0x526F_6C6C

    /// Every migration ever released, oldest first. **Append only**: a released one is never changed or removed.
    static let migrations: [@Sendable (Database) throws -> Void] = [version1, version2, version3]

    /// The schema this program writes: `PRAGMA user_version` of its databases.
    static var version: Int { migrations.count }

    /// Applies `migrations`, and sets the schema number with each.
    static func migrator(_ migrations: [@Sendable (Database) throws -> Void] = Self.migrations) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, migrate) in migrations.enumerated() {
            migrator.registerMigration("v\(index + 1)") { database in
                try migrate(database)
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(index + 1)")
            }
        }
        return migrator
    }

    /// Goodbyes, hardware, and machines that came back with another key.
    @Sendable private static func version3(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE node ADD COLUMN goodbye TEXT;                           -- null where none was said
                ALTER TABLE node ADD COLUMN hardware_id TEXT NOT NULL DEFAULT '';
                ALTER TABLE node ADD COLUMN network_cards TEXT NOT NULL DEFAULT '[]'; -- JSON: ["52:54:00:12:34:56", …]

                -- Keys that do not simply stand for the node of their own id.
                CREATE TABLE key (
                    id TEXT PRIMARY KEY NOT NULL,      -- UUID of the certificate
                    node TEXT NOT NULL,                -- the node's id
                    since INTEGER NOT NULL,
                    decision TEXT NOT NULL,            -- "hardware", "operator"
                    replaced_by TEXT                   -- the key that is let in instead; null for that one
                ) STRICT, WITHOUT ROWID;
                """)
    }

    /// Failover, and what findings' texts were made of.
    @Sendable private static func version2(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE node ADD COLUMN failover_declared_at INTEGER;           -- null where it was not
                ALTER TABLE finding ADD COLUMN form TEXT NOT NULL DEFAULT '{}';      -- JSON: row, platform, words
                """)
    }

    /// 0.1: nodes, their last-seen times and history, findings, and facts about the registry itself.
    @Sendable private static func version1(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

                CREATE TABLE node (
                    number INTEGER PRIMARY KEY,        -- short name of the node within this file
                    id TEXT NOT NULL UNIQUE,           -- UUID of its certificate
                    hostname TEXT NOT NULL,
                    role TEXT NOT NULL,
                    platform TEXT NOT NULL,
                    os_version TEXT NOT NULL,
                    agent_version TEXT NOT NULL,
                    addresses TEXT NOT NULL,           -- JSON: ["10.0.0.4", …]
                    site TEXT NOT NULL,
                    process_server TEXT NOT NULL,
                    boot_id BLOB NOT NULL,
                    machine_id TEXT NOT NULL,
                    components TEXT NOT NULL,          -- JSON: ["mobility-agent", …]
                    services TEXT NOT NULL,            -- JSON: [{"name": …, "state": …, "start_type": …}, …]
                    reachability TEXT NOT NULL,
                    reachability_since INTEGER NOT NULL,
                    first_seen INTEGER NOT NULL,
                    registered_at INTEGER NOT NULL,
                    clock_skew INTEGER NOT NULL,       -- milliseconds, agent less server
                    peer_address TEXT NOT NULL,
                    local_address TEXT NOT NULL
                ) STRICT;

                CREATE TABLE last_seen (
                    node INTEGER PRIMARY KEY REFERENCES node (number) ON DELETE CASCADE,
                    at INTEGER NOT NULL
                ) STRICT;

                CREATE TABLE history (
                    node INTEGER NOT NULL REFERENCES node (number) ON DELETE CASCADE,
                    seq INTEGER NOT NULL,
                    at INTEGER NOT NULL,
                    event TEXT NOT NULL,
                    text TEXT NOT NULL,
                    PRIMARY KEY (node, seq)
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE finding (
                    id INTEGER PRIMARY KEY,
                    code TEXT NOT NULL,
                    severity TEXT NOT NULL,
                    subject TEXT NOT NULL,             -- "server", "site", "node", "service"
                    subject_node TEXT,                 -- UUID, for "node" and "service"
                    subject_service TEXT,              -- its name, for "service"
                    subject_name TEXT NOT NULL,
                    site TEXT NOT NULL,
                    title TEXT NOT NULL,
                    raised_at INTEGER NOT NULL,
                    updated_at INTEGER NOT NULL,
                    cleared_at INTEGER,                -- null while it is active
                    cleared_because TEXT NOT NULL,
                    evidence TEXT NOT NULL,            -- JSON: [{"at": …, "source": …, "text": …}, …]
                    likely_cause TEXT NOT NULL,
                    other_cause TEXT NOT NULL,
                    remedy TEXT NOT NULL,              -- JSON: ["…", …]
                    members TEXT NOT NULL,             -- JSON: ["web-01", …]
                    member_count INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX finding_active ON finding (id) WHERE cleared_at IS NULL;
                CREATE INDEX finding_cleared ON finding (id) WHERE cleared_at IS NOT NULL;
                CREATE INDEX finding_of_node ON finding (subject_node, id) WHERE subject_node IS NOT NULL;
                """)
    }
}
