/// Whether a machine can be reached by an address, as far as its form tells. A machine that has IPv6 only is as good as
/// any, if its path is.
enum UsableAddress {
    /// An address of one machine (RFC 6890): not loopback, not link-local, not "any", not a group's.
    static func isUsable(_ text: String) -> Bool {
        if let bytes = ipv4(text[...]) {
            return bytes[0] != 0 && bytes[0] != 127 && bytes[0] < 224 && !(bytes[0] == 169 && bytes[1] == 254)
        }
        guard let words = ipv6(text) else { return false }
        // ::, ::1, and IPv4 in IPv6's clothes, which no interface has.
        if words.prefix(5).allSatisfy({ $0 == 0 }) { return false }
        return words[0] & 0xFFC0 != 0xFE80 && words[0] & 0xFF00 != 0xFF00
    }

    static func isLoopback(_ text: String) -> Bool {
        if let bytes = ipv4(text[...]) { return bytes[0] == 127 }
        guard let words = ipv6(text) else { return false }
        return words == [0, 0, 0, 0, 0, 0, 0, 1]
            || (words.prefix(6) == [0, 0, 0, 0, 0, 0xFFFF] && words[6] >> 8 == 127)
    }

    private static func ipv4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        let bytes = parts.compactMap(\.self)
        return bytes.count == 4 ? bytes : nil
    }

    /// Eight groups (RFC 4291 section 2.2).
    private static func ipv6(_ text: String) -> [UInt16]? {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let first = groups(halves[0]), let second = halves.count == 2 ? groups(halves[1]) : []
        else { return nil }
        let missing = 8 - first.count - second.count
        guard halves.count == 2 ? missing >= 1 : missing == 0 else { return nil }
        return first + [UInt16](repeating: 0, count: missing) + second
    }

    private static func groups(_ text: Substring) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            if let bytes = ipv4(part) {
                groups += [UInt16(bytes[0]) << 8 | UInt16(bytes[1]), UInt16(bytes[2]) << 8 | UInt16(bytes[3])]
            } else if part.utf8.count <= 4, let group = UInt16(part, radix: 16) {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups
    }
}
