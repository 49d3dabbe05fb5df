/// Finds entries of a table by a hash, twelve bytes an entry, and grows one bucket at a time: no insertion ever has to
/// rehash a million entries (a `Dictionary` of so many stops its loop for 100 ms). Linear hashing: Litwin, "Linear
/// hashing: a new tool for file and table addressing", VLDB 1980; the chains run through the entries themselves.
///
/// `first`, `insert` and `remove` look at one chain, which holds one entry on average.
struct ChainedIndex: Sendable {
    private struct Entry: BitwiseCopyable, Sendable {
        /// The next entry of the chain; -1 at its end.
        var next: Int32 = -1
        var hash: UInt32 = 0
    }

    /// The first entry of each bucket; -1: none.
    private var heads = ChunkedArray<Int32>()
    private var entries = ChunkedArray<Entry>()
    /// Buckets of the current round, a power of two; those before `splits` are split already.
    private var base = 1
    private var splits = 0
    private(set) var count = 0

    init() { heads.append(-1) }

    /// The first entry with this hash that is the one meant.
    func first(_ hash: UInt32, where isMeant: (Int32) -> Bool) -> Int32? {
        var index = heads[bucket(of: hash)]
        while index >= 0 {
            let entry = entries[Int(index)]
            if entry.hash == hash, isMeant(index) { return index }
            index = entry.next
        }
        return nil
    }

    /// Lays out the buckets of so many entries, while there are none: they are not dealt out again and again then.
    mutating func expect(_ expected: Int) {
        guard count == 0, expected > heads.count else { return }
        base = 1 << (Int.bitWidth - 1 - expected.leadingZeroBitCount)
        splits = expected - base
        while heads.count < expected { heads.append(-1) }
    }

    /// Takes in an entry, which must not be in it.
    mutating func insert(_ index: Int32, hash: UInt32) {
        while entries.count <= Int(index) { entries.append(Entry()) }
        put(index, hash)
        count += 1
        if count > heads.count { split() }
    }

    /// Takes out an entry, if it is in there.
    mutating func remove(_ index: Int32) {
        guard Int(index) < entries.count else { return }
        let bucket = bucket(of: entries[Int(index)].hash)
        var previous: Int32 = -1
        var current = heads[bucket]
        while current >= 0, current != index {
            previous = current
            current = entries[Int(current)].next
        }
        guard current == index else { return }
        let next = entries[Int(index)].next
        if previous < 0 { heads[bucket] = next } else { entries[Int(previous)].next = next }
        count -= 1
    }

    private func bucket(of hash: UInt32) -> Int {
        let bucket = Int(hash) & (base - 1)
        return bucket < splits ? Int(hash) & (2 * base - 1) : bucket
    }

    private mutating func put(_ index: Int32, _ hash: UInt32) {
        let bucket = bucket(of: hash)
        entries[Int(index)] = Entry(next: heads[bucket], hash: hash)
        heads[bucket] = index
    }

    /// Deals the entries of one bucket out to it and to a new one.
    private mutating func split() {
        var index = heads[splits]
        heads[splits] = -1
        heads.append(-1)
        splits += 1
        if splits == base { (base, splits) = (2 * base, 0) }
        while index >= 0 {
            let entry = entries[Int(index)]
            put(index, entry.hash)
            index = entry.next
        }
    }
}
