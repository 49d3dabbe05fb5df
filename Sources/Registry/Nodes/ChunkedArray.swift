/// An array that never moves what it holds: it grows a chunk at a time, so that no append stops a loop to copy a million
/// elements (an array of a million nodes takes 60 ms to double). One look more than an array at each access.
struct ChunkedArray<Element: Sendable>: Sendable {
    /// Elements of a chunk: a node's chunk is half a megabyte, copied in 50 µs where a copy of the table is changed.
    private static var chunkBits: Int { 12 }

    private var chunks = ContiguousArray<ContiguousArray<Element>>()
    private(set) var count = 0

    var indices: Range<Int> { 0..<count }

    subscript(index: Int) -> Element {
        _read { yield chunks[index >> Self.chunkBits][index & (1 << Self.chunkBits - 1)] }
        _modify { yield &chunks[index >> Self.chunkBits][index & (1 << Self.chunkBits - 1)] }
    }

    mutating func append(_ element: consuming Element) {
        let chunk = count >> Self.chunkBits
        if chunk == chunks.count {
            chunks.append([])
            // The first one grows as it is needed: most fleets are small.
            if chunk > 0 { chunks[chunk].reserveCapacity(1 << Self.chunkBits) }
        }
        chunks[chunk].append(element)
        count += 1
    }
}
