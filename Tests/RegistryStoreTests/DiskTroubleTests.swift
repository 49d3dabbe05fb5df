import Foundation
import GRDB
import Registry
import TestSupport
import Testing

@testable import RegistryStore

@Suite("Disk trouble")
struct DiskTroubleTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    /// Writes nodes until one is refused; returns how many were acknowledged, and the refusal.
    private func registerUntilRefused(_ queue: CommitQueue, from first: Int = 1) async -> (Int, StoreError?) {
        for number in first..<(first + 20_000) {
            if let error = await queue.write([.node(node(number)), .history(entry(number, "registered"))]) {
                return (number - 1, error)
            }
        }
        return (first + 20_000, nil)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a small file system"))
    func `a full disk refuses registrations, answers queries, and loses nothing when space comes back`() async throws {
        let disk = try SmallDisk(kibibytes: 2_048)
        let path = disk.path + "/registry.sqlite"
        let store = try SQLiteStore(path: path, fleet: "acme")
        let states = Journal<CommitQueue.State>()
        let queue = CommitQueue(store: store, settings: .eager) { states.note($0) }
        #expect(await queue.write([.node(node(1)), .history(entry(1, "registered"))]) == nil)
        try disk.fill()

        let (acknowledged, error) = await registerUntilRefused(queue, from: 2)
        #expect(error?.reason == .diskFull)
        #expect(
            error?.description.hasPrefix("cannot write \(path): the disk is full (SQLite ") == true)
        #expect(error?.description.contains("free space on the file system of \(disk.path)") == true)
        #expect(try store.load().nodes.count == acknowledged, "queries work")
        #expect(try store.history(of: nodeID(1), limit: 9).count == 1)
        queue.enqueue([.finding(finding(1))])

        try disk.free()
        #expect(await states.first { $0 == .working } == .working)
        #expect(await queue.write([.node(node(30_000))]) == nil)
        queue.close()

        let again = try SQLiteStore(path: path, fleet: "acme")
        let restored = try again.load()
        #expect(
            restored.nodes.map(\.id) == ((1...(acknowledged + 1)) + [30_000]).map(nodeID),
            "those acknowledged, the one refused but kept, and the new one")
        #expect(restored.findings == [finding(1)])
        again.close()
    }

    @Test func `a database at its size limit fails and recovers in the same way`() async throws {
        let store = try directory.open()
        let states = Journal<CommitQueue.State>()
        var settings = CommitSettings.eager
        settings.retryInterval = .seconds(3_600)
        settings.retryIntervalMax = .seconds(3_600)
        let queue = CommitQueue(store: store, settings: settings) { states.note($0) }
        try await limitPages(store, to: 40)
        let (acknowledged, error) = await registerUntilRefused(queue)
        #expect(error?.reason == .diskFull)
        #expect(error?.code == 13)
        #expect(try store.load().nodes.count == acknowledged)

        try await limitPages(store, to: 4_000)
        #expect(await queue.write([.node(node(30_000))]) == nil, "a new change is an occasion to try")
        #expect(try store.load().nodes.count == acknowledged + 2)
        #expect(states.entries.last == .working)
        queue.close()
    }

    private func limitPages(_ store: SQLiteStore, to count: Int) async throws {
        try await store.writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(count)") }
    }

    @Test func `a registry that became read-only fails, answers queries, and recovers`() async throws {
        let store = try directory.open()
        let queue = CommitQueue(store: store, settings: .patient)
        #expect(await queue.write([.node(node(1))]) == nil)
        try await store.writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
        let error = await queue.write([.node(node(2))])
        #expect(error?.reason == .readOnly)
        #expect(error?.description.contains("writable for the server's user") == true)
        #expect(try store.load().nodes.count == 1)
        try await store.writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 0") }
        #expect(await queue.flushed() == nil)
        #expect(try store.load().nodes.count == 2)
        queue.close()
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a small file system"))
    func `a read-only file system is named at the start, and nothing on it changes`() throws {
        let disk = try SmallDisk(kibibytes: 2_048)
        let path = disk.path + "/registry.sqlite"
        let store = try SQLiteStore(path: path, fleet: "acme")
        try store.commit([.node(node(1))], lastSeen: [])
        store.close()
        try #require(disk.makeReadOnly())
        let error = storeError { _ = try SQLiteStore(path: path, fleet: "acme") }
        #expect(error?.reason == .readOnly)
        #expect(
            error?.description.hasPrefix("cannot open \(path): it is read-only for this process: make it and ") == true)
        #expect(storeError { _ = try DataDirectory(path: disk.path) }?.path == disk.path + "/lock")
    }

    @Test func `a file that another process has locked is busy, and written when it lets go`() async throws {
        var limits = StoreLimits()
        limits.busyTimeout = .milliseconds(1)
        let store = try directory.open(limits: limits)
        let queue = CommitQueue(store: store, settings: .patient)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: directory.registry, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = await queue.write([.node(node(1))])
        #expect(error?.reason == .busy)
        #expect(error?.description.contains("fuser \(directory.registry)") == true)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(await queue.flushed() == nil)
        #expect(try store.load().nodes.count == 1)
        queue.close()
    }

    @Test func `the probe leaves nothing behind`() throws {
        let store = try directory.open()
        let before = try store.reader.read { try String.fetchAll($0, sql: "SELECT key FROM meta ORDER BY key") }
        try store.probe()
        #expect(try store.reader.read { try String.fetchAll($0, sql: "SELECT key FROM meta ORDER BY key") } == before)
        try store.writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
        #expect(storeError { try store.probe() }?.reason == .readOnly)
    }
}
