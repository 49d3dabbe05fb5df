/// Identifiers as text.
extension Collection<UInt8> {
    /// 16 bytes as a UUID is written, `3f2a0c11-….`; other lengths as plain hexadecimal digits; nil for none.
    var uuidText: String? {
        guard !isEmpty else { return nil }
        var text = ""
        for (index, byte) in enumerated() {
            if count == 16, [4, 6, 8, 10].contains(index) { text += "-" }
            let digits = String(byte, radix: 16)
            text += digits.count < 2 ? "0" + digits : digits
        }
        return text
    }
}
