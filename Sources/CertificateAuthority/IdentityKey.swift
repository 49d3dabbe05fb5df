import Crypto
import X509

/// A P-256 private key, ready to be certified. Making one costs more than issuing a certificate for it, so a
/// simulator or a test that does not need a key for each node makes one and reuses it.
public struct IdentityKey: Sendable {
    /// The key as PKCS#8 in PEM.
    public let pem: String
    let privateKey: Certificate.PrivateKey
    let publicKey: Certificate.PublicKey

    /// A fresh key from the system's generator.
    public init() {
        self.init(P256.Signing.PrivateKey())
    }

    /// The key in `pem` (PKCS#8 or SEC1).
    /// - Throws: `CertificateAuthorityError.unusable`, naming `source`, if there is no P-256 key in it.
    public init(pem: String, source: String) throws(CertificateAuthorityError) {
        guard let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) else {
            let encrypted = pem.contains("ENCRYPTED")
            throw .unusable(
                path: source,
                why: encrypted
                    ? "the key is encrypted, and Rollcall's keys are protected by file permission only"
                    : "there is no P-256 private key in it, as PKCS#8 in PEM")
        }
        self.init(key)
    }

    private init(_ key: P256.Signing.PrivateKey) {
        pem = key.pemRepresentation + "\n"
        privateKey = Certificate.PrivateKey(key)
        publicKey = Certificate.PublicKey(key.publicKey)
    }
}
