import Dispatch
import GRDB
import Registry
import Synchronization

/// Reads all nodes of a registry in the order of their numbers. A large one is read by several threads, each with a
/// connection of its own: they take batches of numbers in turn, and stay a few batches ahead of whoever takes the nodes.
struct NodeLoad {
    private let database: Database
    private let path: String
    private let limits: StoreLimits
    private let first: Int64
    private let step: Int64
    private let batches: Int
    private let threads: Int

    init(_ database: Database, path: String, limits: StoreLimits) throws {
        self.database = database
        self.path = path
        self.limits = limits
        let count = try Int64.fetchOne(database, sql: "SELECT count(*) FROM node") ?? 0
        first = try Int64.fetchOne(database, sql: "SELECT min(number) FROM node") ?? 0
        let (span, overflow) = (try Int64.fetchOne(database, sql: "SELECT max(number) FROM node") ?? 0)
            .subtractingReportingOverflow(first)
        // Numbers of removed nodes are gaps: as many batches as nodes call for, however far apart the numbers are.
        let batch = Int64(limits.numbersPerLoadingBatch)
        step = max(batch, span / (count / batch + 1) + 1)
        batches = Int(span / step) + 1
        threads = overflow ? 1 : min(limits.loadingThreads, Int(count) / limits.nodesPerLoadingThreadMin)
    }

    /// - Throws: `DatabaseError`, `MalformedText`.
    func run(_ each: (NodeRecord) -> Void) throws {
        guard threads > 1 else {
            let rows = try Row.fetchCursor(database, sql: "\(NodeRecord.selectSQL) ORDER BY node.number")
            var recent = RecentRows()
            while let row = try rows.next() { each(try NodeRecord(row: row, &recent)) }
            return
        }
        let lanes = (0..<threads).map { _ in Lane() }
        let group = DispatchGroup()
        for (number, lane) in lanes.enumerated() {
            let reading = Reading(
                path: path, limits: limits, first: first, step: step,
                batches: stride(from: number, to: batches, by: threads))
            DispatchQueue.global(qos: .userInitiated).async(group: group) { reading.run(into: lane) }
        }
        defer {
            for lane in lanes { lane.cancel() }
            group.wait()
        }
        for batch in 0..<batches { for record in try lanes[batch % threads].next() { each(record) } }
    }

    /// What one thread reads.
    private struct Reading: Sendable {
        var path: String
        var limits: StoreLimits
        var first: Int64
        var step: Int64
        var batches: StrideTo<Int>

        func run(into lane: Lane) {
            do {
                let connection = try DatabaseQueue(path: path, configuration: SQLiteStore.scanning(limits))
                defer { try? connection.close() }
                try connection.read { database in
                    let statement = try database.makeStatement(
                        sql: "\(NodeRecord.selectSQL) WHERE node.number BETWEEN ? AND ? ORDER BY node.number")
                    var recent = RecentRows()
                    for batch in batches {
                        let start = first + Int64(batch) * step
                        let rows = try Row.fetchCursor(statement, arguments: [start, start + (step - 1)])
                        var records: [NodeRecord] = []
                        records.reserveCapacity(Int(clamping: min(step, 10_000)))
                        while let row = try rows.next() { records.append(try NodeRecord(row: row, &recent)) }
                        guard lane.put(.success(records)) else { return }
                    }
                }
            } catch {
                _ = lane.put(.failure(error))
            }
        }
    }

    /// Batches on their way from a reading thread.
    private final class Lane: Sendable {
        private let room = DispatchSemaphore(value: 3)
        private let ready = DispatchSemaphore(value: 0)
        private let waiting = Mutex<(batches: [Result<[NodeRecord], any Error>], isCancelled: Bool)>(([], false))

        /// Waits until there is room. False: nobody wants more.
        func put(_ batch: sending Result<[NodeRecord], any Error>) -> Bool {
            room.wait()
            defer { ready.signal() }
            return waiting.withLock { waiting in
                waiting.batches.append(batch)
                return !waiting.isCancelled
            }
        }

        /// Waits for the next batch.
        func next() throws -> [NodeRecord] {
            ready.wait()
            defer { room.signal() }
            return try waiting.withLock { $0.batches.removeFirst() }.get()
        }

        func cancel() {
            waiting.withLock { $0.isCancelled = true }
            room.signal()
        }
    }
}
