internal import COpenSSL

/// The functions that TLS 1.3 makes its keys with (RFC 8446 section 7.1) on OpenSSL's HMAC, whose contexts are kept: fetching an
/// algorithm costs more than using it. Confined to its thread.
///
/// Everything TLS 1.3 expands (key, IV, next secret) is at most one block of the hash, so HKDF-Expand
/// (RFC 5869 section 2.3) is its first step only: HMAC(secret, label, 1).
@safe struct KeySchedule {
    /// An HMAC context for each hash, keyed with the secret that `begin` named; the key is overwritten by `end`.
    private let sha256: OpaquePointer
    private let sha384: OpaquePointer
    private var isSHA256Keyed = false
    private var isSHA384Keyed = false
    /// Nothing has been expanded from the secret yet.
    private var isFresh = false
    private var lastName: UInt64 = 0

    /// Nil when OpenSSL has no HMAC or no memory.
    init?() {
        guard let sha256 = unsafe Self.context(.sha256) else { return nil }
        guard let sha384 = unsafe Self.context(.sha384) else {
            unsafe EVP_MAC_CTX_free(sha256)
            return nil
        }
        unsafe self.sha256 = sha256
        unsafe self.sha384 = sha384
    }

    private static func context(_ hash: ScheduleHash) -> OpaquePointer? {
        guard let mac = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else { return nil }
        defer { unsafe EVP_MAC_free(mac) }
        guard let context = unsafe EVP_MAC_CTX_new(mac) else { return nil }
        guard unsafe rollcall_mac_set_hash(context, hash.name) == 1 else {
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

    private func context(_ hash: ScheduleHash) -> OpaquePointer { unsafe hash == .sha384 ? sha384 : sha256 }

    /// Takes the secret that what follows is expanded from, or the salt that a secret is extracted with.
    mutating func begin(_ hash: ScheduleHash, _ secret: UnsafeRawBufferPointer) -> Bool {
        if hash == .sha384 { isSHA384Keyed = true } else { isSHA256Keyed = true }
        isFresh = true
        return unsafe EVP_MAC_init(
            context(hash), secret.baseAddress?.assumingMemoryBound(to: UInt8.self), secret.count, nil) == 1
    }

    /// HKDF-Expand-Label(secret, label, "", length of `into`), at most one block of the hash; several after one `begin`.
    mutating func expand(_ hash: ScheduleHash, _ label: StaticString, into: UnsafeMutableRawBufferPointer) -> Bool {
        let label = unsafe UnsafeRawBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount)
        return unsafe expand(hash, label, of: UnsafeRawBufferPointer(start: nil, count: 0), into: into)
    }

    /// HKDF-Expand-Label(secret, label, context, length of `into`); false if one of them is longer than TLS 1.3's are.
    mutating func expand(
        _ hash: ScheduleHash, _ label: UnsafeRawBufferPointer, of context: UnsafeRawBufferPointer,
        into: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard into.count <= hash.bytes, label.count <= Self.labelBytesMax, context.count <= hash.bytes else {
            return false
        }
        // Ready for the next label of the same secret: HMAC's key is kept when none is given.
        if !isFresh { guard unsafe EVP_MAC_init(self.context(hash), nil, 0, nil) == 1 else { return false } }
        isFresh = false
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
            return unsafe finish(hash, UnsafeRawBufferPointer(rebasing: words[...end]), into: into)
        }
    }

    /// HKDF-Extract with the salt that was begun with (RFC 5869 section 2.2).
    mutating func extract(
        _ hash: ScheduleHash, _ secret: UnsafeRawBufferPointer, into: UnsafeMutableRawBufferPointer
    ) -> Bool {
        isFresh = false
        return unsafe into.count == hash.bytes && finish(hash, secret, into: into)
    }

    private func finish(
        _ hash: ScheduleHash, _ bytes: UnsafeRawBufferPointer, into: UnsafeMutableRawBufferPointer
    ) -> Bool {
        var block = InlineArray<48, UInt8>(repeating: 0)
        var length = 0
        return unsafe withUnsafeMutableBytes(of: &block) { block -> Bool in
            guard let start = unsafe block.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
            let done =
                unsafe EVP_MAC_update(
                    context(hash), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) == 1
                && EVP_MAC_final(context(hash), start, &length, block.count) == 1 && length == hash.bytes
            if done, let target = into.baseAddress { unsafe target.copyMemory(from: start, byteCount: into.count) }
            unsafe OPENSSL_cleanse(start, block.count)
            return done
        }
    }

    /// Overwrites the secrets that were used last, with zeros of the same length.
    mutating func end() {
        let zeros = InlineArray<48, UInt8>(repeating: 0)
        unsafe withUnsafeBytes(of: zeros) {
            if isSHA256Keyed {
                unsafe _ = begin(.sha256, UnsafeRawBufferPointer(rebasing: $0[..<ScheduleHash.sha256.bytes]))
            }
            if isSHA384Keyed { unsafe _ = begin(.sha384, $0) }
        }
        (isSHA256Keyed, isSHA384Keyed) = (false, false)
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
