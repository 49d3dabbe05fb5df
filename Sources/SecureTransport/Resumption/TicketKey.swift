internal import COpenSSL

/// The keys of one generation of tickets: a public name (16 bytes), AES-256-CBC and HMAC-SHA-256, the construction of RFC 5077
/// section 4 that OpenSSL uses. The secret bytes lie at one address of their own and are wiped when nobody needs them.
@safe final class TicketKey: @unchecked Sendable {
    static let nameBytes = 16
    static let secretBytes = 32

    /// When it was made, seconds since 1970-01-01 UTC.
    let madeAt: Int64
    private let bytes: UnsafeMutablePointer<UInt8>
    private static let count = nameBytes + 2 * secretBytes

    /// A key of random bytes; nil if the random generator fails.
    init?(at now: Int64) {
        madeAt = now
        unsafe bytes = .allocate(capacity: Self.count)
        guard unsafe RAND_bytes(bytes, Int32(Self.nameBytes)) == 1,
            unsafe RAND_priv_bytes(bytes + Self.nameBytes, Int32(2 * Self.secretBytes)) == 1
        else { return nil }
    }

    /// A key as `text` wrote it; nil if it is damaged.
    init?(text: some StringProtocol) {
        let words = text.split(separator: " ")
        guard words.count == 3, words[0] == "key", let madeAt = Int64(words[1]),
            words[2].utf8.count == 2 * Self.count
        else { return nil }
        self.madeAt = madeAt
        unsafe bytes = .allocate(capacity: Self.count)
        unsafe bytes.initialize(repeating: 0, count: Self.count)
        var position = 0
        for digit in words[2].utf8 {
            guard let value = Self.value(of: digit) else { return nil }
            unsafe bytes[position / 2] = bytes[position / 2] << 4 | value
            position += 1
        }
    }

    deinit {
        unsafe OPENSSL_cleanse(bytes, Self.count)
        unsafe bytes.deallocate()
    }

    /// The line that keeps it. Secret.
    var text: String {
        var digits = ""
        for index in 0..<Self.count {
            let byte = unsafe bytes[index]
            digits += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "key \(madeAt) \(digits)"
    }

    /// Whether a ticket says that it is of this key. The name has `nameBytes`.
    func isNamed(_ name: UnsafePointer<UInt8>) -> Bool {
        unsafe memcmp(name, bytes, Self.nameBytes) == 0
    }

    /// Sets up the contexts that seal one ticket, and writes the key's name and a fresh vector of 16 bytes.
    func seal(
        _ name: UnsafeMutablePointer<UInt8>, _ vector: UnsafeMutablePointer<UInt8>, _ cipher: OpaquePointer,
        _ mac: OpaquePointer
    ) -> Bool {
        guard let algorithm = unsafe TicketCipher.shared.raw, unsafe RAND_bytes(vector, 16) == 1 else { return false }
        unsafe name.update(from: bytes, count: Self.nameBytes)
        return unsafe EVP_EncryptInit_ex(cipher, algorithm, nil, bytes + Self.nameBytes, vector) == 1
            && rollcall_ticket_mac(mac, bytes + Self.nameBytes + Self.secretBytes, Self.secretBytes) == 1
    }

    /// Sets up the contexts that open one ticket.
    func open(_ vector: UnsafePointer<UInt8>, _ cipher: OpaquePointer, _ mac: OpaquePointer) -> Bool {
        guard let algorithm = unsafe TicketCipher.shared.raw else { return false }
        return unsafe EVP_DecryptInit_ex(cipher, algorithm, nil, bytes + Self.nameBytes, vector) == 1
            && rollcall_ticket_mac(mac, bytes + Self.nameBytes + Self.secretBytes, Self.secretBytes) == 1
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// AES-256-CBC, fetched once: an implicit fetch for each ticket costs microseconds.
@safe private struct TicketCipher: @unchecked Sendable {
    let raw: OpaquePointer?

    static let shared = unsafe TicketCipher(raw: EVP_CIPHER_fetch(nil, "AES-256-CBC", nil))
}
