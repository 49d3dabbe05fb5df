public import Foundation

/// Node ids for made-up fleets: version 4 UUIDs, the same ones for the same seed, so that a test fleet keeps its
/// identities. Not for real nodes, whose ids must not be guessable from a seed.
public struct NodeIDSequence: Sequence, IteratorProtocol, Sendable {
    private var state: UInt64

    /// The ids that belong to `seed`.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next id; there is always one.
    public mutating func next() -> UUID? {
        let high = nextWord()
        let low = nextWord()
        func byte(_ word: UInt64, _ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * index)) }
        return UUID(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6) & 0x0f | 0x40, byte(high, 7),
                byte(low, 0) & 0x3f | 0x80, byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5),
                byte(low, 6), byte(low, 7)
            ))
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): one addition and a mix, no repeat within 2⁶⁴.
    private mutating func nextWord() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
