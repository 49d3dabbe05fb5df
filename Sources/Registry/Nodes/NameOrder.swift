/// Every node in the order of host name, then id: pages and prefixes are found without looking at all of them.
///
/// Two levels of sorted blocks. A look-up compares some twenty names, a change moves at most a block's worth of indexes.
struct NameOrder: Sendable {
    /// A place in the order: a block, and a place in it.
    struct Place: Equatable {
        var block: Int
        var offset: Int
    }

    /// What nodes are ordered by.
    struct Key: Comparable, Sendable {
        var name: PackedName
        var id: NodeID

        static func < (left: Key, right: Key) -> Bool {
            if left.name < right.name { return true }
            return !(right.name < left.name) && left.id < right.id
        }
    }

    /// Six bytes a node are about 700 kB of blocks moved for none: large enough for few blocks, small enough to move.
    private static let blockMax = 512
    private var blocks: [[Int32]] = []

    /// The order of these nodes, all at once.
    init(_ nodes: ChunkedArray<Node>, _ indexes: some Sequence<Int32>) {
        var rows = indexes.map { Row(letters: 0, index: $0) }
        Self.sort(&rows, 0..<rows.count, from: 0, nodes)
        let fill = Self.blockMax * 3 / 4
        blocks = stride(from: 0, to: rows.count, by: fill).map { start in
            rows[start..<min(start + fill, rows.count)].map(\.index)
        }
    }

    init() {}

    /// The first place whose node does not come before the key.
    func place(of key: Key, _ nodes: ChunkedArray<Node>) -> Place {
        let block = blocks.partitionPoint { $0.last.map { nodes[Int($0)].nameKey < key } ?? false }
        guard block < blocks.count else { return end }
        return Place(block: block, offset: blocks[block].partitionPoint { nodes[Int($0)].nameKey < key })
    }

    var start: Place { Place(block: 0, offset: 0) }
    var end: Place { Place(block: blocks.count, offset: 0) }

    /// The node at a place; nil at the end.
    func node(at place: Place) -> Int32? { place.block < blocks.count ? blocks[place.block][place.offset] : nil }

    func place(after place: Place) -> Place {
        guard place.offset + 1 < blocks[place.block].count else { return Place(block: place.block + 1, offset: 0) }
        return Place(block: place.block, offset: place.offset + 1)
    }

    /// Nil before the first.
    func place(before place: Place) -> Place? {
        if place.offset > 0 { return Place(block: place.block, offset: place.offset - 1) }
        return place.block == 0 ? nil : Place(block: place.block - 1, offset: blocks[place.block - 1].count - 1)
    }

    /// How many stand from a place on and before another.
    func count(from start: Place, to end: Place) -> Int {
        guard start.block < end.block else { return max(0, end.offset - start.offset) }
        return blocks[start.block..<end.block].reduce(end.offset - start.offset) { $0 + $1.count }
    }

    mutating func insert(_ index: Int32, _ nodes: ChunkedArray<Node>) {
        var place = place(of: nodes[Int(index)].nameKey, nodes)
        if place == end {
            // Behind the last one, in its block.
            if blocks.isEmpty { blocks.append([]) }
            place = Place(block: blocks.count - 1, offset: blocks[blocks.count - 1].count)
        }
        blocks[place.block].insert(index, at: place.offset)
        guard blocks[place.block].count > Self.blockMax else { return }
        let half = Array(blocks[place.block].suffix(Self.blockMax / 2))
        blocks[place.block].removeLast(half.count)
        blocks.insert(half, at: place.block + 1)
    }

    /// Takes a node out; its name must be the one it came in with.
    mutating func remove(_ index: Int32, _ nodes: ChunkedArray<Node>) {
        let place = place(of: nodes[Int(index)].nameKey, nodes)
        guard node(at: place) == index else { return }
        blocks[place.block].remove(at: place.offset)
        if blocks[place.block].isEmpty { blocks.remove(at: place.block) }
    }

    private struct Row {
        var letters: UInt64
        var index: Int32
    }

    /// Sorts by eight letters at a time, and those alike by the next eight: three times as fast as by whole names,
    /// since names of a fleet begin alike and stand all over the memory.
    private static func sort(
        _ rows: inout [Row], _ range: Range<Int>, from offset: Int, _ nodes: ChunkedArray<Node>
    ) {
        for place in range { rows[place].letters = nodes[Int(rows[place].index)].packed.name.letters(from: offset) }
        rows[range].sort { $0.letters < $1.letters }
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start + 1
            while end < range.upperBound, rows[end].letters == rows[start].letters { end += 1 }
            if end - start > 64, offset < RegistryLimits.hostnameBytesMax {
                sort(&rows, start..<end, from: offset + 8, nodes)
            } else if end - start > 1 {
                rows[start..<end].sort { nodes[Int($0.index)].nameKey < nodes[Int($1.index)].nameKey }
            }
            start = end
        }
    }
}

extension Node {
    /// Its key in `NameOrder`.
    var nameKey: NameOrder.Key { NameOrder.Key(name: packed.name, id: id) }
}
