import CertificateAuthority
import Crypto
import Foundation
import Testing
import X509

@Suite("Certificate authority")
struct CertificateAuthorityTests {
    private let now = TestAuthority.now
    private let day = TestAuthority.day

    @Test("what it issues verifies against it, for its hosts and no others")
    func chains() async throws {
        let authority = try TestAuthority.make()
        let server = try authority.issueServer(
            hosts: [ServerHost("cs.example.com"), ServerHost("192.0.2.10"), ServerHost("2001:db8::1")], at: now)
        let node = try authority.issueNode(id: TestAuthority.id, at: now)
        let alice = try authority.issueOperator(name: "alice", at: now)
        #expect(try await TestAuthority.chains(node, to: authority, at: now))
        #expect(try await TestAuthority.chains(alice, to: authority, at: now))
        #expect(try await TestAuthority.chains(server, to: authority, at: now, host: "cs.example.com"))
        #expect(try await TestAuthority.chains(server, to: authority, at: now, address: "192.0.2.10"))
        #expect(try await TestAuthority.chains(server, to: authority, at: now, address: "2001:db8::1"))
        #expect(try await !TestAuthority.chains(server, to: authority, at: now, host: "other.example.com"))
        #expect(try await !TestAuthority.chains(server, to: authority, at: now, address: "192.0.2.11"))
    }

    @Test("another fleet's certificate does not verify, nor one of another CA with the same name")
    func otherFleets() async throws {
        let authority = try TestAuthority.make()
        let other = try TestAuthority.make(fleet: "other").issueNode(id: TestAuthority.id, at: now)
        let namesake = try TestAuthority.make().issueNode(id: TestAuthority.id, at: now)
        #expect(try await !TestAuthority.chains(other, to: authority, at: now))
        #expect(try await !TestAuthority.chains(namesake, to: authority, at: now))
    }

    @Test("a certificate verifies from five minutes before its issue until its end, and at no other time")
    func dates() async throws {
        let authority = try TestAuthority.make()
        let issue = now.addingTimeInterval(10 * day)
        let node = try authority.issueNode(id: TestAuthority.id, at: issue)
        #expect(try await !TestAuthority.chains(node, to: authority, at: issue.addingTimeInterval(-301)))
        #expect(try await TestAuthority.chains(node, to: authority, at: issue.addingTimeInterval(-300)))
        #expect(try await TestAuthority.chains(node, to: authority, at: issue.addingTimeInterval(365 * day)))
        #expect(try await !TestAuthority.chains(node, to: authority, at: issue.addingTimeInterval(365 * day + 1)))
    }

