import Foundation
import GRDB
import Registry
import TestSupport
import Testing

@testable import RegistryStore

@Suite("Opening a registry")
struct OpeningTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    /// A registry with enough nodes that it has inner pages.
    private func makeRegistry(nodes: Int = 300) throws {
        let store = try directory.open()
        try store.commit((1...nodes).map { .node(node($0)) }, lastSeen: [])
        store.close()
    }

    private func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: directory.registry)) }

    private func write(_ bytes: Data) throws { try bytes.write(to: URL(fileURLWithPath: directory.registry)) }

    @Test func `a first opening makes the file for its owner and group only, and names its fleet and server`() throws {
        let store = try directory.open()
        #expect(store.identity.fleet == "acme")
        #expect(UUID(uuidString: store.identity.serverID) != nil)
        #expect(store.identity.schemaVersion == RegistrySchema.version)
        for suffix in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.registry + suffix)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640, "registry.sqlite\(suffix)")
        }
    }

    @Test func `a registry of another fleet is refused`() throws {
        try makeRegistry()
        let before = try bytes()
        let error = storeError { _ = try SQLiteStore(path: directory.registry, fleet: "zenith") }
        #expect(
            error?.description == "\(directory.registry) is the registry of fleet \"acme\", not of \"zenith\": choose "
                + "another --data, or the certificates of fleet \"acme\"")
        #expect(try bytes() == before)
    }

    @Test func `a file that never was a database is reported and left as it is`() throws {
        let tiny = Data("SQLite format 3\0".utf8)
        for garbage in [Data("x".utf8), Data("not a database\n".utf8), tiny, Data(repeating: 0xA5, count: 20_000)] {
            try write(garbage)
            let error = storeError { _ = try directory.open() }
            #expect(error?.reason == .damaged)
            #expect(
                error?.description
                    == "cannot open \(directory.registry): the database file is damaged (it does not "
                    + "begin like an SQLite database): nothing was changed in it; copy it away, then restore a "
                    + "backup, or save what can be read with: sqlite3 \(directory.registry) .recover")
            #expect(try bytes() == garbage)
        }
    }

    @Test func `a log left beside a file that was replaced is not believed`() throws {
        let store = try directory.open()
        try store.commit([.node(node(1))], lastSeen: [])
        let garbage = Data(repeating: 0xA5, count: 20_000)
        try write(garbage)
        #expect(storeError { _ = try directory.open() }?.reason == .damaged)
        #expect(try bytes() == garbage)
    }

    @Test func `a page of zeros after the header is what SQLite says it is`() throws {
        try makeRegistry()
        var damaged = try bytes()
        damaged.replaceSubrange(100..<4_096, with: Data(count: 3_996))
        try write(damaged)
        let error = storeError { _ = try directory.open() }
        #expect(error?.reason == .damaged)
        #expect(error?.description.contains("(SQLite 11: database disk image is malformed)") == true)
        #expect(try bytes() == damaged)
    }

    @Test func `a truncated file is reported and left as it is`() throws {
        try makeRegistry()
        let half = try bytes().prefix(40_000)
        try write(half)
        #expect(storeError { _ = try directory.open() }?.reason == .damaged)
        #expect(try bytes() == half)
    }

    @Test func `a file with a damaged page in its middle is reported and left as it is`() throws {
        try makeRegistry()
        var damaged = try bytes()
        try #require(damaged.count > 40_960)
        damaged.replaceSubrange(32_768..<36_864, with: Data(repeating: 0x5A, count: 4_096))
        try write(damaged)
        let error = storeError { _ = try directory.open() }
        #expect(error?.reason == .damaged)
        #expect(error?.message.isEmpty == false)
        #expect(try bytes() == damaged)
    }

    @Test func `damage in a file too large to check at a start is found by the load`() throws {
        try makeRegistry()
        var damaged = try bytes()
        // Every leaf of the node table begins with its type, 13; the first one that is not the file's first page.
        let leaf = try #require(stride(from: 4_096, to: damaged.count, by: 4_096).first { damaged[$0] == 13 })
        damaged.replaceSubrange(leaf..<(leaf + 4_096), with: Data(repeating: 0x5A, count: 4_096))
        try write(damaged)
        var limits = StoreLimits()
        limits.checkedBytesMax = 0
        let error = storeError { _ = try directory.open(limits: limits).load() }
        #expect(error?.reason == .damaged)
    }

    @Test func `a database of another program is refused and left as it is`() throws {
        let other = try DatabaseQueue(path: directory.registry)
        try other.write { try $0.execute(sql: "CREATE TABLE mail (id INTEGER); PRAGMA user_version = 1") }
        try other.close()
        let before = try bytes()
        let error = storeError { _ = try directory.open() }
        #expect(error?.reason == .otherProgram)
        #expect(
            error?.description
                == "cannot open \(directory.registry): it is not a Rollcall registry: choose another --data")
        #expect(try bytes() == before)
    }

    @Test func `a registry of a newer version is refused and left as it is`() throws {
        let newer = RegistrySchema.migrations + [{ try $0.execute(sql: "ALTER TABLE node ADD COLUMN mood TEXT") }]
        let store = try SQLiteStore(
            path: directory.registry, fleet: "acme", limits: StoreLimits(), migrations: newer)
        #expect(store.identity.schemaVersion == newer.count)
        store.close()
        let before = try bytes()
        let error = storeError { _ = try directory.open() }
        #expect(
            error?.description
                == "\(directory.registry) was written by a newer Rollcall (schema \(newer.count), this one "
                + "knows \(newer.count - 1)): use that version or restore a backup")
        #expect(try bytes() == before)
    }

    @Test func `an empty file, as a server leaves that died while it made it, becomes a registry`() throws {
        try write(Data())
        #expect(try directory.open().load() == RestoredRegistry())
    }

    @Test func `a directory in place of the file is named`() throws {
        try FileManager.default.createDirectory(atPath: directory.registry, withIntermediateDirectories: false)
        let error = storeError { _ = try directory.open() }
        #expect(
            error?.description == "cannot open \(directory.registry): it is not a file: move it away or choose another "
                + "--data")
    }

    @Test func `a missing directory is named`() throws {
        let path = directory.path("nowhere/registry.sqlite")
        let error = storeError { _ = try SQLiteStore(path: path, fleet: "acme") }
        #expect(error?.operation == "create")
        #expect(error?.description.contains(path) == true)
    }
}

