/// A count in one byte: exact to 32, then with a resolution of a sixteenth, up to half a million (Morris, CACM 21(10), 1978).
/// Beyond 32 only one in 2, 4, 8 … increments counts; which one, the caller's chance decides: some bits of evidence, so that
/// the same evidence always gives the same count.
enum SmallCount {
    /// How many it stands for.
    static func value(_ count: UInt8) -> Float {
        let exponent = count >> 4
        let mantissa = UInt32(count & 15)
        return Float(exponent == 0 ? mantissa : (16 + mantissa) << UInt32(exponent - 1))
    }

    /// One more, as often as it should be.
    static func incremented(_ count: UInt8, chance: Int64) -> UInt8 {
        guard count < .max else { return count }
        let exponent = count >> 4
        guard exponent > 1 else { return count + 1 }
        // Times arrive in steps of a microsecond or a millisecond: mix the bits (Knuth's multiplicative hash).
        let mixed = (UInt64(bitPattern: chance) &* 0x9E37_79B9_7F4A_7C15) >> 32
        return mixed & ((1 << UInt64(exponent - 1)) - 1) == 0 ? count + 1 : count
    }

    /// Half of it; one of an odd number is dropped.
    static func halved(_ count: UInt8) -> UInt8 {
        count < 32 ? count / 2 : count - 16
    }
}
