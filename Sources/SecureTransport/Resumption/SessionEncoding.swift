/// Takes the peer's certificate out of a session that OpenSSL wrote down (`i2d_SSL_SESSION`).
///
/// A session is a SEQUENCE, and the certificate its element `peer [3] EXPLICIT` (ssl_asn1.c, unchanged since 1998); there is
/// no call that takes it out of a session in memory. Whatever else stands there, flags of later releases too, is kept as it is.
enum SessionEncoding {
    private static let sequence: UInt8 = 0x30
    private static let peer: UInt8 = 0xA3

    /// The same session without a certificate; nil if this is not DER of a session.
    static func withoutPeer(_ der: [UInt8]) -> [UInt8]? {
        guard let whole = element(of: der, at: 0), der[0] == sequence, whole.end == der.count else { return nil }
        var contents: [UInt8] = []
        contents.reserveCapacity(der.count)
        var position = whole.contents
        while position < der.count {
            guard let part = element(of: der, at: position) else { return nil }
            if der[position] != peer { contents += der[position..<part.end] }
            position = part.end
        }
        return [sequence] + length(contents.count) + contents
    }

    /// Where the contents of the element at a position begin, and where it ends. Tags here have one byte.
    private static func element(of der: [UInt8], at position: Int) -> (contents: Int, end: Int)? {
        guard position + 1 < der.count, der[position] & 0x1F != 0x1F else { return nil }
        let first = Int(der[position + 1])
        guard first >= 0x80 else {
            let end = position + 2 + first
            return end <= der.count ? (position + 2, end) : nil
        }
        let digits = first & 0x7F
        guard (1...3).contains(digits), position + 2 + digits <= der.count else { return nil }
        let contents = position + 2 + digits
        let count = der[(position + 2)..<contents].reduce(0) { $0 << 8 | Int($1) }
        return contents + count <= der.count ? (contents, contents + count) : nil
    }

    private static func length(_ count: Int) -> [UInt8] {
        switch count {
        case ..<0x80: [UInt8(count)]
        case ..<0x100: [0x81, UInt8(count)]
        case ..<0x10000: [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
        default: [0x83, UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
        }
    }
}