    @Test("nothing it issues outlives it, and it issues nothing before its time or after its end")
    func endOfTheAuthority() throws {
        let authority = try TestAuthority.make()
        let end = now.addingTimeInterval(3650 * day)
        let late = try authority.issueNode(id: TestAuthority.id, at: end.addingTimeInterval(-day))
        #expect(try TestAuthority.certificate(late.certificatePEM).notValidAfter == end)
        for time in [end, now.addingTimeInterval(-301)] {
            let error = #expect(throws: CertificateAuthorityError.self) {
                try authority.issueNode(id: TestAuthority.id, at: time)
            }
            #expect(error?.description.contains("Check this machine's clock") == true)
        }
    }

    @Test("serial numbers are random and differ; keys too, unless one is given")
    func serialNumbersAndKeys() throws {
        let authority = try TestAuthority.make()
        let key = IdentityKey()
        let shared = try (0..<50).map { _ in try authority.issueNode(id: UUID(), at: now, key: key) }
        let serials = Set(try shared.map { Array(try TestAuthority.certificate($0.certificatePEM).serialNumber.bytes) })
        #expect(serials.count == 50)
        // A 128-bit number is that short once in 2³² certificates.
        #expect(serials.allSatisfy { (12...17).contains($0.count) })
        #expect(Set(shared.map(\.privateKeyPEM)) == [key.pem])
        let own = try (0..<3).map { _ in try authority.issueNode(id: UUID(), at: now) }
        #expect(Set(own.map(\.privateKeyPEM)).count == 3)
    }

    @Test("an identity's key is PKCS#8 and belongs to its certificate")
    func keys() throws {
        let node = try TestAuthority.make().issueNode(id: TestAuthority.id, at: now)
        #expect(node.privateKeyPEM.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(node.privateKeyPEM.hasSuffix("-----END PRIVATE KEY-----\n"))
        let key = try P256.Signing.PrivateKey(pemRepresentation: node.privateKeyPEM)
        #expect(try TestAuthority.certificate(node.certificatePEM).publicKey == Certificate.PublicKey(key.publicKey))
    }

    @Test("printing an identity shows no key")
    func secrecy() throws {
        let node = try TestAuthority.make().issueNode(id: TestAuthority.id, at: now)
        var dumped = ""
        dump(node, to: &dumped)
        for text in ["\(node)", String(reflecting: node), dumped] {
            #expect(!text.contains("PRIVATE KEY"))
            #expect(text.contains("rollcall://demo/node/"))
        }
    }

    @Test("it comes back from its PEM, and goes on issuing")
    func reopened() async throws {
        let authority = try TestAuthority.make()
        let again = try CertificateAuthority(
            certificatePEM: "a comment\n" + authority.certificatePEM, privateKeyPEM: authority.privateKeyPEM)
        #expect(again.fleet == "demo")
        let node = try again.issueNode(id: TestAuthority.id, at: now)
        #expect(try await TestAuthority.chains(node, to: authority, at: now))
    }

    @Test("PEM that is no CA of ours is refused with the reason")
    func refusedPEM() throws {
        let authority = try TestAuthority.make()
        let other = try TestAuthority.make()
        let node = try authority.issueNode(id: TestAuthority.id, at: now)
        let damaged = authority.certificatePEM.replacing("MII", with: "AAA")
        let cases: [(String, String, String)] = [
            (authority.certificatePEM, other.privateKeyPEM, "does not belong"),
            (node.certificatePEM, node.privateKeyPEM, "no CA certificate"),
            ("", authority.privateKeyPEM, "no certificate"),
            (damaged, authority.privateKeyPEM, "damaged"),
            ("-----BEGIN CERTIFICATE-----\n", authority.privateKeyPEM, "damaged"),
            (authority.certificatePEM, "", "no P-256 private key"),
            (authority.certificatePEM, P384.Signing.PrivateKey().pemRepresentation, "no P-256 private key"),
            (authority.certificatePEM, "-----BEGIN ENCRYPTED PRIVATE KEY-----", "encrypted"),
        ]
        for (certificate, key, reason) in cases {
            let error = #expect(throws: CertificateAuthorityError.self) {
                try CertificateAuthority(certificatePEM: certificate, privateKeyPEM: key)
            }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "") lacks: \(reason)")
        }
    }

    @Test("names that no certificate should carry are refused")
    func badNames() throws {
        let authority = try TestAuthority.make()
        #expect(throws: CertificateAuthorityError.noHosts) { try authority.issueServer(hosts: [], at: now) }
        for name in ["", "a b", "CN=x", "ü", String(repeating: "n", count: 65)] {
            #expect(throws: CertificateAuthorityError.badNodeName(name)) {
                try authority.issueNode(id: TestAuthority.id, name: name, at: now)
            }
        }
        #expect(throws: CertificateAuthorityError.badOperatorName("../x")) {
            try authority.issueOperator(name: "../x", at: now)
        }
        #expect(throws: CertificateAuthorityError.badFleetName("")) { try CertificateAuthority(fleet: "", at: now) }
    }

    @Test("common names stay within X.520's 64 bytes")
    func longNames() throws {
        let fleet = String(repeating: "f", count: 63)
        let authority = try CertificateAuthority(fleet: fleet, at: now)
        let host = try ServerHost(
            [String](repeating: String(repeating: "h", count: 40), count: 3).joined(separator: "."))
        let server = try authority.issueServer(hosts: [host], at: now)
        #expect(try TestAuthority.certificate(authority.certificatePEM).subject.description == "CN=\(fleet)")
        #expect(try TestAuthority.certificate(server.certificatePEM).subject.description == "CN=\(fleet)")
    }
}
