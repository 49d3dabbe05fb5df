/// Writes the small lists that stand in one column. Foundation's encoder does the same ten times slower, and a restart
/// with a million nodes reads three such columns for each.
struct JSONWriter {
    private(set) var text = ""
    private var needsComma = false

    /// `[…]`; the body writes the elements.
    mutating func array(_ body: (inout JSONWriter) -> Void) { nested("[", "]", body) }

    /// `{…}`; the body writes the members.
    mutating func object(_ body: (inout JSONWriter) -> Void) { nested("{", "}", body) }

    /// A string, as an element.
    mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    /// `"name":"value"`.
    mutating func member(_ name: String, _ value: String) {
        begin(name)
        quote(value)
    }

    /// `"name":value`.
    mutating func member(_ name: String, _ value: Int64) {
        begin(name)
        text += String(value)
    }

    /// `"name":` and what the body writes.
    mutating func member(_ name: String, _ body: (inout JSONWriter) -> Void) {
        begin(name)
        needsComma = false
        body(&self)
        needsComma = true
    }

    private mutating func begin(_ name: String) {
        separate()
        quote(name)
        text += ":"
    }

    private mutating func nested(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        separate()
        text += open
        needsComma = false
        body(&self)
        text += close
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { text += "," }
        needsComma = true
    }

    private mutating func quote(_ value: String) {
        text += "\""
        if value.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for scalar in value.unicodeScalars { escape(scalar) }
        } else {
            text += value
        }
        text += "\""
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\t": text += "\\t"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }
}

extension JSONWriter {
    /// `["…","…"]`
    static func list(_ strings: some Sequence<String>) -> String {
        var writer = JSONWriter()
        writer.array { writer in for string in strings { writer.string(string) } }
        return writer.text
    }
}
