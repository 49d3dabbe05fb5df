internal import COpenSSL

/// How a passphrase becomes two numbers (RFC 9383 section 3.2): scrypt (RFC 7914), whose cost makes each guess dear for
/// whoever has stolen the verifier. Public: the server tells it to everybody who wants to enrol.
public struct PassphraseStretching: Equatable, Sendable {
    /// Random bytes, so that one table of guesses does not serve for two fleets.
    public let salt: [UInt8]
    /// scrypt's N is 2 to this power.
    public let logN: UInt32
    /// scrypt's block size.
    public let r: UInt32
    /// scrypt's parallelisation: here so many rounds one after the other.
    public let p: UInt32

    /// Bytes of a salt.
    public static let saltBytes = 16
    /// N as new verifiers have it: with r 8 and p 3 it takes 32 MiB and a quarter of a second, what OWASP's password storage
    /// cheat sheet has as equal to N = 2^17 and p = 1 in a quarter of the memory.
    public static let logNDefault: UInt32 = 15
    /// Less would make guessing cheap; more than 128 MiB might not be there on a small machine, and a false server could use
    /// it to make the agent fail.
    static let logNRange: ClosedRange<UInt32> = 14...17
    static let pRange: ClosedRange<UInt32> = 1...8

    /// Parameters that came from a file or a peer; nil if they are outside the limits.
    public init?(salt: [UInt8], logN: UInt32, r: UInt32, p: UInt32) {
        guard salt.count == Self.saltBytes, Self.logNRange.contains(logN), r == 8, Self.pRange.contains(p) else {
            return nil
        }
        (self.salt, self.logN, self.r, self.p) = (salt, logN, r, p)
    }

    /// A fresh salt, and today's cost, or less for tests; nil when there is no randomness, or the cost is outside the limits.
    public static func fresh(logN: UInt32 = logNDefault, p: UInt32 = 3) -> PassphraseStretching? {
        _ = RecordBufferPool.isInstalled
        var salt = [UInt8](repeating: 0, count: saltBytes)
        guard unsafe RAND_bytes(&salt, Int32(salt.count)) == 1 else { return nil }
        return PassphraseStretching(salt: salt, logN: logN, r: 8, p: p)
    }

    /// `w0` and `w1` of a passphrase under these terms. Takes as long as the cost says, on the calling thread.
    func stretch(_ passphrase: Passphrase, _ terms: SPAKE2Plus.Terms) -> (w0: CurveP256.Scalar, w1: CurveP256.Scalar)? {
        // Each number has 64 bits more than the order of the group, so that reducing it favours none.
        let half = CurveP256.scalarBytes + 8
        _ = RecordBufferPool.isInstalled
        let input = passphrase.bytes.lengthFirst(followedBy: [terms.prover, terms.verifier])
        let output = unsafe SecretBytes(count: 2 * half) { out in
            unsafe input.withBytes { input in
                unsafe EVP_PBE_scrypt(
                    input.baseAddress?.assumingMemoryBound(to: CChar.self), input.count, salt, salt.count, 1 << logN,
                    UInt64(r), UInt64(p), 256 << 20, out.baseAddress?.assumingMemoryBound(to: UInt8.self), out.count)
                    == 1
            }
        }
        defer { ErrorQueue.clear() }
        guard let output else { return nil }
        guard let w0 = unsafe output.withBytes({ unsafe CurveP256.Scalar.reduced(.init(rebasing: $0[..<half])) }),
            let w1 = unsafe output.withBytes({ unsafe CurveP256.Scalar.reduced(.init(rebasing: $0[half...])) })
        else { return nil }
        return (w0, w1)
    }
}

extension SecretBytes {
    /// These bytes and others, each after its length in eight bytes, little-endian.
    func lengthFirst(followedBy others: [[UInt8]]) -> SecretBytes {
        var joined: [UInt8] = []
        joined.reserveCapacity(others.reduce(8 + count) { $0 + 8 + $1.count })
        unsafe withBytes { own in
            unsafe withUnsafeBytes(of: UInt64(own.count).littleEndian) { unsafe joined.append(contentsOf: $0) }
            unsafe joined.append(contentsOf: own)
        }
        for other in others {
            unsafe withUnsafeBytes(of: UInt64(other.count).littleEndian) { unsafe joined.append(contentsOf: $0) }
            joined += other
        }
        let secret = SecretBytes(joined)
        unsafe joined.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
        return secret
    }
}
