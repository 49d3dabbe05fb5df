/// The ranks of active findings, in order: the worst few, or those after a place, are found without a look at the rest.
/// Sorted blocks: a change moves at most one block's worth of ranks.
struct FindingOrder: Sendable {
    /// 48 bytes each: a block is moved in about a microsecond.
    private static let blockMax = 256
    private var blocks: [[FindingRank]] = []
    private(set) var count = 0

    mutating func insert(_ rank: FindingRank) {
        count += 1
        guard !blocks.isEmpty else { return blocks.append([rank]) }
        let block = min(blocks.partitionPoint { $0[$0.count - 1] < rank }, blocks.count - 1)
        blocks[block].insert(rank, at: blocks[block].partitionPoint { $0 < rank })
        guard blocks[block].count > Self.blockMax else { return }
        let half = Array(blocks[block].suffix(Self.blockMax / 2))
        blocks[block].removeLast(half.count)
        blocks.insert(half, at: block + 1)
    }

    mutating func remove(_ rank: FindingRank) {
        let block = blocks.partitionPoint { $0[$0.count - 1] < rank }
        guard block < blocks.count else { return }
        let place = blocks[block].partitionPoint { $0 < rank }
        guard blocks[block][place] == rank else { return }
        blocks[block].remove(at: place)
        if blocks[block].isEmpty { blocks.remove(at: block) }
        count -= 1
    }

    /// Calls for each rank after this one, nil: for each, worst first, until told to stop.
    func forEach(after rank: FindingRank? = nil, _ goesOn: (FindingRank) -> Bool) {
        let start = rank.map { rank in blocks.partitionPoint { $0[$0.count - 1] <= rank } } ?? 0
        for block in blocks[start...] {
            let place = rank.map { rank in block.partitionPoint { $0 <= rank } } ?? 0
            for rank in block[place...] where !goesOn(rank) { return }
        }
    }
}
