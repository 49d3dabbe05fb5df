import HeapModule

/// Who is due, without a scan. Entries are dense indexes of some table; a deadline may move later without a word to the
/// index: when the old one comes up, the owner looks and hangs the entry again (lazily moved deadlines). So a heartbeat
/// costs the index nothing, and a million waiting deadlines cost only what expires.
///
/// `hang` O(log n), nothing if the entry already comes up early enough; `popDue` O(log n); `nextDeadline` O(1).
public struct DeadlineIndex: Sendable {
    private struct Entry: Comparable {
        var deadline: Int64
        var index: Int32

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.index) < (right.deadline, right.index)
        }
    }

    private static let notHung = Int64.max

    private var heap = Heap<Entry>()
    /// When each index comes up; an entry of the heap that says otherwise is stale and skipped.
    private var hungAt = ChunkedArray<Int64>()

    /// An index without entries.
    public init() {}

    /// Sees to it that `popDue` yields this index no later than at the deadline.
    public mutating func hang(_ index: Int32, noLaterThan deadline: Instant) {
        precondition(index >= 0, "an index of a table is never negative")
        let position = Int(index)
        while hungAt.count <= position { hungAt.append(Self.notHung) }
        // A deadline at the end of time never comes.
        guard deadline.nanoseconds < hungAt[position] else { return }
        hungAt[position] = deadline.nanoseconds
        heap.insert(Entry(deadline: deadline.nanoseconds, index: index))
    }

    /// Takes out the next index whose deadline is not after `now`; nil if there is none.
    public mutating func popDue(at now: Instant) -> Int32? {
        while let first = heap.min, first.deadline <= now.nanoseconds {
            heap.removeMin()
            guard hungAt[Int(first.index)] == first.deadline else { continue }
            hungAt[Int(first.index)] = Self.notHung
            return first.index
        }
        return nil
    }

    /// Moves all deadlines alike: the clock was set. O(entries).
    mutating func move(by step: Duration) {
        let step = step.inNanoseconds
        for position in hungAt.indices where hungAt[position] != Self.notHung { hungAt[position] &+= step }
        heap = Heap(heap.unordered.map { Entry(deadline: $0.deadline &+ step, index: $0.index) })
    }

    /// When to look again: no entry is due before. May be early, never late.
    public var nextDeadline: Instant? {
        heap.min.map { Instant(nanoseconds: $0.deadline) }
    }

    /// When this index comes up; nil if it does not.
    public func deadline(of index: Int32) -> Instant? {
        guard hungAt.indices.contains(Int(index)), hungAt[Int(index)] != Self.notHung else { return nil }
        return Instant(nanoseconds: hungAt[Int(index)])
    }

    /// Entries held, stale ones included.
    var count: Int { heap.count }
}
