internal import COpenSSL

/// The functions that TLS 1.3 makes its keys with (RFC 8446 section 7.1) on OpenSSL's hashes, whose contexts are kept: making one
/// costs more than using it. Confined to its thread.
///
/// Everything TLS 1.3 expands (key, IV, next secret) is at most one block of the hash, so HKDF-Expand
/// (RFC 5869 section 2.3) is its first step only: HMAC(secret, label, 1).
@safe struct KeySchedule {
    private let sha256: OpaquePointer
    private let sha384: OpaquePointer
    private var lastName: UInt64 = 0

    /// Nil when OpenSSL has no memory.
    init?() {
        guard let sha256 = unsafe Self.context(.sha256) else { return nil }
        guard let sha384 = unsafe Self.context(.sha384) else {
            unsafe EVP_MD_CTX_free(sha256)
            return nil
        }
        unsafe self.sha256 = sha256
        unsafe self.sha384 = sha384
    }

    private static func context(_ hash: ScheduleHash) -> OpaquePointer? {
        guard let digest = unsafe EVP_MD_fetch(nil, hash.name, nil) else { return nil }
        defer { unsafe EVP_MD_free(digest) }
        guard let context = unsafe EVP_MD_CTX_new() else { return nil }
        guard unsafe EVP_DigestInit_ex2(context, digest, nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            return nil
        }
        return unsafe context
    }

    /// Gives the contexts back.
    func free() {
        unsafe EVP_MD_CTX_free(sha256)
        unsafe EVP_MD_CTX_free(sha384)
    }

    /// A name that no key of this loop had before.
    mutating func nextName() -> UInt64 {
        lastName += 1
        return lastName
    }

    /// HKDF-Expand-Label(secret, label, "", length of `into`), at most one block of the hash. `into` may be the secret.
    func expand(
        _ hash: ScheduleHash, _ secret: UnsafeRawBufferPointer, _ label: StaticString,
        into: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let label = unsafe UnsafeRawBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount)
        return unsafe expand(hash, secret, label, of: UnsafeRawBufferPointer(start: nil, count: 0), into: into)
    }

    /// HKDF-Expand-Label(secret, label, context, length of `into`); false if one of them is longer than TLS 1.3's are.
    func expand(
        _ hash: ScheduleHash, _ secret: UnsafeRawBufferPointer, _ label: UnsafeRawBufferPointer,
        of context: UnsafeRawBufferPointer, into: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard into.count <= hash.bytes, label.count <= Self.labelBytesMax, context.count <= hash.bytes else {
            return false
        }
        // struct HkdfLabel: length, "tls13 " and the label behind their length, the context behind its; and HKDF's counter.
        var words = InlineArray<96, UInt8>(repeating: 0)
        return unsafe withUnsafeMutableBytes(of: &words) { words -> Bool in
            unsafe words[1] = UInt8(into.count)
            unsafe words[2] = UInt8(Self.prefix.utf8CodeUnitCount + label.count)
            var end = 3
            func put(_ bytes: UnsafeRawBufferPointer) {
                unsafe UnsafeMutableRawBufferPointer(rebasing: words[end...]).copyMemory(from: bytes)
                end += bytes.count
            }
            unsafe put(
                UnsafeRawBufferPointer(start: Self.prefix.utf8Start, count: Self.prefix.utf8CodeUnitCount))
            unsafe put(label)
            unsafe words[end] = UInt8(context.count)
            end += 1
            unsafe put(context)
            unsafe words[end] = 1
            return unsafe authenticate(hash, secret, UnsafeRawBufferPointer(rebasing: words[...end]), into: into)
        }
    }

    /// HKDF-Extract(salt, secret) (RFC 5869 section 2.2). `into` may be the salt.
    func extract(
        _ hash: ScheduleHash, salt: UnsafeRawBufferPointer, _ secret: UnsafeRawBufferPointer,
        into: UnsafeMutableRawBufferPointer
    ) -> Bool {
        unsafe into.count == hash.bytes && authenticate(hash, salt, secret, into: into)
    }

    /// The beginning of HMAC(key, message) (RFC 2104 section 2), for keys no longer than a block of the hash.
    private func authenticate(
        _ hash: ScheduleHash, _ key: UnsafeRawBufferPointer, _ message: UnsafeRawBufferPointer,
        into: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard key.count <= hash.blockBytes, into.count <= hash.bytes else { return false }
        var inner = InlineArray<48, UInt8>(repeating: 0)
        return unsafe withUnsafeMutableBytes(of: &inner) { inner -> Bool in
            let inner = unsafe UnsafeMutableRawBufferPointer(rebasing: inner[..<hash.bytes])
            let done =
                unsafe digest(hash, key, padding: 0x36, message, into: inner)
                && digest(hash, key, padding: 0x5C, UnsafeRawBufferPointer(inner), into: inner)
            if done { unsafe into.copyMemory(from: UnsafeRawBufferPointer(rebasing: inner[..<into.count])) }
            unsafe OPENSSL_cleanse(inner.baseAddress, inner.count)
            return done
        }
    }

    /// The hash over a block of the key, padded, and the message.
    private func digest(
        _ hash: ScheduleHash, _ key: UnsafeRawBufferPointer, padding: UInt8, _ message: UnsafeRawBufferPointer,
        into: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let context = unsafe hash == .sha384 ? sha384 : sha256
        var block = InlineArray<128, UInt8>(repeating: padding)
        for index in 0..<key.count { unsafe block[index] ^= key[index] }
        return unsafe withUnsafeMutableBytes(of: &block) { block in
            defer { unsafe OPENSSL_cleanse(block.baseAddress, block.count) }
            return unsafe EVP_DigestInit_ex2(context, nil, nil) == 1
                && EVP_DigestUpdate(context, block.baseAddress, hash.blockBytes) == 1
                && EVP_DigestUpdate(context, message.baseAddress, message.count) == 1
                && EVP_DigestFinal_ex(context, into.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
        }
    }

    /// Overwrites what the contexts still hold of the last secret.
    func end() {
        unsafe _ = EVP_DigestInit_ex2(sha256, nil, nil)
        unsafe _ = EVP_DigestInit_ex2(sha384, nil, nil)
    }

    private static let prefix: StaticString = "tls13 "
    /// The longest label is the exporter's, EXPORTER-Channel-Binding (RFC 9266).
    private static let labelBytesMax = 24
}

/// The hash that a suite's keys are made with.
enum ScheduleHash {
    case sha256, sha384

    /// OpenSSL's name.
    var name: String { self == .sha384 ? "SHA2-384" : "SHA2-256" }

    /// Its length, and that of a secret.
    var bytes: Int { self == .sha384 ? 48 : 32 }

    /// What it works through at a time, and HMAC pads a key to.
    var blockBytes: Int { self == .sha384 ? 128 : 64 }

    /// That of no message at all.
    var ofNothing: [UInt8] { self == .sha384 ? Self.sha384OfNothing : Self.sha256OfNothing }

    private static let sha256OfNothing = unsafe digestOfNothing(EVP_sha256(), .sha256)
    private static let sha384OfNothing = unsafe digestOfNothing(EVP_sha384(), .sha384)

    private static func digestOfNothing(_ algorithm: OpaquePointer?, _ hash: ScheduleHash) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: hash.bytes)
        unsafe _ = EVP_Digest(nil, 0, &digest, nil, algorithm, nil)
        return digest
    }
}
