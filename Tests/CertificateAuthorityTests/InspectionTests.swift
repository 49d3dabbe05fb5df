import CertificateAuthority
import Foundation
import TestSupport
import Testing

@Suite("Inspection")
struct InspectionTests {
    private let directory: TestDirectory
    private let authority: CertificateAuthority
    private let place: IdentityDirectory
    private let now = TestAuthority.now

    init() throws {
        directory = try TestDirectory()
        authority = try TestAuthority.make()
        place = IdentityDirectory(directory.path("web-03"))
        try place.write(
            authority.issueNode(id: TestAuthority.id, name: "web-03", at: now), authorityPEM: authority.certificatePEM)
    }

    private func problems(at time: Date? = nil) throws -> [String] {
        try Inspection(of: [place.path], at: time ?? now).files.flatMap(\.problems)
    }

    @Test("a good identity is described and has no problem")
    func good() throws {
        let inspection = try Inspection(of: [place.path], at: now)
        #expect(inspection.isGood)
        #expect(inspection.files.map(\.path) == [place.authority, place.key, place.certificate])
        let facts = try #require(inspection.files.last?.certificates.first)
        #expect(facts.subject == "CN=web-03")
        #expect(facts.issuer == "CN=Rollcall fleet demo CA")
        #expect(facts.uri?.holder == .node(TestAuthority.id))
        #expect(facts.keyType == "P-256")
        #expect(facts.signatureAlgorithm == "ecdsa-with-SHA256")
        #expect(facts.purposes == ["clientAuth"])
        #expect(facts.daysLeft(at: now) == 365)
        #expect(facts.fingerprint.split(separator: ":").count == 32)
        #expect(inspection.files[2].remarks == ["signed by CN=Rollcall fleet demo CA, which is here too"])
        #expect(inspection.files[1].remarks == ["the key of CN=web-03"])
    }

    @Test("an expired certificate, and one that is not valid yet, are problems; one that ends soon is remarked")
    func dates() throws {
        let end = now.addingTimeInterval(365 * TestAuthority.day)
        #expect(try problems(at: end.addingTimeInterval(-1)).isEmpty)
        #expect(
            try problems(at: end).contains { $0.contains("expired on 2027-11-25") && $0.contains("pki node --force") })
        let early = try problems(at: now.addingTimeInterval(-301))
        #expect(early.count == 2)
        #expect(early.allSatisfy { $0.contains("not valid before") && $0.contains("clock") })
        let soon = try Inspection(of: [place.certificate], at: end.addingTimeInterval(-59 * TestAuthority.day))
        #expect(soon.files[0].remarks.contains { $0.contains("expires soon") })
        #expect(soon.isGood)
    }

    @Test("a certificate of another CA is a problem, also of a namesake")
    func wrongChain() throws {
        for fleet in ["demo", "other"] {
            try Data(TestAuthority.make(fleet: fleet).certificatePEM.utf8).write(to: URL(filePath: place.authority))
            #expect(try problems().contains { $0.contains("not signed by the CA beside it") })
        }
    }

    @Test("without the CA the signature is not checked, and that is said")
    func noAuthority() throws {
        let inspection = try Inspection(of: [place.certificate], at: now)
        #expect(inspection.isGood)
        #expect(inspection.files[0].remarks.contains { $0.contains("its signature was not checked") })
        #expect(
            try Inspection(of: [place.certificate, place.authority], at: now).files[0].remarks.first?.contains(
                "signed by") == true)
    }

    @Test("a key that does not fit is a problem, also when it fits another certificate")
    func wrongKey() throws {
        try KeyFile.write(IdentityKey().pem, to: place.key, replacing: true)
        #expect(
            try problems() == [
                "the key does not belong to CN=web-03 beside it: put the matching file back, or make both anew."
            ])
        try KeyFile.write(authority.privateKeyPEM, to: place.key, replacing: true)
        #expect(try problems().count == 1)
    }

    @Test("a key that others can read is a problem")
    func exposedKey() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: place.key)
        #expect(try problems().contains { $0.contains("chmod 600 \(place.key)") })
    }

    @Test("a key alone is shown, with nothing to compare it with")
    func keyAlone() throws {
        let inspection = try Inspection(of: [place.key], at: now)
        #expect(inspection.isGood)
        #expect(inspection.files[0].keys.first?.keyType == "P-256")
        #expect(inspection.files[0].remarks.first?.contains("no certificate to compare") == true)
    }

    @Test("what cannot be read is refused with its path and the reason")
    func unreadable() throws {
        try Data("hello".utf8).write(to: URL(filePath: directory.path("hello.pem")))
        try Data(repeating: 65, count: 2 * 1024 * 1024).write(to: URL(filePath: directory.path("long.pem")))
        try FileManager.default.createDirectory(atPath: directory.path("empty"), withIntermediateDirectories: false)
        let cases = [
            ("none.pem", "is not there"), ("hello.pem", "no certificate and no private key"),
            ("long.pem", "longer than 1 MiB"),
            ("empty", "no .pem and no .key"),
        ]
        for (name, reason) in cases {
            let error = #expect(throws: CertificateAuthorityError.self) {
                try Inspection(of: [directory.path(name)], at: now)
            }
            #expect(error?.description.contains(directory.path(name)) == true)
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "") lacks: \(reason)")
        }
    }
}
