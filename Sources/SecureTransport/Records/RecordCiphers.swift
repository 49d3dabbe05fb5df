internal import COpenSSL

/// The cipher contexts of one loop, lent to its connections record by record: a context for each connection would be a
/// kilobyte for each direction, which is what freeing the `SSL` saves. Setting the key anew costs about 1,300 instructions a
/// record (AES-256-GCM, OpenSSL 3.0); a context that holds the key already is only given the nonce.
///
/// A plain struct at a fixed address, confined to its loop.
@safe struct RecordCiphers {
    /// A tag's length: 16 bytes with all three suites.
    static let tagBytes = 16

    /// What makes new keys of old ones.
    var schedule: KeySchedule
    /// How much one key may be used.
    var limits = RecordLimits()
    private var sealing = InlineArray<3, Lent>(repeating: Lent())
    private var opening = InlineArray<3, Lent>(repeating: Lent())
    /// Carries a tag to and from OpenSSL.
    private let tag: UnsafeMutablePointer<OSSL_PARAM>

    /// A context, and the name of the key that it holds.
    @safe private struct Lent {
        var context: OpaquePointer?
        var keyName: UInt64 = 0
    }

    /// Nil when memory is short.
    init?() {
        guard let schedule = KeySchedule() else { return nil }
        self.schedule = schedule
        unsafe tag = .allocate(capacity: 2)
        unsafe tag.initialize(to: rollcall_tag_parameter())
        unsafe (tag + 1).initialize(to: OSSL_PARAM_construct_end())
    }

    /// Gives everything back; OpenSSL wipes its contexts.
    mutating func free() {
        for index in 0..<3 {
            unsafe EVP_CIPHER_CTX_free(sealing[index].context)
            unsafe EVP_CIPHER_CTX_free(opening[index].context)
            sealing[index] = Lent()
            opening[index] = Lent()
        }
        schedule.free()
        unsafe tag.deallocate()
    }

    /// Makes the suite's contexts, if they are not there yet. Once they are, sealing and opening allocate nothing.
    mutating func prepare(_ suite: RecordSuite) -> Bool {
        let index = suite.index
        guard unsafe sealing[index].context == nil else { return true }
        guard let sealer = unsafe Self.context(suite, isSealing: true) else { return false }
        guard let opener = unsafe Self.context(suite, isSealing: false) else {
            unsafe EVP_CIPHER_CTX_free(sealer)
            return false
        }
        unsafe sealing[index].context = unsafe sealer
        unsafe opening[index].context = unsafe opener
        return true
    }

    private static func context(_ suite: RecordSuite, isSealing: Bool) -> OpaquePointer? {
        guard let cipher = unsafe EVP_CIPHER_fetch(nil, suite.cipherName, nil) else { return nil }
        defer { unsafe EVP_CIPHER_free(cipher) }
        guard let context = unsafe EVP_CIPHER_CTX_new() else { return nil }
        guard unsafe EVP_CipherInit_ex2(context, cipher, nil, nil, isSealing ? 1 : 0, nil) == 1 else {
            unsafe EVP_CIPHER_CTX_free(context)
            return nil
        }
        return unsafe context
    }

    /// Encrypts `count` bytes in place and puts the tag behind them; the five bytes before them are the record's header, which
    /// the tag covers.
    @inline(__always)
    mutating func seal(
        _ suite: RecordSuite, _ keys: inout TrafficKeys, record: UnsafeMutablePointer<UInt8>, count: Int
    ) -> Bool {
        let body = unsafe record + RecordLayer.headerBytes
        unsafe tag.pointee.data = unsafe UnsafeMutableRawPointer(body + count)
        guard let context = unsafe Self.key(&sealing[suite.index], &keys, isSealing: 1, parameters: nil) else {
            return false
        }
        var length: Int32 = 0
        let done =
            unsafe EVP_CipherUpdate(context, nil, &length, record, Int32(RecordLayer.headerBytes)) == 1
            && EVP_CipherUpdate(context, body, &length, body, Int32(count)) == 1
            && EVP_CipherFinal_ex(context, body + count, &length) == 1
            && EVP_CIPHER_CTX_get_params(context, tag) == 1
        keys.countRecord()
        return done
    }

