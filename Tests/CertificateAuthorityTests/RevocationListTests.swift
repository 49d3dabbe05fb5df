import CertificateAuthority
import Foundation
import TestSupport
import Testing

@Suite("The list of revoked certificates")
struct RevocationListTests {
    private let moment = Date(timeIntervalSince1970: 1_795_000_000)
    private let uri = "rollcall://test/node/6f1c2c1e-0a52-4b7e-9a53-0d7c1f2a9b11"

    @Test("is read as it was written, with comments and empty lines in between")
    func roundTrip() throws {
        var list = RevocationList()
        list.add(.init(.serial("0A1B2C"), at: moment, reason: "key  copied\nby mistake"))
        list.add(.init(.holder(uri), at: moment + 0.9, reason: "stolen"))
        list.add(.init(.holder("rollcall://test/operator/ann"), at: moment, reason: ""))
        #expect(try RevocationList(text: list.text, source: "x") == list)
        #expect(list.entries[0].reason == "key copied by mistake")
        #expect(list.entries[1].at == moment)
        #expect(try RevocationList(text: "\n  # nothing\n\n", source: "x").isEmpty)
    }

    @Test("cannot be used when a line of it cannot be read, and says which")
    func damagedLine() {
        for line in [
            "serial 0A1B", "serial XYZ 2026-11-25T17:00:00Z stolen", "holder web-03 2026-11-25T17:00:00Z stolen",
            "node x 2026-11-25T17:00:00Z", "serial 0A1B yesterday stolen", "serial 00 2026-11-25T17:00:00Z zero",
        ] {
            let error = #expect(throws: CertificateAuthorityError.self) {
                try RevocationList(text: "# list\n\(line)\n", source: "revoked.txt")
            }
            #expect(error?.description.contains("revoked.txt:2") == true, "\(line)")
        }
    }

    @Test("knows a serial number however it is written, and a holder's certificates until the moment of revocation")
    func lookUp() throws {
        let text = """
            serial 00a1b2 2026-11-25T17:00:00Z lost
            holder \(uri) 2026-11-25T17:00:00Z stolen
            """
        let list = try RevocationList(text: text, source: "x")
        let at = try Date("2026-11-25T17:00:00Z", strategy: .iso8601)
        #expect(list.entry(serial: [0xA1, 0xB2], uri: "", notBefore: at + 99)?.reason == "lost")
        #expect(list.entry(serial: [0, 0xA1, 0xB2], uri: "", notBefore: at)?.reason == "lost")
        #expect(list.entry(serial: [0xA1], uri: "", notBefore: at) == nil)
        #expect(
            list.entry(serial: [1], uri: uri, notBefore: at)?.phrase == "revoked on 2026-11-25 at 17:00:00 UTC: stolen")
        #expect(list.entry(serial: [1], uri: uri, notBefore: at + 1) == nil)
        #expect(list.entry(serial: [1], uri: uri + "2", notBefore: at) == nil)
    }

    @Test("lets a certificate be good that was issued right after the revocation, and none from before")
    func newCertificate() throws {
        let directory = try TestDirectory()
        let authority = try CertificateAuthority(fleet: "test", at: moment - 86_400)
        let id = try #require(UUID(uuidString: "6f1c2c1e-0a52-4b7e-9a53-0d7c1f2a9b11"))
        let holder = try FleetURI(fleet: "test", holder: .node(id))
        func facts(_ issued: IssuedIdentity) throws -> CertificateFacts {
            try #require(try CertificateFacts.all(in: issued.certificatePEM, source: "x").first)
        }
        var list = RevocationList()
        #expect(list.earliestIssue(for: holder, at: moment) == moment)
        let before = try facts(try authority.issueNode(id: id, at: moment))
        list.add(.init(.holder(holder.description), at: moment, reason: "stolen"))
        #expect(list.entry(about: before) != nil)
        let after = try facts(try authority.issueNode(id: id, at: list.earliestIssue(for: holder, at: moment)))
        #expect(list.entry(about: after) == nil)
        #expect(after.notBefore == moment + 1)

        // By serial number it is this one certificate; and it survives the disk.
        list.add(.init(.serial(after.serialNumber), at: moment, reason: "copied"))
        let path = directory.path("revoked.txt")
        try list.write(to: path)
        #expect(try RevocationList(path: path).entry(about: after)?.reason == "copied")
        #expect(try RevocationList(path: directory.path("none")).isEmpty)
    }
}
