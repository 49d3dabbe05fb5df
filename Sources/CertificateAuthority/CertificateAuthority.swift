public import Foundation
import SwiftASN1
import X509

/// The fleet's own CA: one P-256 key that signs the certificates of servers, nodes and operators with ECDSA-SHA256.
/// A value without state to keep: it may issue from any thread. See certs/README.md for how it is used.
public struct CertificateAuthority: Sendable {
    /// The fleet's name, from the URI in the CA's certificate.
    public let fleet: String
    /// The CA's certificate, PEM.
    public let certificatePEM: String
    /// The CA's private key, PKCS#8 in PEM. Secret.
    public var privateKeyPEM: String { key.pem }

    let certificate: Certificate
    let key: IdentityKey
    private let keyIdentifier: AuthorityKeyIdentifier

    /// A new CA for `fleet`, valid from `now` (less `CertificateProfile.backdating`) for ten years. Its key is `key`.
    /// - Throws: `CertificateAuthorityError.badFleetName`.
    public init(fleet: String, at now: Date, key: IdentityKey = IdentityKey()) throws {
        let uri = try FleetURI(fleet: fleet, holder: .authority)
        let longName = "Rollcall fleet \(fleet) CA"
        let subject = try DistinguishedName {
            CommonName(longName.utf8.count <= Self.commonNameBytesMax ? longName : fleet)
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Self.randomSerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-CertificateProfile.backdating.timeInterval),
            notValidAfter: now.addingTimeInterval(days: CertificateProfile.authority.validDays),
            issuer: subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectAlternativeNames([.uniformResourceIdentifier(uri.description)])
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key.privateKey)
        try self.init(certificate: certificate, key: key, source: "the new CA")
    }

    /// The CA in these two PEM texts; `source` and `keySource` name them in errors.
    /// - Throws: `CertificateAuthorityError.unusable` if they are not a Rollcall CA's, `.keyDoesNotBelong`.
    public init(
        certificatePEM: String, privateKeyPEM: String, source: String = "the CA's certificate",
        keySource: String = "the CA's key"
    ) throws {
        let certificates = try PEMText.certificates(in: certificatePEM, source: source)
        guard let first = certificates.first else {
            throw CertificateAuthorityError.unusable(path: source, why: "there is no certificate in it")
        }
        let key = try IdentityKey(pem: privateKeyPEM, source: keySource)
        guard first.publicKey == key.publicKey else {
            throw CertificateAuthorityError.keyDoesNotBelong(key: keySource, certificate: source)
        }
        try self.init(certificate: first, key: key, source: source)
    }

    private init(certificate: Certificate, key: IdentityKey, source: String) throws {
        guard let uri = try certificate.fleetURI(), uri.holder == .authority, certificate.isAuthority else {
            throw CertificateAuthorityError.unusable(
                path: source, why: "it is no CA certificate with a URI rollcall://FLEET; make one: rollcall pki init")
        }
        fleet = uri.fleet
        certificatePEM = try certificate.pemText()
        keyIdentifier = AuthorityKeyIdentifier(
            keyIdentifier: try certificate.extensions.subjectKeyIdentifier?.keyIdentifier
                ?? SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier)
        self.certificate = certificate
        self.key = key
    }

    // MARK: issuing

    /// A server's certificate for `hosts`, valid three years from `now`.
    /// - Throws: `CertificateAuthorityError.noHosts`, `.authorityNotValid`.
    public func issueServer(hosts: [ServerHost], at now: Date, key: IdentityKey = IdentityKey()) throws
        -> IssuedIdentity
    {
        guard let first = hosts.first else { throw CertificateAuthorityError.noHosts }
        let name = first.description.utf8.count <= Self.commonNameBytesMax ? first.description : fleet
        return try issue(.server, to: .server, commonName: name, hosts: hosts, at: now, key: key)
    }

    /// A node's certificate, valid one year from `now`. `name` is for people who read certificates and means nothing
    /// to the server; the id is shown where it is left out.
    /// - Throws: `CertificateAuthorityError.badNodeName`, `.authorityNotValid`.
    public func issueNode(
        id: UUID, name: String? = nil, at now: Date, key: IdentityKey = IdentityKey()
    ) throws -> IssuedIdentity {
        if let name, !Self.isNodeName(name) { throw CertificateAuthorityError.badNodeName(name) }
        return try issue(
            .node, to: .node(id), commonName: name ?? id.uuidString.lowercased(), hosts: [], at: now, key: key)
    }

    /// A node's certificate for the key in a request that the machine made, PEM, valid one year from `now`. The request says
    /// nothing but which key it is: names and dates are this authority's. `name` is left out where it cannot be shown.
    /// - Throws: `CertificateAuthorityError.authorityNotValid`.
    public func issueNode(id: UUID, name: String, for request: CertificateRequest, at now: Date) throws -> String {
        try certify(
            .node, to: FleetURI(fleet: fleet, holder: .node(id)),
            commonName: Self.isNodeName(name) ? name : id.uuidString.lowercased(), hosts: [], at: now,
            request.publicKey)
    }

    /// An operator's certificate, valid one year from `now`.
    /// - Throws: `CertificateAuthorityError.badOperatorName`, `.authorityNotValid`.
    public func issueOperator(
        name: String, at now: Date, key: IdentityKey = IdentityKey()
    ) throws -> IssuedIdentity {
        try issue(.operator, to: .operator(name), commonName: name, hosts: [], at: now, key: key)
    }

    private func issue(
        _ profile: CertificateProfile, to holder: FleetURI.Holder, commonName: String, hosts: [ServerHost],
        at now: Date, key: IdentityKey
    ) throws -> IssuedIdentity {
        let uri = try FleetURI(fleet: fleet, holder: holder)
        return IssuedIdentity(
            uri: uri,
            certificatePEM: try certify(
                profile, to: uri, commonName: commonName, hosts: hosts, at: now, key.publicKey),
            privateKeyPEM: key.pem)
    }

    private func certify(
        _ profile: CertificateProfile, to uri: FleetURI, commonName: String, hosts: [ServerHost], at now: Date,
        _ publicKey: Certificate.PublicKey
    ) throws -> String {
        guard now >= certificate.notValidBefore, now < certificate.notValidAfter else {
            throw CertificateAuthorityError.authorityNotValid(
                from: certificate.notValidBefore, until: certificate.notValidAfter)
        }
        let issued = try Certificate(
            version: .v3,
            serialNumber: Self.randomSerialNumber(),
            publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-CertificateProfile.backdating.timeInterval),
            // Nothing outlives the CA: after its end the certificate would be refused all the same, with a worse
            // reason.
            notValidAfter: min(now.addingTimeInterval(days: profile.validDays), certificate.notValidAfter),
            issuer: certificate.subject,
            subject: try DistinguishedName { CommonName(commonName) },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([profile == .server ? .serverAuth : .clientAuth])
                SubjectAlternativeNames(hosts.map(\.generalName) + [.uniformResourceIdentifier(uri.description)])
                SubjectKeyIdentifier(hash: publicKey)
                keyIdentifier
            },
            issuerPrivateKey: key.privateKey)
        return try issued.pemText()
    }

    /// X.520's upper bound for a common name.
    private static let commonNameBytesMax = 64

    private static func isNodeName(_ name: String) -> Bool {
        (1...commonNameBytesMax).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains($0))
            }
    }

    private static func randomSerialNumber() -> Certificate.SerialNumber {
        var generator = SystemRandomNumberGenerator()
        return Certificate.SerialNumber(
            bytes: (0..<CertificateProfile.serialBits / 8).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}

extension ServerHost {
    var generalName: GeneralName {
        switch self {
        case .name(let name): .dnsName(name)
        case .address(let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        }
    }
}

extension Date {
    func addingTimeInterval(days: Int) -> Date { addingTimeInterval(TimeInterval(days) * 86_400) }
}

extension Duration {
    var timeInterval: TimeInterval { TimeInterval(components.seconds) + TimeInterval(components.attoseconds) * 1e-18 }
}
