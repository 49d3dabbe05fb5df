/// A column that should hold a JSON list holds something else: somebody edited it, or the disk did.
struct MalformedText: Error, CustomStringConvertible {
    /// Where and what.
    var description: String
}

/// Reads what `JSONWriter` wrote, and any other JSON a person put there by hand. A pull reader: nothing is built that
/// the caller does not ask for.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0
    /// Deeper than any list of ours; a hand-made abyss must not overflow the stack.
    private static let depthMax = 16

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Reads `[…]`, calling the body at each element; the body must read or `skip()` it.
    mutating func array(_ element: (inout JSONReader) throws -> Void) throws {
        try sequence("[", "]") { reader in try element(&reader) }
    }

    /// Reads `{…}`, calling the body at each value; the body must read or `skip()` it.
    mutating func object(_ member: (String, inout JSONReader) throws -> Void) throws {
        try sequence("{", "}") { reader in
            let name = try reader.string()
            try reader.expect(":")
            try member(name, &reader)
        }
    }

    /// Reads a string.
    mutating func string() throws -> String {
        try expect("\"")
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
            case UInt8(ascii: "\\"): return try escapedString(after: bytes[start..<position])
            default: position += 1
            }
        }
        throw malformed("a string without an end")
    }

    /// Reads a whole number.
    mutating func integer() throws -> Int64 {
        skipSpace()
        let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var value: Int64 = 0
        while position < bytes.count, isDigit(bytes[position]) {
            let digit = Int64(bytes[position] - UInt8(ascii: "0"))
            // Below zero, where there is room for one number more.
            let (tenfold, isTooMuch) = value.multipliedReportingOverflow(by: 10)
            let (next, isTooMuchNow) = tenfold.subtractingReportingOverflow(digit)
            if isTooMuch || isTooMuchNow { throw malformed("too large a number") }
            value = next
            position += 1
        }
        guard position > start, isNegative || value > .min else { throw malformed("no whole number") }
        return isNegative ? value : -value
    }

    /// Passes over any value.
    mutating func skip() throws {
        skipSpace()
        guard position < bytes.count else { throw malformed("an early end") }
        switch bytes[position] {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "["): try array { try $0.skip() }
        case UInt8(ascii: "{"): try object { _, reader in try reader.skip() }
        default:
            let start = position
            while position < bytes.count, isWordByte(bytes[position]) { position += 1 }
            if position == start { throw malformed("no value") }
        }
    }

    /// Makes sure that nothing follows.
    mutating func end() throws {
        skipSpace()
        if position < bytes.count { throw malformed("something after the end") }
    }

    private mutating func sequence(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ item: (inout JSONReader) throws -> Void
    ) throws {
        try expect(open)
        depth += 1
        guard depth <= Self.depthMax else { throw malformed("too many brackets") }
        defer { depth -= 1 }
        if accept(close) { return }
        repeat { try item(&self) } while accept(",")
        try expect(close)
    }

    private mutating func escapedString(after head: ArraySlice<UInt8>) throws -> String {
        var text = String(decoding: head, as: UTF8.self)
        var plain: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                continue
            }
            text += String(decoding: plain, as: UTF8.self)
            plain.removeAll(keepingCapacity: true)
            if byte == UInt8(ascii: "\"") { return text }
            text.unicodeScalars.append(try escape())
        }
        throw malformed("a string without an end")
    }

    private mutating func escape() throws -> Unicode.Scalar {
        guard position < bytes.count else { throw malformed("an early end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw malformed("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws -> Unicode.Scalar {
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // RFC 8259 section 7: a character beyond the basic plane is two escapes.
        guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw malformed("half a character") }
        position += 2
        let second = try fourDigits()
        guard second & 0xFC00 == 0xDC00,
            let scalar = Unicode.Scalar(0x10000 + ((first & 0x3FF) << 10 | (second & 0x3FF)))
        else { throw malformed("half a character") }
        return scalar
    }

    private mutating func fourDigits() throws -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw malformed("an unknown escape") }
        position += 4
        return value
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws {
        guard accept(scalar) else { throw malformed("no \"\(scalar)\"") }
    }

    private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
    }

    private func malformed(_ what: String) -> MalformedText {
        MalformedText(description: "\(what) at byte \(position) of a list")
    }
}

extension JSONReader {
    /// Reads `["…","…"]`.
    static func list(_ text: String) throws -> [String] {
        var reader = JSONReader(text)
        var strings: [String] = []
        try reader.array { strings.append(try $0.string()) }
        try reader.end()
        return strings
    }
}
