import CertificateAuthority
import Crypto
import Foundation
import Testing
import X509

/// certs/profiles/ says what the certificates look like; these tests hold it against what is issued.
@Suite("Profiles in certs/")
struct ProfileTests {
    struct Profile: Codable, Equatable {
        struct Extension: Codable, Equatable {
            let name: String
            let critical: Bool
            let value: String
        }
        let kind: String
        let holder: String
        let subject: String
        let issuer: String
        let uri: String
        let valid_days: Int
        let backdated_seconds: Int
        let serial_bits: Int
        let key: String
        let signature: String
        let extensions: [Extension]
    }

    private static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "certs/profiles")

    @Test("each kind of certificate is issued as its profile says", arguments: CertificateProfile.allCases)
    func issuedAsWritten(kind: CertificateProfile) throws {
        let file = Self.directory.appending(path: "\(kind.rawValue).json")
        let written = try JSONDecoder().decode(Profile.self, from: Data(contentsOf: file))
        let issued = try Self.issued(kind)
        #expect(written.kind == kind.rawValue)
        #expect(written.valid_days == kind.validDays)
        #expect(written.serial_bits == CertificateProfile.serialBits)
        #expect(Self.filled(written.subject) == issued.subject.description)
        #expect(Self.filled(written.issuer) == issued.issuer.description)
        let start = TestAuthority.now.addingTimeInterval(-TimeInterval(written.backdated_seconds))
        #expect(issued.notValidBefore == start)
        #expect(
            issued.notValidAfter
                == TestAuthority.now.addingTimeInterval(TimeInterval(written.valid_days) * TestAuthority.day))
        #expect(written.key == "P-256" && P256.Signing.PublicKey(issued.publicKey) != nil)
        #expect(written.signature == "ecdsa-with-SHA256" && issued.signatureAlgorithm == .ecdsaWithSHA256)
        #expect(
            written.extensions.map { .init(name: $0.name, critical: $0.critical, value: Self.filled($0.value)) }
                == (try Self.extensions(of: issued)))
        #expect(written.extensions.contains { $0.name == "subjectAltName" && $0.value.hasSuffix("URI:\(written.uri)") })
    }

    @Test("there is a profile for each kind, and none besides")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
        #expect(Set(files) == Set(CertificateProfile.allCases.map { "\($0.rawValue).json" }))
    }

    @Test("no private key lies in certs/")
    func noKeys() throws {
        let certs = Self.directory.deletingLastPathComponent()
        let files = try #require(FileManager.default.enumerator(at: certs, includingPropertiesForKeys: nil))
        for case let file as URL in files where !file.hasDirectoryPath {
            #expect(try !String(contentsOf: file, encoding: .utf8).contains("PRIVATE KEY-----"), "\(file.path)")
        }
    }

    private static let authority = Result { try TestAuthority.make() }

    private static func issued(_ kind: CertificateProfile) throws -> Certificate {
        let authority = try authority.get()
        let now = TestAuthority.now
        let pem =
            switch kind {
            case .authority: authority.certificatePEM
            case .server:
                try authority.issueServer(hosts: [ServerHost("cs.example.com"), ServerHost("192.0.2.10")], at: now)
                    .certificatePEM
            case .node: try authority.issueNode(id: TestAuthority.id, name: "web-03", at: now).certificatePEM
            case .operator: try authority.issueOperator(name: "web-03", at: now).certificatePEM
            }
        return try TestAuthority.certificate(pem)
    }

    /// A profile's text with its capitals replaced by what `issued` uses.
    private static func filled(_ text: String) -> String {
        text.replacing("FLEET", with: "demo").replacing("HOST", with: "cs.example.com")
            .replacing("ADDRESS", with: "192.0.2.10").replacing("NAME", with: "web-03")
            .replacing("UUID", with: TestAuthority.id.uuidString.lowercased())
    }

    private static func extensions(of certificate: Certificate) throws -> [Profile.Extension] {
        try certificate.extensions.map { part in
            let (name, value) = try words(for: part, of: certificate)
            return Profile.Extension(name: name, critical: part.critical, value: value)
        }
    }

    private static func words(for part: Certificate.Extension, of certificate: Certificate) throws -> (String, String) {
        switch part.oid {
        case .X509ExtensionID.basicConstraints:
            switch try BasicConstraints(part) {
            case .isCertificateAuthority(let length):
                ("basicConstraints", "CA:TRUE, pathlen:\(length.map(String.init) ?? "any")")
            case .notCertificateAuthority: ("basicConstraints", "CA:FALSE")
            }
        case .X509ExtensionID.keyUsage: ("keyUsage", try KeyUsage(part).description)
        case .X509ExtensionID.extendedKeyUsage:
            (
                "extendedKeyUsage",
                try ExtendedKeyUsage(part).map {
                    $0 == .serverAuth ? "serverAuth" : $0 == .clientAuth ? "clientAuth" : "?"
                }
                .joined(separator: ", ")
            )
        case .X509ExtensionID.subjectAlternativeName:
            ("subjectAltName", try SubjectAlternativeNames(part).map(words).joined(separator: ", "))
        case .X509ExtensionID.subjectKeyIdentifier:
            (
                "subjectKeyIdentifier",
                try SubjectKeyIdentifier(part) == SubjectKeyIdentifier(hash: certificate.publicKey)
                    ? "SHA-1 of the public key" : "something else"
            )
        case .X509ExtensionID.authorityKeyIdentifier:
            (
                "authorityKeyIdentifier",
                try AuthorityKeyIdentifier(part).keyIdentifier
                    == (try issued(.authority).extensions.subjectKeyIdentifier?.keyIdentifier)
                    ? "the CA's subjectKeyIdentifier" : "something else"
            )
        default: ("\(part.oid)", "")
        }
    }

    private static func words(for name: GeneralName) -> String {
        switch name {
        case .dnsName(let text): "DNS:\(text)"
        case .ipAddress(let bytes): "IP:" + bytes.bytes.map { String($0) }.joined(separator: ".")
        case .uniformResourceIdentifier(let text): "URI:\(text)"
        default: "\(name)"
        }
    }
}
