/// Writes the parts of a node that are seldom looked at into few bytes. `PackedReader` reads them back, in the same
/// order.
struct PackedWriter {
    private(set) var bytes: [UInt8] = []
    /// Texts that other nodes have too, in the order in which they were written.
    private(set) var shared: [String] = []

    init() { bytes.reserveCapacity(256) }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func append(_ packed: ArraySlice<UInt8>) { bytes.append(contentsOf: packed) }

    /// Seven bits a byte, the lowest first.
    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A number near zero, of either sign.
    mutating func signed(_ value: Int64) { number(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    /// Text that is the node's own.
    mutating func text(_ text: String) {
        number(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Text that is an even number of small hexadecimal digits as a rule, such as a machine id: half as long then.
    mutating func hexadecimal(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0.digitValue != nil }) else {
            number(UInt64(digits.count) << 1)
            return bytes.append(contentsOf: digits)
        }
        number(UInt64(digits.count / 2) << 1 | 1)
        for place in stride(from: 0, to: digits.count, by: 2) {
            bytes.append((digits[place].digitValue ?? 0) << 4 | (digits[place + 1].digitValue ?? 0))
        }
    }

    /// Text that is a UUID in small letters as a rule: half as long then.
    mutating func uuid(_ text: String) {
        guard let id = NodeID(text), id.description == text else {
            number(UInt64(text.utf8.count) << 1)
            return bytes.append(contentsOf: text.utf8)
        }
        number(1)
        bytes.append(contentsOf: id.bytes)
    }

    /// Text that other nodes have too.
    mutating func sharedText(_ text: String) {
        if shared.isEmpty { shared.reserveCapacity(8) }
        shared.append(text)
    }

    /// Takes out the shared texts of the part that was written.
    mutating func takeShared() -> [String] {
        defer { shared = [] }
        return shared
    }

    /// A time as the distance to the one written before.
    mutating func time(_ time: Instant, after base: inout Instant) {
        signed(time.nanoseconds &- base.nanoseconds)
        base = time
    }

    /// What was written, without room for more. Not `Array(bytes[...])`: that keeps the buffer as it is, with its room
    /// (measured: 150 bytes a node).
    var packed: [UInt8] {
        var packed: [UInt8] = []
        packed.reserveCapacity(bytes.count)
        packed.append(contentsOf: bytes)
        return packed
    }
}

/// Reads what a `PackedWriter` wrote.
struct PackedReader {
    private let bytes: [UInt8]
    var position: Int
    private let shared: [String]
    private var sharedPosition = 0

    init(_ bytes: [UInt8], from position: Int, _ shared: [String]) {
        self.bytes = bytes
        self.position = position
        self.shared = shared
    }

    mutating func byte() -> UInt8 {
        defer { position += 1 }
        return bytes[position]
    }

    mutating func number() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    mutating func signed() -> Int64 {
        let value = number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func text() -> String { text(of: Int(number())) }

    mutating func hexadecimal() -> String {
        let length = number()
        guard length & 1 == 1 else { return text(of: Int(length >> 1)) }
        var digits: [UInt8] = []
        digits.reserveCapacity(Int(length & ~1))
        for _ in 0..<(length >> 1) {
            let pair = byte()
            digits.append((pair >> 4).digit)
            digits.append((pair & 15).digit)
        }
        return String(decoding: digits, as: UTF8.self)
    }

    mutating func uuid() -> String {
        let length = number()
        guard length & 1 == 1 else { return text(of: Int(length >> 1)) }
        return NodeID(bytes: bytes(16))?.description ?? ""
    }

    mutating func sharedText() -> String {
        defer { sharedPosition += 1 }
        return shared[sharedPosition]
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    mutating func time(after base: inout Instant) -> Instant {
        base = Instant(nanoseconds: base.nanoseconds &+ signed())
        return base
    }

    private mutating func text(of count: Int) -> String {
        defer { position += count }
        return String(decoding: bytes[position..<(position + count)], as: UTF8.self)
    }
}

extension UInt8 {
    /// What it stands for as a small hexadecimal digit; nil if it is none.
    fileprivate var digitValue: UInt8? {
        let (value, letter) = (self &- UInt8(ascii: "0"), self &- UInt8(ascii: "a"))
        return value < 10 ? value : letter < 6 ? letter + 10 : nil
    }

    /// A small hexadecimal digit of a value below 16.
    var digit: UInt8 { self < 10 ? self + UInt8(ascii: "0") : self - 10 + UInt8(ascii: "a") }
}
