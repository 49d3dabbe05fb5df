import Crypto
import SwiftASN1
import X509

/// A machine's request for a certificate (PKCS#10, RFC 2986): a public key, and the proof that whoever asks has the private one.
public struct CertificateRequest: Sendable {
    let publicKey: Certificate.PublicKey

    /// Longest request taken, in bytes of PEM. One for a P-256 key has 350.
    public static let bytesMax = 4 * 1024

    /// Reads a request, and checks its signature. What it asks for (names, extensions) is not looked at.
    /// - Throws: `CertificateRequestError`.
    public init(pem: String) throws(CertificateRequestError) {
        guard pem.utf8.count <= Self.bytesMax else { throw .tooLong(pem.utf8.count) }
        guard let request = try? CertificateSigningRequest(pemEncoded: pem) else { throw .damaged }
        guard P256.Signing.PublicKey(request.publicKey) != nil, request.signatureAlgorithm == .ecdsaWithSHA256 else {
            throw .otherKey
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else { throw .notProven }
        publicKey = request.publicKey
    }

    /// The request for a key, PEM.
    /// - Throws: if the key cannot sign.
    public static func pem(for key: IdentityKey) throws -> String {
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: key.privateKey,
            attributes: CertificateSigningRequest.Attributes(), signatureAlgorithm: .ecdsaWithSHA256)
        return try request.serializeAsPEM().pemString + "\n"
    }
}

/// What is wrong with a request, as a clause for whoever sent it.
public enum CertificateRequestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Longer than `CertificateRequest.bytesMax`.
    case tooLong(Int)
    /// Not PKCS#10 in PEM form.
    case damaged
    /// Not a P-256 key, or not signed with SHA-256.
    case otherKey
    /// The signature is not that of the key in the request.
    case notProven

    /// The clause.
    public var description: String {
        switch self {
        case .tooLong(let bytes):
            "the certificate request has \(bytes) bytes, at most \(CertificateRequest.bytesMax) are taken"
        case .damaged: "the certificate request is not PKCS#10 in PEM form"
        case .otherKey: "the certificate request is not for a P-256 key, signed with ECDSA and SHA-256"
        case .notProven: "the certificate request is not signed with the key that it is for"
        }
    }
}
