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
    /// When each index comes up; an entry of the heap that says otherwise is stale and skipped. In parts, empty where nobody
    /// is hung: the first entry of all may be the last of a million.
    private var hungAt = ContiguousArray<ContiguousArray<Int64>>()
    private static let partBits = 10

    /// An index without entries.
    public init() {}

    /// Sees to it that `popDue` yields this index no later than at the deadline.
    public mutating func hang(_ index: Int32, noLaterThan deadline: Instant) {
        precondition(index >= 0, "an index of a table is never negative")
        let position = Int(index)
        let part = position >> Self.partBits
        while hungAt.count <= part { hungAt.append([]) }
        if hungAt[part].isEmpty { hungAt[part] = ContiguousArray(repeating: Self.notHung, count: 1 << Self.partBits) }
        // A deadline at the end of time never comes.
        guard deadline.nanoseconds < whenHung(position) else { return }
        setHung(position, at: deadline.nanoseconds)
        heaps[position % heaps.count].insert(Entry(deadline: deadline.nanoseconds, index: index))
    }

    /// When an index comes up whose part is there.
    private func whenHung(_ position: Int) -> Int64 {
        hungAt[position >> Self.partBits][position & (1 << Self.partBits - 1)]
    }

    private mutating func setHung(_ position: Int, at deadline: Int64) {
        hungAt[position >> Self.partBits][position & (1 << Self.partBits - 1)] = deadline
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
            guard whenHung(Int(first.index)) == first.deadline else { continue }
            setHung(Int(first.index), at: Self.notHung)
            return first.index
        }
        return nil
    }

    /// Moves all deadlines alike: the clock was set. O(entries).
    mutating func move(by step: Duration) {
        let step = step.inNanoseconds
        for part in hungAt.indices {
            for place in hungAt[part].indices where hungAt[part][place] != Self.notHung { hungAt[part][place] &+= step }
        }
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
        let part = Int(index) >> Self.partBits
        guard hungAt.indices.contains(part), !hungAt[part].isEmpty, whenHung(Int(index)) != Self.notHung else {
            return nil
        }
        return Instant(nanoseconds: whenHung(Int(index)))
    }

    /// Entries held, stale ones included.
    var count: Int { heaps.reduce(0) { $0 + $1.count } }
}
