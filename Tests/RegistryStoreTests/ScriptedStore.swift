import Dispatch
import Registry
import Synchronization

@testable import RegistryStore

/// A store that does what a test tells it to, and remembers what it was asked.
final class ScriptedStore: RegistryStore {
    struct Commit {
        var changes: [Change]
        var lastSeen: [(NodeID, Instant)]
    }

    private struct Script {
        var commits: [Commit] = []
        var tries = 0
        var probes = 0
        var failure: StoreError?
        var rejects: @Sendable (Change) -> Bool = { _ in false }
        var isClosed = false
        var rests = 0
    }

    private let script = Mutex(Script())
    /// Signalled when a commit begins, if the store is gated.
    let entered: AsyncStream<Void>
    private let enter: AsyncStream<Void>.Continuation
    private let gate: DispatchSemaphore?

    /// - Parameter isGated: Each commit waits for `release`.
    init(isGated: Bool = false) {
        (entered, enter) = AsyncStream.makeStream()
        gate = isGated ? DispatchSemaphore(value: 0) : nil
    }

    var commits: [Commit] { script.withLock { $0.commits } }
    var tries: Int { script.withLock { $0.tries } }
    var probes: Int { script.withLock { $0.probes } }
    var isClosed: Bool { script.withLock { $0.isClosed } }
    var rests: Int { script.withLock { $0.rests } }
    var changes: [Change] { commits.flatMap(\.changes) }

    func fail(_ reason: StoreError.Reason?) {
        script.withLock {
            $0.failure = reason.map { StoreError($0, path: "/test/registry.sqlite", operation: "write") }
        }
    }

    func reject(_ rejects: @escaping @Sendable (Change) -> Bool) { script.withLock { $0.rejects = rejects } }

    /// Lets commits pass the gate.
    func release(_ count: Int = 1_000) { for _ in 0..<count { gate?.signal() } }

    func commit(_ changes: [Change], lastSeen: [(NodeID, Instant)]) throws {
        enter.yield()
        gate?.wait()
        try script.withLock { script in
            script.tries += 1
            if let failure = script.failure { throw failure }
            if changes.contains(where: script.rejects) {
                throw StoreError(.rejected, path: "/test/registry.sqlite", operation: "write")
            }
            script.commits.append(Commit(changes: changes, lastSeen: lastSeen))
        }
    }

    func rest() { script.withLock { $0.rests += 1 } }

    func probe() throws {
        try script.withLock { script in
            script.probes += 1
            if let failure = script.failure { throw failure }
        }
    }

    func load(_ each: (NodeRecord) -> Void) throws -> RestoredRegistry { RestoredRegistry() }
    func history(of node: NodeID, limit: Int) throws -> [HistoryEntry] { [] }
    func clearedFindings(before: UInt64?, node: NodeID?, limit: Int) throws -> [Finding] { [] }
    func close() { script.withLock { $0.isClosed = true } }
}

/// Collects what a queue says, and lets a test wait for it.
final class Journal<Element: Sendable>: Sendable {
    private let all = Mutex<[Element]>([])
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    var entries: [Element] { all.withLock { $0 } }

    func note(_ element: Element) {
        all.withLock { $0.append(element) }
        continuation.yield(element)
    }

    /// Waits for an element of this kind. One waiter at a time.
    func first(where matches: (Element) -> Bool) async -> Element? {
        for await element in stream where matches(element) { return element }
        return nil
    }
}

extension CommitQueue {
    /// Enqueues and waits for the answer.
    func write(_ changes: [Change]) async -> StoreError? {
        await withCheckedContinuation { waiting in
            enqueue(changes) { result in
                if case .failure(let error) = result {
                    waiting.resume(returning: error)
                } else {
                    waiting.resume(returning: nil)
                }
            }
        }
    }

    /// Flushes and waits for the answer.
    @discardableResult
    func flushed() async -> StoreError? {
        await withCheckedContinuation { waiting in
            flush { result in
                if case .failure(let error) = result {
                    waiting.resume(returning: error)
                } else {
                    waiting.resume(returning: nil)
                }
            }
        }
    }
}

extension CommitSettings {
    /// Never tries or saves by itself while a test runs.
    static var patient: CommitSettings {
        var settings = CommitSettings()
        settings.retryInterval = .seconds(3_600)
        settings.retryIntervalMax = .seconds(3_600)
        settings.enqueueRetryInterval = .seconds(3_600)
        settings.lastSeenSaveInterval = .seconds(3_600)
        return settings
    }

    /// Tries and saves at once.
    static var eager: CommitSettings {
        var settings = CommitSettings()
        settings.retryInterval = .milliseconds(1)
        settings.retryIntervalMax = .milliseconds(1)
        settings.enqueueRetryInterval = .zero
        settings.lastSeenSaveInterval = .zero
        return settings
    }
}
