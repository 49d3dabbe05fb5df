/// A dictionary in 256 parts, each of which grows by itself: an insertion moves a 256th of the entries at most. One
/// `Dictionary` of a million sessions stops its loop for 100 ms whenever it grows.
public struct ShardedDictionary<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private static var shardCount: Int { 256 }
    private var shards = ContiguousArray<[Key: Value]>(repeating: [:], count: shardCount)
    /// How many entries there are.
    public private(set) var count = 0

    /// Without entries.
    public init() {}

    /// There are none.
    public var isEmpty: Bool { count == 0 }

    /// Every value, in no order.
    public var values: some Sequence<Value> { shards.lazy.flatMap(\.values) }

    /// The value of a key; nil: none. Setting nil removes it.
    public subscript(key: Key) -> Value? {
        get { shards[shard(of: key)][key] }
        set {
            let shard = shard(of: key)
            count -= shards[shard].count
            shards[shard][key] = newValue
            count += shards[shard].count
        }
    }

    /// Takes an entry out.
    /// - Returns: its value; nil if there was none.
    @discardableResult
    public mutating func removeValue(forKey key: Key) -> Value? {
        let removed = shards[shard(of: key)].removeValue(forKey: key)
        if removed != nil { count -= 1 }
        return removed
    }

    /// Takes out a part of the entries, a 256th as a rule; nothing if there are none.
    public mutating func removeSome() -> [Key: Value] {
        guard let shard = shards.firstIndex(where: { !$0.isEmpty }) else { return [:] }
        defer { shards[shard] = [:] }
        count -= shards[shard].count
        return shards[shard]
    }

    private func shard(of key: Key) -> Int {
        // Not the bits by which the parts themselves choose a place.
        Int(truncatingIfNeeded: key.hashValue >> 40) & (Self.shardCount - 1)
    }
}

extension ShardedDictionary: Sequence {
    /// Every entry, in no order.
    public func makeIterator() -> some IteratorProtocol<(key: Key, value: Value)> {
        shards.lazy.flatMap { $0 }.makeIterator()
    }
}
