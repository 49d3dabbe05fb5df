import Crypto
public import Foundation
import SwiftASN1
import X509

/// What a certificate says, in values that can be shown, compared and sent.
public struct CertificateFacts: Sendable {
    /// The subject's distinguished name, `CN=web-03`.
    public let subject: String
    /// The issuer's distinguished name.
    public let issuer: String
    /// Who it speaks for in a fleet; nil for a certificate that is not Rollcall's.
    public let uri: FleetURI?
    /// DNS names and addresses it is for.
    public let hosts: [ServerHost]
    /// Start of its validity.
    public let notBefore: Date
    /// End of its validity.
    public let notAfter: Date
    /// Serial number, hexadecimal.
    public let serialNumber: String
    /// Kind of its public key: `P-256`, `RSA 2048`, …
    public let keyType: String
    /// How it is signed: `ecdsa-with-SHA256`, …
    public let signatureAlgorithm: String
    /// Whether it may sign certificates.
    public let isAuthority: Bool
    /// What its key may be used for: `serverAuth`, `clientAuth`; empty if it does not say.
    public let purposes: [String]
    /// SHA-256 of the certificate (DER), as `openssl x509 -fingerprint -sha256` prints it.
    public let fingerprint: String
    let certificate: Certificate

    /// The facts of each certificate in `text` (PEM), in order; `source` names it in errors.
    /// - Throws: `CertificateAuthorityError.unusable` if a certificate is damaged.
    public static func all(in text: String, source: String) throws(CertificateAuthorityError) -> [CertificateFacts] {
        let certificates = try PEMText.certificates(in: text, source: source)
        do {
            return try certificates.map(CertificateFacts.init)
        } catch {
            throw .unusable(path: source, why: "an extension of a certificate in it is damaged")
        }
    }

    init(_ certificate: Certificate) throws {
        self.certificate = certificate
        subject = certificate.subject.description
        issuer = certificate.issuer.description
        uri = try certificate.fleetURI()
        hosts = try (certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames()).compactMap { name in
            switch name {
            case .dnsName(let text): .name(text)
            case .ipAddress(let bytes): .address(Array(bytes.bytes))
            default: nil
            }
        }
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        serialNumber = certificate.serialNumber.bytes.map(Self.twoDigits).joined()
        keyType = Self.words(for: certificate.publicKey)
        signatureAlgorithm = Self.words(for: certificate.signatureAlgorithm)
        isAuthority = certificate.isAuthority
        purposes = try (certificate.extensions.extendedKeyUsage ?? ExtendedKeyUsage()).map { usage in
            switch usage {
            case .serverAuth: "serverAuth"
            case .clientAuth: "clientAuth"
            default: usage.description
            }
        }
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        fingerprint = SHA256.hash(data: serializer.serializedBytes).map(Self.twoDigits).joined(separator: ":")
    }

    /// Whole days until it expires; negative once it has.
    public func daysLeft(at now: Date) -> Int {
        Int((notAfter.timeIntervalSince(now) / 86_400).rounded(.down))
    }

    /// Whether `issuer` is a CA whose key signed this certificate and whose name it gives. Dates are not looked at.
    public func isSigned(by issuer: CertificateFacts) -> Bool {
        issuer.isAuthority && issuer.certificate.subject == certificate.issuer
            && issuer.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    /// Whether the private key in `pem` is this certificate's. False for text that holds no key.
    public func belongs(toKey pem: String) -> Bool {
        KeyFacts(pem: pem)?.publicKey == certificate.publicKey
    }

    static func words(for key: Certificate.PublicKey) -> String {
        if P256.Signing.PublicKey(key) != nil { return "P-256" }
        if P384.Signing.PublicKey(key) != nil { return "P-384" }
        if P521.Signing.PublicKey(key) != nil { return "P-521" }
        if Curve25519.Signing.PublicKey(key) != nil { return "Ed25519" }
        return key.description
    }

    private static func words(for algorithm: Certificate.SignatureAlgorithm) -> String {
        switch algorithm {
        case .ecdsaWithSHA256: "ecdsa-with-SHA256"
        case .ecdsaWithSHA384: "ecdsa-with-SHA384"
        case .sha256WithRSAEncryption: "sha256WithRSAEncryption"
        default: algorithm.description
        }
    }

    private static func twoDigits(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
