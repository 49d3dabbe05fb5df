/// A host name as it stands in front of a `PackedNode`, for sorting and searching without making strings. Letters A to
/// Z count as small ones.
struct PackedName: Comparable, Sendable {
    private var bytes: [UInt8]
    private var start: Int
    /// In bytes.
    private(set) var count: Int

    /// The name that stands at the beginning of the bytes.
    init(_ bytes: [UInt8]) {
        // At most 255 bytes, so its length takes one byte or two.
        let isLong = bytes[0] >= 0x80
        self.bytes = bytes
        start = isLong ? 2 : 1
        count = isLong ? Int(bytes[0] & 0x7F) | Int(bytes[1]) << 7 : Int(bytes[0])
    }

    /// A name that somebody asks for.
    init(_ text: String) {
        bytes = Array(text.utf8)
        start = 0
        count = bytes.count
    }

    /// Behind all names that begin with this one: no text holds this byte.
    var last: PackedName {
        var last = self
        last.bytes = Array(bytes[start..<(start + count)]) + [0xFF]
        (last.start, last.count) = (0, last.bytes.count)
        return last
    }

    /// In small letters.
    var text: String { String(decoding: bytes[start..<(start + count)].map(\.folded), as: UTF8.self) }

    /// The letter at a place, a small one; 0 beyond the end.
    func letter(_ offset: Int) -> UInt8 { offset < count ? bytes[start + offset].folded : 0 }

    /// Eight letters as a number that sorts as they do.
    func letters(from offset: Int) -> UInt64 {
        var number: UInt64 = 0
        for place in offset..<(offset + 8) { number = number << 8 | UInt64(letter(place)) }
        return number
    }

    func contains(_ text: [UInt8]) -> Bool { bytes.contains(text, within: start, count) }

    func hasPrefix(_ prefix: PackedName) -> Bool {
        prefix.count <= count && (0..<prefix.count).allSatisfy { letter($0) == prefix.letter($0) }
    }

    static func == (left: PackedName, right: PackedName) -> Bool {
        left.count == right.count && left.hasPrefix(right)
    }

    static func < (left: PackedName, right: PackedName) -> Bool {
        for offset in 0..<min(left.count, right.count) {
            let (one, other) = (left.letter(offset), right.letter(offset))
            if one != other { return one < other }
        }
        return left.count < right.count
    }
}

extension UInt8 {
    /// A to Z as a to z.
    var folded: UInt8 { self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self }
}

extension [UInt8] {
    /// Whether a part of it holds these bytes, which are folded.
    func contains(_ text: [UInt8], within start: Int, _ length: Int) -> Bool {
        guard let first = text.first else { return true }
        guard text.count <= length else { return false }
        for place in start...(start + length - text.count) where self[place].folded == first {
            if (1..<text.count).allSatisfy({ self[place + $0].folded == text[$0] }) { return true }
        }
        return false
    }
}
