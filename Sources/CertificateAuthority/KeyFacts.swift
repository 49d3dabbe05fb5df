import X509

/// What can be told of a private key without showing it.
public struct KeyFacts: Sendable {
    /// `P-256`, …
    public let keyType: String
    let publicKey: Certificate.PublicKey

    /// The key in `pem`, of any kind that X.509 knows; nil if it holds none, or an encrypted one.
    public init?(pem: String) {
        guard let key = try? Certificate.PrivateKey(pemEncoded: pem) else { return nil }
        publicKey = key.publicKey
        keyType = CertificateFacts.words(for: publicKey)
    }
}
