internal import Crypto

/// The machine's id, hashed for this application.
enum MachineID {
    /// Rollcall's application id (made once, at random). Changing it makes every agent look reinstalled on new hardware.
    private static let application: [UInt8] = [
        0x3c, 0x1e, 0x0d, 0x2c, 0x5f, 0x5c, 0x4d, 0x5b, 0x8a, 0x7e, 0x2f, 0x6b, 0x9d, 0x40, 0x1c, 0x11,
    ]

    /// machine-id(5) asks programs not to show the id itself. This is what `systemd-id128 machine-id --app-specific`
    /// prints for our application id: HMAC-SHA256 keyed by the machine id, cut to 128 bits, marked as a version 4 UUID.
    /// Nil if the text is no machine id ("uninitialized", an empty file in an image).
    static func applicationSpecific(_ text: String) -> String? {
        guard let id = HexID.bytes(of: text) else { return nil }
        var hash = Array(
            HMAC<SHA256>.authenticationCode(for: application, using: SymmetricKey(data: id)).prefix(16))
        hash[6] = hash[6] & 0x0f | 0x40
        hash[8] = hash[8] & 0x3f | 0x80
        return HexID.text(of: hash)
    }
}

/// Ids of 128 bits as text: 32 hexadecimal digits, with or without the hyphens of a UUID.
enum HexID {
    /// The 16 bytes; nil for any other text.
    static func bytes(of text: String) -> [UInt8]? {
        let digits = text.trimmed.filter { $0 != "-" }.map(\.hexDigitValue)
        guard digits.count == 32 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 32, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }

    /// 32 lower-case digits for 16 bytes.
    static func text(of bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
