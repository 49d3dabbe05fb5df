/// A JSON document whose members keep the order they were given in, so that the same answer is the same text.
public enum JSONValue: Sendable, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral {
    /// Not known, or it does not apply.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// A whole number that may exceed `Int64`.
    case unsigned(UInt64)
    /// A number; one that JSON cannot write (infinite, not a number) becomes `null`.
    case number(Double)
    /// Text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Named values in order. Names must differ.
    case object([(String, JSONValue)])

    /// `null`.
    public init(nilLiteral: ()) { self = .null }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A string, or `null` if it is empty: the protocol's text fields are empty where nothing is known.
    public static func text(_ field: String) -> JSONValue { field.isEmpty ? .null : .string(field) }

    /// A string, or `null`.
    public static func word(_ word: String?) -> JSONValue { word.map { .string($0) } ?? .null }

    /// RFC 3339 in UTC with milliseconds, or `null` where the protocol's field says "never".
    public static func time(_ field: Int64) -> JSONValue {
        WallTime(field: field).map { .string($0.rfc3339) } ?? .null
    }

    /// Words of a text, by name, each in the form of the wire.
    static func words(_ words: [String: String]) -> JSONValue {
        .object(words.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    }

    /// The document on one line, as a stream of documents wants it.
    public var compact: String {
        var text = ""
        write(to: &text, indent: nil)
        return text
    }

    /// The document over several lines, two spaces a level.
    public var pretty: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .number(let value): text += value.isFinite ? value.description : "null"
        case .string(let value): Self.write(value, to: &text)
        case .array(let values):
            Self.write(values, to: &text, between: ("[", "]"), indent: indent) { value, text, indent in
                value.write(to: &text, indent: indent)
            }
        case .object(let members):
            Self.write(members, to: &text, between: ("{", "}"), indent: indent) { member, text, indent in
                Self.write(member.0, to: &text)
                text += indent == nil ? ":" : ": "
                member.1.write(to: &text, indent: indent)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], to text: inout String, between brackets: (String, String), indent: Int?,
        item: (Item, inout String, Int?) -> Void
    ) {
        text += brackets.0
        for (index, value) in items.enumerated() {
            if index > 0 { text += "," }
            if let indent { text += "\n" + String(repeating: " ", count: indent + 2) }
            item(value, &text, indent.map { $0 + 2 })
        }
        if let indent, !items.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
        text += brackets.1
    }

    /// RFC 8259 section 7; beyond what it demands, everything a terminal would obey is escaped too, because people look
    /// at JSON on terminals.
    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if scalar.isHarmless {
                    text.unicodeScalars.append(scalar)
                } else {
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                }
            }
        }
        text += "\""
    }
}
