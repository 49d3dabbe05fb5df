/// Chance that can be repeated: SplitMix64 (Steele, Lea, Flood 2014). The same seed gives the same numbers on every
/// machine and with every version of the standard library, as long as only `next` and the methods below are used.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator that repeats itself for the same seed.
    public init(seed: UInt64) {
        state = seed
    }

    /// 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `count` - 1; `count` is at least 1.
    public mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    /// True `percent` times of a hundred.
    public mutating func chance(percent: Int) -> Bool { below(100) < percent }

    /// One of them; there is at least one.
    public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
