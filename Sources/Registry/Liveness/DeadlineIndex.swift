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

    /// Indexes dealt out to four: when a heap of a million grows, it stops its loop for 8 ms, a quarter of it for two.
    private var heaps = ContiguousArray(repeating: Heap<Entry>(), count: 4)
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
        heaps[position % heaps.count].insert(Entry(deadline: deadline.nanoseconds, index: index))
    }

    /// The next entry of all.
    private var first: Entry? {
        var first: Entry?
        for heap in heaps.indices {
            guard let candidate = heaps[heap].min else { continue }
            if let known = first, known < candidate { continue }
            first = candidate
        }
        return first
    }

    /// Takes out the next index whose deadline is not after `now`; nil if there is none.
    public mutating func popDue(at now: Instant) -> Int32? {
        var looks = Int.max
        return popDue(at: now, looks: &looks)
    }

    /// The same, after no more looks than are left: deadlines of a whole fleet that came nearer leave as many stale entries,
    /// all due at once. Nil: none is due, or none is left, and `nextDeadline` tells.
    public mutating func popDue(at now: Instant, looks: inout Int) -> Int32? {
        while looks > 0, let first, first.deadline <= now.nanoseconds {
            looks -= 1
            heaps[Int(first.index) % heaps.count].removeMin()
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
        for heap in heaps.indices {
            heaps[heap] = Heap(heaps[heap].unordered.map { Entry(deadline: $0.deadline &+ step, index: $0.index) })
        }
    }

    /// When to look again: no entry is due before. May be early, never late.
    public var nextDeadline: Instant? {
        first.map { Instant(nanoseconds: $0.deadline) }
    }

    /// When this index comes up; nil if it does not.
    public func deadline(of index: Int32) -> Instant? {
        guard hungAt.indices.contains(Int(index)), hungAt[Int(index)] != Self.notHung else { return nil }
        return Instant(nanoseconds: hungAt[Int(index)])
    }

    /// Entries held, stale ones included.
    var count: Int { heaps.reduce(0) { $0 + $1.count } }
}
