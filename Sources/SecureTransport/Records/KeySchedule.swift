internal import COpenSSL

/// HKDF-Expand-Label (RFC 8446 section 7.1) on OpenSSL's HMAC. One for all connections of a loop: fetching an algorithm costs more
/// than using it. Confined to its loop.
///
/// Everything TLS 1.3 expands here (key, IV, next secret) is at most one block of the hash, so HKDF-Expand
/// (RFC 5869 section 2.3) is its first step only: HMAC(secret, label, 1).
@safe struct KeySchedule {
    /// An HMAC context for each hash, keyed with the secret that `begin` named; the key is overwritten by `end`.
    private let sha256: OpaquePointer
    private let sha384: OpaquePointer
    private var lastName: UInt64 = 0

    /// Nil when OpenSSL has no HMAC or no memory.
    init?() {
        guard let sha256 = unsafe Self.context(RecordSuite.aes128GCM.hashName) else { return nil }
        guard let sha384 = unsafe Self.context(RecordSuite.aes256GCM.hashName) else {
            unsafe EVP_MAC_CTX_free(sha256)
            return nil
        }
        unsafe self.sha256 = sha256
        unsafe self.sha384 = sha384
    }

    private static func context(_ hash: String) -> OpaquePointer? {
        guard let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else { return nil }
        defer { unsafe EVP_MAC_free(mac) }
        guard let context = unsafe EVP_MAC_CTX_new(mac) else { return nil }
        guard unsafe rollcall_mac_set_hash(context, hash) == 1 else {
            unsafe EVP_MAC_CTX_free(context)
            return nil
        }
        return unsafe context
    }

    /// Gives the contexts back.
    func free() {
        unsafe EVP_MAC_CTX_free(sha256)
        unsafe EVP_MAC_CTX_free(sha384)
    }

    /// A name that no key of this loop had before.
    mutating func nextName() -> UInt64 {
        lastName += 1
        return lastName
    }

    private func context(_ suite: RecordSuite) -> OpaquePointer { unsafe suite == .aes256GCM ? sha384 : sha256 }

    /// Takes the secret that what follows is expanded from.
    func begin(_ suite: RecordSuite, _ secret: UnsafeRawBufferPointer) -> Bool {
        unsafe EVP_MAC_init(
            context(suite), secret.baseAddress?.assumingMemoryBound(to: UInt8.self), secret.count, nil) == 1
    }

    /// HKDF-Expand-Label(secret, label, "", length of `into`), at most one block of the hash; several after one `begin`.
    func expand(_ suite: RecordSuite, _ label: StaticString, into: UnsafeMutableRawBufferPointer) -> Bool {
        precondition(into.count <= suite.secretBytes)
        let context = unsafe context(suite)
        // struct HkdfLabel: length, "tls13 " and the label behind its length, an empty context; and HKDF's counter.
        var head = (UInt8(0), UInt8(into.count), UInt8(6 + label.utf8CodeUnitCount))
        var tail = (UInt8(0), UInt8(1))
        var block = InlineArray<64, UInt8>(repeating: 0)
        var length = 0
        let done = unsafe withUnsafeMutableBytes(of: &block) { block -> Bool in
            guard let start = unsafe block.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
            let done =
                unsafe withUnsafeBytes(of: &head) { unsafe Self.update(context, $0) }
                && Self.update(context, UnsafeRawBufferPointer(start: StaticString("tls13 ").utf8Start, count: 6))
                && Self.update(
                    context, UnsafeRawBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount))
                && withUnsafeBytes(of: &tail) { unsafe Self.update(context, $0) }
                && EVP_MAC_final(context, start, &length, block.count) == 1 && length == suite.secretBytes
            if done, let target = into.baseAddress { unsafe target.copyMemory(from: start, byteCount: into.count) }
            unsafe OPENSSL_cleanse(start, block.count)
            return done
        }
        // Ready for the next label of the same secret: HMAC's key is kept when none is given.
        return done && (unsafe EVP_MAC_init(context, nil, 0, nil) == 1)
    }

    private static func update(_ context: OpaquePointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        unsafe EVP_MAC_update(context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) == 1
    }

    /// Overwrites the secret that was used last, with zeros of the same length.
    func end(_ suite: RecordSuite) {
        let zeros = InlineArray<48, UInt8>(repeating: 0)
        unsafe withUnsafeBytes(of: zeros) {
            unsafe _ = begin(suite, UnsafeRawBufferPointer(rebasing: $0[..<suite.secretBytes]))
        }
    }
}
