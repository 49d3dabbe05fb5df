internal import COpenSSL

/// One direction of a connection: its traffic secret, the key and IV made from it, and the number of the next record
/// (RFC 8446 sections 5.3, 7.2 and 7.3). Plain memory, changed in place, so that no copy of a key is left anywhere; its
/// owner wipes it.
@safe struct TrafficKeys {
    /// Room for the longest secret, SHA-384's; the suite says how much of it counts.
    private var secret = InlineArray<48, UInt8>(repeating: 0)
    private var keyBytes = InlineArray<32, UInt8>(repeating: 0)
    /// The last eight bytes of the IV, which the record's number is mixed into.
    private var ivTail: UInt64 = 0
    /// Records sealed or opened with this key so far: the next one's number.
    private(set) var sequence: UInt64 = 0
    /// The name of this key among all that the loop ever had; 0 for none. Tells a cipher context that it holds the key
    /// already.
    private(set) var name: UInt64 = 0
    /// The first four bytes of the IV. Here, because what follows in the record layer then fills the word.
    private var ivHead: UInt32 = 0

    /// Lends the key, where it lies.
    @inline(__always)
    mutating func withKey<Result>(_ body: (UnsafePointer<UInt8>?) -> Result) -> Result {
        unsafe withUnsafeBytes(of: &keyBytes) { unsafe body($0.baseAddress?.assumingMemoryBound(to: UInt8.self)) }
    }

    /// Begins with the secret that the handshake made, after so many records.
    /// - Returns: false if OpenSSL fails; the keys are useless then.
    mutating func begin(
        _ suite: RecordSuite, secret first: UnsafeRawBufferPointer, after records: UInt64,
        _ schedule: inout KeySchedule
    ) -> Bool {
        precondition(first.count == suite.secretBytes)
        defer { schedule.end() }
        unsafe withUnsafeMutableBytes(of: &secret) { unsafe $0.copyMemory(from: first) }
        guard derive(suite, &schedule) else { return false }
        sequence = records
        return true
    }

    /// The next generation: what a KeyUpdate asks for (RFC 8446 section 7.2). The old secret and key are gone with it.
    mutating func update(_ suite: RecordSuite, _ schedule: inout KeySchedule) -> Bool {
        defer { schedule.end() }
        let length = suite.secretBytes
        let done = unsafe withUnsafeMutableBytes(of: &secret) { secret in
            let secret = unsafe UnsafeMutableRawBufferPointer(rebasing: secret[..<length])
            return unsafe schedule.expand(
                suite.hash, UnsafeRawBufferPointer(secret), "traffic upd", into: secret)
        }
        guard done, derive(suite, &schedule) else { return false }
        sequence = 0
        return true
    }

    private mutating func derive(_ suite: RecordSuite, _ schedule: inout KeySchedule) -> Bool {
        var iv: (UInt32, UInt32, UInt32) = (0, 0, 0)
        let done = unsafe withUnsafeBytes(of: &secret) { secret in
            let secret = unsafe UnsafeRawBufferPointer(rebasing: secret[..<suite.secretBytes])
            return unsafe withUnsafeMutableBytes(of: &keyBytes) { key in
                let key = unsafe UnsafeMutableRawBufferPointer(rebasing: key[..<suite.keyBytes])
                return unsafe schedule.expand(suite.hash, secret, "key", into: key)
            } && withUnsafeMutableBytes(of: &iv) { unsafe schedule.expand(suite.hash, secret, "iv", into: $0) }
        }
        ivHead = iv.0
        ivTail = UInt64(iv.2) << 32 | UInt64(iv.1)
        unsafe withUnsafeMutableBytes(of: &iv) { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
        name = schedule.nextName()
        return done
    }

    /// The nonce of the next record: the IV with the record's number in its last eight bytes (RFC 8446 section 5.3).
    @inline(__always)
    func writeNonce(_ nonce: UnsafeMutablePointer<UInt8>) {
        let raw = UnsafeMutableRawPointer(nonce)
        unsafe raw.storeBytes(of: ivHead, as: UInt32.self)
        unsafe raw.storeBytes(of: ivTail ^ sequence.bigEndian, toByteOffset: 4, as: UInt64.self)
    }

    /// One record more.
    @inline(__always)
    mutating func countRecord() { sequence &+= 1 }

    /// Overwrites all of it. Sealing and opening fail from then on.
    mutating func wipe() {
        unsafe withUnsafeMutableBytes(of: &self) { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
