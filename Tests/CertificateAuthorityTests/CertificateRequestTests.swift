import CertificateAuthority
import Crypto
import Foundation
import TestSupport
import Testing
import X509

@Suite("A certificate request")
struct CertificateRequestTests {
    private let now = TestAuthority.now

    private func pem(
        _ key: Certificate.PrivateKey, signedBy other: Certificate.PrivateKey? = nil, subject: String = "x"
    ) throws -> String {
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName(subject) }, privateKey: key,
            attributes: CertificateSigningRequest.Attributes())
        guard let other else { return try request.serializeAsPEM().pemString }
        let forged = try CertificateSigningRequest(
            version: .v1, subject: request.subject, publicKey: other.publicKey, attributes: request.attributes,
            signatureAlgorithm: request.signatureAlgorithm, signature: request.signature)
        return try forged.serializeAsPEM().pemString
    }

    @Test("gets a certificate of the node's profile, for its key, under the names that the authority gives")
    func issued() async throws {
        let authority = try TestAuthority.make()
        let key = IdentityKey()
        let request = try CertificateRequest(pem: CertificateRequest.pem(for: key))
        let pem = try authority.issueNode(id: TestAuthority.id, name: "web-03", for: request, at: now)
        let issued = try authority.issueNode(id: TestAuthority.id, name: "web-03", at: now, key: key)
        let (one, other) = (try TestAuthority.certificate(pem), try TestAuthority.certificate(issued.certificatePEM))
        #expect(one.publicKey == other.publicKey && one.subject == other.subject && one.extensions == other.extensions)
        #expect(one.notValidBefore == other.notValidBefore && one.notValidAfter == other.notValidAfter)
        let identity = IssuedIdentity(uri: issued.uri, certificatePEM: pem, privateKeyPEM: key.pem)
        #expect(try await TestAuthority.chains(identity, to: authority, at: now))
    }

    @Test("decides nothing but the key: what it calls itself does not get into the certificate")
    func names() throws {
        let authority = try TestAuthority.make()
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let request = try CertificateRequest(pem: try pem(key, subject: "rollcall://demo/operator/root"))
        for name in ["web 03/../", "", String(repeating: "x", count: 65), "網"] {
            let certificate = try TestAuthority.certificate(
                try authority.issueNode(id: TestAuthority.id, name: name, for: request, at: now))
            #expect("\(certificate.subject)" == "CN=\(TestAuthority.id.uuidString.lowercased())")
            #expect(!"\(certificate)".contains("operator"))
        }
    }

    @Test("that is signed by another key, for another kind of key, too long or no request at all is refused")
    func refused() throws {
        let (one, other) = (
            Certificate.PrivateKey(P256.Signing.PrivateKey()), Certificate.PrivateKey(P256.Signing.PrivateKey())
        )
        #expect(throws: CertificateRequestError.notProven) {
            try CertificateRequest(pem: try pem(one, signedBy: other))
        }
        #expect(throws: CertificateRequestError.otherKey) {
            try CertificateRequest(pem: try pem(Certificate.PrivateKey(P384.Signing.PrivateKey())))
        }
        #expect(throws: CertificateRequestError.damaged) { try CertificateRequest(pem: "x") }
        let issued = try TestAuthority.make().issueNode(id: TestAuthority.id, at: now)
        #expect(throws: CertificateRequestError.damaged) { try CertificateRequest(pem: issued.certificatePEM) }
        #expect(throws: CertificateRequestError.tooLong(4_097)) {
            try CertificateRequest(pem: String(repeating: "x", count: 4_097))
        }
    }

    @Test("keeps its key over an interruption, and an identity that is there")
    func directory() throws {
        let directory = try TestDirectory()
        let place = IdentityDirectory(directory.path("agent"))
        let key = try place.keyToEnrol(anew: false)
        #expect(try place.keyToEnrol(anew: false).pem == key.pem, "interrupted, and again")
        #expect(try KeyFile.read(place.key) == key.pem && !place.isTaken)
        let authority = try TestAuthority.make()
        let identity = try authority.issueNode(id: TestAuthority.id, at: now, key: key)
        try place.write(enrolled: identity, authoritiesPEM: authority.certificatePEM)
        #expect(place.isTaken)
        #expect(try place.authoritiesPEM() == authority.certificatePEM)
        let anew = try place.keyToEnrol(anew: true)
        #expect(anew.pem != key.pem)
        #expect(try KeyFile.read(place.key) == key.pem, "until there is a certificate for the new one")
    }

    @Test("whose answer does not fit is found out before anything is written")
    func answers() throws {
        let authority = try TestAuthority.make()
        let key = IdentityKey()
        let good = try authority.issueNode(id: TestAuthority.id, at: now, key: key).certificatePEM
        let u = TestAuthority.id.uuid
        let id = [u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15]
        func check(
            _ certificate: String, _ authorities: String, fleet: String = "demo", id: [UInt8], key: IdentityKey
        ) throws {
            _ = try IssuedIdentity(
                enrolled: certificate, authoritiesPEM: authorities, fleet: fleet, id: id, key: key)
        }
        try check(good, authority.certificatePEM, id: id, key: key)
        let namesake = try TestAuthority.make()
        let operatorPEM = try authority.issueOperator(name: "alice", at: now, key: key).certificatePEM
        let bad: [() throws -> Void] = [
            { try check(good, authority.certificatePEM, id: id, key: IdentityKey()) },
            { try check(good, authority.certificatePEM, id: [UInt8](repeating: 0, count: 16), key: key) },
            { try check(good, authority.certificatePEM, fleet: "other", id: id, key: key) },
            { try check(good, namesake.certificatePEM, id: id, key: key) },
            { try check(good, good, id: id, key: key) }, { try check(good, "", id: id, key: key) },
            { try check("", authority.certificatePEM, id: id, key: key) },
            { try check(operatorPEM, authority.certificatePEM, id: id, key: key) },
        ]
        for wrong in bad { #expect(throws: CertificateAuthorityError.self) { try wrong() } }
    }
}
