/// A name or an address under which agents dial a configuration server, as a server certificate carries it.
public enum ServerHost: Hashable, Sendable {
    /// A DNS name in lower case.
    case name(String)
    /// Four bytes of an IPv4 address or sixteen of an IPv6 address, in network order.
    case address([UInt8])

    /// A DNS name (labels of letters, digits, `-` and `_`), an IPv4 address or an IPv6 address, without a port.
    /// - Throws: `CertificateAuthorityError.badHost` with what is wrong with it.
    public init(_ text: String) throws(CertificateAuthorityError) {
        if let bytes = Self.addressV4(text) ?? Self.addressV6(text) {
            self = .address(bytes)
            return
        }
        if let reason = Self.reasonAgainst(name: text) { throw .badHost(text, why: reason) }
        self = .name(text.lowercased())
    }

    /// What speaks against `text` as a DNS name, or nil.
    private static func reasonAgainst(name text: String) -> String? {
        guard !text.isEmpty else { return "it is empty" }
        guard text.utf8.allSatisfy({ $0 < 128 }) else { return "write an international name in its xn-- form" }
        if text.hasPrefix("[") { return "write an IPv6 address without brackets" }
        if text.contains("*") { return "a server has names of its own, no wildcard" }
        if text.contains("/") { return "write a name or an address, no URL and no network" }
        if text.contains(":") { return "write a name or an address, without a port" }
        guard text.utf8.count <= 253 else { return "a DNS name has at most 253 characters" }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        for label in labels {
            guard (1...63).contains(label.utf8.count) else { return "each part between dots has 1 to 63 characters" }
            guard label.utf8.allSatisfy(isNameCharacter) else {
                return "a DNS name has letters, digits, hyphens and dots"
            }
            guard label.first != "-", label.last != "-" else { return "no part of a DNS name begins or ends with -" }
        }
        if labels.last?.allSatisfy(\.isNumber) == true { return "it is neither an IPv4 address nor a DNS name" }
        return nil
    }

    private static func isNameCharacter(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Four decimal numbers, without leading zeros (which some readers take for octal).
    private static func addressV4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let byte = UInt8(part), part.count == 1 || part.first != "0"
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// RFC 4291, section 2.2: groups, at most one `::`, the last 32 bits may be in IPv4's form. No zone.
    private static func addressV6(_ text: String) -> [UInt8]? {
        guard text.contains(":"), !text.contains(":::") else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            guard let bytes = groups(Substring(text)), bytes.count == 16 else { return nil }
            return bytes
        }
        guard let head = groups(text[..<gap.lowerBound], mayEndInV4: false), let tail = groups(text[gap.upperBound...]),
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Two bytes a group; nil if a group is not 1 to 4 hexadecimal digits.
    private static func groups(_ text: Substring, mayEndInV4: Bool = true) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, let four = addressV4(part) { return bytes + four }
            guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit), let group = UInt16(part, radix: 16)
            else { return nil }
            bytes.append(UInt8(group >> 8))
            bytes.append(UInt8(group & 0xff))
        }
        return bytes
    }
}

extension ServerHost: CustomStringConvertible {
    /// The name, or the address in its usual form (RFC 5952 for IPv6).
    public var description: String {
        switch self {
        case .name(let name): name
        case .address(let bytes) where bytes.count == 4: bytes.map(String.init).joined(separator: ".")
        case .address(let bytes): Self.text(ofV6: bytes)
        }
    }

    private static func text(ofV6 bytes: [UInt8]) -> String {
        let groups = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<(index + 1) }
        }
        let words = groups.map { String($0, radix: 16) }
        guard longest.count > 1 else { return words.joined(separator: ":") }
        return words[..<longest.lowerBound].joined(separator: ":") + "::"
            + words[longest.upperBound...].joined(separator: ":")
    }
}