    /// Decrypts a whole record into `plain`, which has room for it. The plaintext may be used only if this returns its
    /// length: nil says that the record is not what was sealed with these keys.
    @inline(__always)
    mutating func open(
        _ suite: RecordSuite, _ keys: inout TrafficKeys, record: UnsafePointer<UInt8>, bodyCount: Int,
        into plain: UnsafeMutablePointer<UInt8>
    ) -> Int? {
        let count = bodyCount - Self.tagBytes
        guard count >= 0 else { return nil }
        let body = unsafe record + RecordLayer.headerBytes
        unsafe tag.pointee.data = unsafe UnsafeMutableRawPointer(mutating: body + count)
        guard let context = unsafe Self.key(&opening[suite.index], &keys, isSealing: 0, parameters: tag) else {
            return nil
        }
        var length: Int32 = 0
        // An empty update would be taken for the end of the data.
        let done =
            unsafe EVP_CipherUpdate(context, nil, &length, record, Int32(RecordLayer.headerBytes)) == 1
            && (count == 0 || EVP_CipherUpdate(context, plain, &length, body, Int32(count)) == 1)
            && EVP_CipherFinal_ex(context, plain + count, &length) == 1
        guard done else {
            ERR_clear_error()
            return nil
        }
        keys.countRecord()
        return count
    }

    /// A context that holds the key and the next record's nonce.
    @inline(__always)
    private static func key(
        _ lent: inout Lent, _ keys: inout TrafficKeys, isSealing: Int32, parameters: UnsafePointer<OSSL_PARAM>?
    ) -> OpaquePointer? {
        guard keys.name != 0, let context = unsafe lent.context else { return nil }
        var nonce: (UInt64, UInt32) = (0, 0)
        let isKeyed = lent.keyName == keys.name
        let done = unsafe withUnsafeMutablePointer(to: &nonce) { nonce in
            let nonce = unsafe UnsafeMutableRawPointer(nonce).assumingMemoryBound(to: UInt8.self)
            unsafe keys.writeNonce(nonce)
            return unsafe keys.withKey { key in
                unsafe EVP_CipherInit_ex2(context, nil, isKeyed ? nil : key, nonce, isSealing, parameters) == 1
            }
        }
        lent.keyName = done ? keys.name : 0
        return unsafe done ? context : nil
    }

    /// Wipes the keys, and overwrites what a context still holds of them.
    mutating func wipe(_ suite: RecordSuite, _ keys: inout TrafficKeys) {
        let name = keys.name
        keys.wipe()
        guard name != 0 else { return }
        Self.forget(name, &sealing[suite.index], isSealing: 1)
        Self.forget(name, &opening[suite.index], isSealing: 0)
    }

    private static func forget(_ name: UInt64, _ lent: inout Lent, isSealing: Int32) {
        guard lent.keyName == name, let context = unsafe lent.context else { return }
        let zeros = InlineArray<32, UInt8>(repeating: 0)
        unsafe withUnsafeBytes(of: zeros) { zeros in
            let key = unsafe zeros.baseAddress?.assumingMemoryBound(to: UInt8.self)
            unsafe _ = EVP_CipherInit_ex2(context, nil, key, key, isSealing, nil)
        }
        lent.keyName = 0
    }

    /// The next generation of these keys; the context forgets the old one.
    mutating func update(_ suite: RecordSuite, _ keys: inout TrafficKeys) -> Bool {
        let old = keys.name
        let done = keys.update(suite, &schedule)
        Self.forget(old, &sealing[suite.index], isSealing: 1)
        Self.forget(old, &opening[suite.index], isSealing: 0)
        return done
    }
}
