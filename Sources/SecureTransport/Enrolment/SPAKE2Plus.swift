internal import COpenSSL

/// SPAKE2+ (RFC 9383) with P256-SHA256-HKDF-SHA256-HMAC-SHA256: two sides prove to each other that they know the same
/// passphrase, the verifier by what was made of it, and neither who listens nor who takes part without knowing it learns
/// more than whether one guess was right.
///
/// Only the confirmations are used: who they were made for is the TLS connection whose exporter is in the context.
enum SPAKE2Plus {
    /// Bytes of a confirmation.
    static let confirmationBytes = 32
    /// Points whose logarithms nobody knows (RFC 9383 section 4).
    private static let mBytes: [UInt8] = [
        0x02, 0x88, 0x6e, 0x2f, 0x97, 0xac, 0xe4, 0x6e, 0x55, 0xba, 0x9d, 0xd7, 0x24, 0x25, 0x79, 0xf2, 0x99, 0x3b,
        0x64,
        0xe1, 0x6e, 0xf3, 0xdc, 0xab, 0x95, 0xaf, 0xd4, 0x97, 0x33, 0x3d, 0x8f, 0xa1, 0x2f,
    ]
    private static let nBytes: [UInt8] = [
        0x03, 0xd8, 0xbb, 0xd6, 0xc6, 0x39, 0xc6, 0x29, 0x37, 0xb0, 0x4d, 0x99, 0x7f, 0x38, 0xc3, 0x77, 0x07, 0x19,
        0xc6,
        0x29, 0xd7, 0x01, 0x4d, 0x49, 0xa2, 0x4b, 0x4f, 0x98, 0xba, 0xa1, 0x29, 0x2b, 0x49,
    ]

    /// M blinds the prover's share, N the verifier's.
    static func m() -> CurveP256.Point? { CurveP256.Point(constant: mBytes) }
    static func n() -> CurveP256.Point? { CurveP256.Point(constant: nBytes) }

    /// What both sides agree on before they begin.
    struct Terms: Equatable {
        /// What is being done, and on which connection.
        var context: [UInt8]
        /// The prover's name; empty: it has none yet.
        var prover: [UInt8] = []
        /// The verifier's name.
        var verifier: [UInt8]
    }

    /// What each side expects of the other at the end (RFC 9383 sections 3.3 and 3.4).
    struct Confirmations {
        let prover: SecretBytes
        let verifier: SecretBytes

        /// Made of everything that was said, and of what only those two can know: `z`, `v` and `w0`.
        init?(
            _ terms: Terms, proverShare: [UInt8], verifierShare: [UInt8], z: CurveP256.Point,
            v: CurveP256.Point, w0: CurveP256.Scalar
        ) {
            guard let hash = TranscriptHash(), let m = m()?.published(), let n = n()?.published(),
                let zBytes = z.encoded(), let vBytes = v.encoded(), let w0Bytes = w0.encoded()
            else { return nil }
            let open = [terms.context, terms.prover, terms.verifier, m, n, proverShare, verifierShare]
            guard open.allSatisfy({ unsafe $0.withUnsafeBytes { unsafe hash.take($0) } }),
                [zBytes, vBytes, w0Bytes].allSatisfy({ unsafe $0.withBytes { unsafe hash.take($0) } }),
                let main = hash.finish()
            else { return nil }
            // HKDF (RFC 5869) without salt; 64 bytes are two of its blocks.
            let info = Array("ConfirmationKeys".utf8)
            let noSalt = SecretBytes([UInt8](repeating: 0, count: 32))
            guard let extracted = authenticate([main], with: noSalt),
                let first = authenticate([SecretBytes(info + [1])], with: extracted),
                let second = authenticate([first, SecretBytes(info + [2])], with: extracted),
                let prover = authenticate([SecretBytes(verifierShare)], with: first),
                let verifier = authenticate([SecretBytes(proverShare)], with: second)
            else { return nil }
            self.prover = prover
            self.verifier = verifier
        }
    }

    /// HMAC-SHA-256 of parts that follow each other.
    private static func authenticate(_ parts: [SecretBytes], with key: SecretBytes) -> SecretBytes? {
        let joined = unsafe SecretBytes(count: parts.reduce(0) { $0 + $1.count }) { bytes in
            var position = 0
            for part in parts {
                unsafe part.withBytes {
                    unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[position...]).copyMemory(from: $0)
                }
                position += part.count
            }
            return true
        }
        guard let joined else { return nil }
        return unsafe SecretBytes(count: confirmationBytes) { out in
            unsafe joined.withBytes { text in
                unsafe key.withBytes { key in
                    unsafe HMAC(
                        EVP_sha256(), key.baseAddress, Int32(key.count),
                        text.baseAddress?.assumingMemoryBound(to: UInt8.self), text.count,
                        out.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) != nil
                }
            }
        }
    }

    /// SHA-256 over parts, each after its length (RFC 9383 section 3.3: eight bytes, little-endian).
    @safe private struct TranscriptHash: ~Copyable {
        private let context: OpaquePointer

        init?() {
            guard let made = unsafe EVP_MD_CTX_new() else { return nil }
            guard unsafe EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
                unsafe EVP_MD_CTX_free(made)
                return nil
            }
            unsafe context = made
        }

        func take(_ part: UnsafeRawBufferPointer) -> Bool {
            var length = UInt64(part.count).littleEndian
            return unsafe EVP_DigestUpdate(context, &length, 8) == 1
                && EVP_DigestUpdate(context, part.baseAddress, part.count) == 1
        }

        func finish() -> SecretBytes? {
            let context = unsafe context
            return unsafe SecretBytes(count: 32) { out in
                unsafe EVP_DigestFinal_ex(context, out.baseAddress?.assumingMemoryBound(to: UInt8.self), nil) == 1
            }
        }

        deinit { unsafe EVP_MD_CTX_free(context) }
    }
}