@Suite("Migrations")
struct MigrationTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    /// The rows of a version 1 database, as that version wrote them.
    private static let version1Rows = """
        INSERT INTO meta (key, value) VALUES ('fleet', 'acme'), ('server_id', '7d444840-9dc0-11d1-b245-5ffdce74fad2');
        INSERT INTO node VALUES (1, 'a1b2c3d4-e5f6-0718-0000-000000000001', 'web-1', 'process-server', 'linux',
            'Debian GNU/Linux 12', '9.61.7', '["10.0.0.1","fd00::4"]', 'taipei', 'ps-01', x'0102', 'm-1',
            '["mobility-agent"]', '[{"name":"svagents","state":"not-installed","start_type":"automatic-delayed",
            "detail":"d","unit":"u","reported_at":1000,"since":900}]', 'left', 1, 2, 3, -4, '192.0.2.7:1', '[::1]:443');
        INSERT INTO last_seen VALUES (1, 5000);
        INSERT INTO history VALUES (1, 1, 700, 'registered', 'web-1 registered');
        INSERT INTO finding VALUES (7, '95226b', 'warning', 'service', 'a1b2c3d4-e5f6-0718-0000-000000000001', 'svagents',
            'web-1', 'taipei', 'a title', 10, 20, NULL, '', '[{"at":10,"source":"heartbeat","text":"t"}]', 'likely',
            'other', '["do this"]', '[]', 1);
        """

    @Test func `a database of version 1 opens with all it holds`() throws {
        let old = try DatabaseQueue(path: directory.registry)
        try RegistrySchema.migrator().migrate(old, upTo: "v1")
        try old.write { try $0.execute(sql: Self.version1Rows) }
        try old.close()

        let store = try directory.open()
        #expect(store.identity.serverID == "7d444840-9dc0-11d1-b245-5ffdce74fad2")
        #expect(store.identity.schemaVersion == RegistrySchema.version)
        let restored = try store.load()
        let report = ServiceReport(
            name: "svagents", state: .notInstalled, startType: .automaticDelayed, detail: "d", unit: "u")
        #expect(
            restored.nodes == [
                NodeRecord(
                    id: nodeID(1),
                    facts: NodeFacts(
                        hostname: "web-1", role: .processServer, platform: .linux, osVersion: "Debian GNU/Linux 12",
                        agentVersion: "9.61.7", addresses: ["10.0.0.1", "fd00::4"], site: "taipei",
                        processServer: "ps-01", bootID: [1, 2], machineID: "m-1"),
                    components: [.mobilityAgent],
                    services: [
                        ServiceRecord(
                            report: report, reportedAt: Instant(unixMilliseconds: 1_000),
                            since: Instant(unixMilliseconds: 900))
                    ],
                    reachability: .left, reachabilitySince: Instant(unixMilliseconds: 1),
                    firstSeen: Instant(unixMilliseconds: 2), registeredAt: Instant(unixMilliseconds: 3),
                    lastSeen: Instant(unixMilliseconds: 5_000), clockSkew: .milliseconds(-4),
                    peerAddress: "192.0.2.7:1", localAddress: "[::1]:443")
            ])
        #expect(restored.findings.map(\.subject) == [.service(nodeID(1), name: "svagents")])
        #expect(restored.findings.first?.remedy == ["do this"])
        #expect(restored.lastFindingID == 7)
        #expect(try store.history(of: nodeID(1), limit: 9).map(\.event) == ["registered"])
    }

    @Test func `a migration brings an existing registry up to date and keeps its rows`() throws {
        let first = try directory.open()
        try first.commit([.node(node(1))], lastSeen: [])
        first.close()
        let next = RegistrySchema.migrations + [{ try $0.execute(sql: "CREATE TABLE audit (id INTEGER PRIMARY KEY)") }]
        let store = try SQLiteStore(path: directory.registry, fleet: "acme", limits: StoreLimits(), migrations: next)
        #expect(
            store.identity
                == StoreIdentity(
                    fleet: "acme", serverID: first.identity.serverID, schemaVersion: next.count))
        #expect(try store.load().nodes == [node(1)])
    }
}
