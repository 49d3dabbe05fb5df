import Foundation
import Registry
import Synchronization
import TestSupport
import Testing

@testable import RegistryStore

/// Registrations without end, some hundred at a time, until this process kills itself in the middle of them.
private final class Load: Sendable {
    private let queue: CommitQueue
    private let journal: FileHandle
    private let number = Atomic(0)
    private let acknowledged = Atomic(0)

    init(path: String, acknowledgements: String) throws {
        queue = CommitQueue(store: try SQLiteStore(path: path, fleet: "acme"))
        journal = try FileHandle(forWritingTo: URL(fileURLWithPath: acknowledgements))
    }

    /// On the queue, as everything that follows, so that numbers are enqueued in their order.
    func begin() { queue.enqueue([]) { _ in for _ in 1...500 { self.register() } } }

    private func register() {
        let number = number.add(1, ordering: .relaxed).newValue
        queue.enqueue([.node(node(number)), .history(entry(number, "registered"))]) { [self] result in
            guard case .success = result else { return }
            // In the kernel before the kill, as an answer to an agent would be.
            try? journal.write(contentsOf: Data("\(number)\n".utf8))
            if acknowledged.add(1, ordering: .relaxed).newValue == 2_000 { kill(getpid(), SIGKILL) }
            register()
        }
    }
}

@Suite("A killed server")
struct CrashTests {
    let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    @Test func `kill -9 under load loses nothing acknowledged`() async throws {
        let path = directory.registry
        let acknowledgements = directory.path("acknowledged")
        try Data().write(to: URL(fileURLWithPath: acknowledgements))
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, acknowledgements = acknowledgements as String] in
            let load = try Load(path: path, acknowledgements: acknowledgements)
            load.begin()
            let (never, end) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            withExtendedLifetime((load, end)) {}
        }
        let acknowledged = try String(contentsOfFile: acknowledgements, encoding: .utf8)
            .split(separator: "\n").compactMap { Int($0) }
        #expect(acknowledged == Array(1...2_000))

        let store = try SQLiteStore(path: path, fleet: "acme")
        let restored = try store.load()
        #expect(restored.nodes.count >= acknowledged.count)
        #expect(restored.nodes == (1...restored.nodes.count).map { node($0) }, "a beginning, without gaps")
        for number in acknowledged {
            #expect(try store.history(of: nodeID(number), limit: 2) == [entry(number, "registered")])
        }
        store.close()
    }

    @Test func `a copy of the file and its log, taken without closing, opens with everything acknowledged`()
        async throws
    {
        let store = try directory.open()
        let queue = CommitQueue(store: store, settings: .patient)
        for number in 1...50 { #expect(await queue.write([.node(node(number))]) == nil) }
        #expect(await queue.write([.finding(finding(1)), .removeNode(nodeID(50))]) == nil)
        let copy = directory.path("copy.sqlite")
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: directory.registry + suffix, toPath: copy + suffix)
        }
        let second = try SQLiteStore(path: copy, fleet: "acme")
        #expect(try second.load().nodes == (1...49).map { node($0) })
        #expect(try second.load().findings == [finding(1)])
        #expect(second.identity.serverID == store.identity.serverID)
        second.close()
        queue.close()
    }

    @Test func `a log that was cut in the middle of a commit gives all commits before it`() async throws {
        let store = try directory.open()
        for number in 1...20 { try store.commit([.node(node(number))], lastSeen: []) }
        let copy = directory.path("copy.sqlite")
        try FileManager.default.copyItem(atPath: directory.registry, toPath: copy)
        let log = try Data(contentsOf: URL(fileURLWithPath: directory.registry + "-wal"))
        try log.dropLast(100).write(to: URL(fileURLWithPath: copy + "-wal"))
        let second = try SQLiteStore(path: copy, fleet: "acme")
        #expect(try second.load().nodes == (1...19).map { node($0) })
        second.close()
        store.close()
    }

    @Test func `ten thousand registrations at once are a few commits`() async throws {
        let store = try directory.open()
        let queue = CommitQueue(store: store, settings: .patient)
        let clock = ContinuousClock()
        let written = Atomic(0)
        let time = await clock.measure {
            for number in 1...10_000 {
                queue.enqueue([.node(node(number)), .history(entry(number, "registered"))]) { result in
                    if case .success = result { written.add(1, ordering: .relaxed) }
                }
            }
            await queue.flushed()
        }
        #expect(written.load(ordering: .relaxed) == 10_000)
        #expect(queue.counters.changes == 20_000)
        #expect(queue.counters.commits < 1_000, "at most a tenth of the registrations, however slow the machine")
        #expect(try store.load().nodes.count == 10_000)
        queue.close()
        if ProcessInfo.processInfo.environment["ROLLCALL_RATES"] != nil {
            print("10,000 registrations in \(time): \(queue.counters)")
        }
    }
}
