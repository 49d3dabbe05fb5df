import CertificateAuthority
import Foundation
import TestSupport
import Testing

@Suite("Key files and directories")
struct FileTests {
    private let directory: TestDirectory
    private let now = TestAuthority.now

    init() throws { directory = try TestDirectory() }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func setMode(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    // MARK: keys

    @Test("a key is its owner's only, and leaves no temporary file behind")
    func keyMode() throws {
        let path = directory.path("a.key")
        try KeyFile.write("secret\n", to: path)
        #expect(try mode(path) == 0o600)
        #expect(try KeyFile.read(path) == "secret\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path) == ["a.key"])
    }

    @Test("an existing key is left alone, unless it is to be replaced")
    func keyKept() throws {
        let path = directory.path("a.key")
        try KeyFile.write("one", to: path)
        let error = #expect(throws: CertificateAuthorityError.self) { try KeyFile.write("two", to: path) }
        #expect(error?.description.contains("left alone") == true)
        #expect(try KeyFile.read(path) == "one")
        try KeyFile.write("two", to: path, replacing: true)
        #expect(try KeyFile.read(path) == "two")
        #expect(try mode(path) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path) == ["a.key"])
    }

    @Test(
        "a key that others can read is refused, with the command to type",
        arguments: [0o640, 0o604, 0o644, 0o660, 0o610])
    func exposedKey(bad: Int) throws {
        let path = directory.path("a.key")
        try KeyFile.write("secret", to: path)
        try setMode(bad, path)
        let error = #expect(throws: CertificateAuthorityError.exposedKey(path: path, mode: bad)) {
            try KeyFile.read(path)
        }
        #expect(error?.description.contains("chmod 600 \(path)") == true)
        try setMode(0o400, path)
        #expect(try KeyFile.read(path) == "secret")
    }

    @Test("a link to a key is judged by the key it leads to")
    func linkedKey() throws {
        try KeyFile.write("secret", to: directory.path("a.key"))
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("b.key"), withDestinationPath: directory.path("a.key"))
        #expect(try KeyFile.read(directory.path("b.key")) == "secret")
    }

    @Test("a key that cannot be written names its path, and leaves nothing")
    func unwritable() throws {
        let path = directory.path("no/such/a.key")
        let error = #expect(throws: CertificateAuthorityError.self) { try KeyFile.write("x", to: path) }
        #expect(error?.description == "Cannot write \(path): No such file or directory.")
    }

    @Test("a file where a directory should be is named as that")
    func fileInTheWay() throws {
        try Data().write(to: URL(filePath: directory.path("pki")))
        let error = #expect(throws: CertificateAuthorityError.self) {
            try PkiDirectory(directory.path("pki")).initialise(fleet: "demo", hosts: [ServerHost("a")], at: now)
        }
        #expect(error?.description == "Cannot write \(directory.path("pki")): it is a file, not a directory.")
    }

    // MARK: the server's directory

    @Test("init makes what is missing, and nothing when it runs again")
    func initialise() throws {
        let pki = PkiDirectory(directory.path("data/pki"))
        let hosts = [try ServerHost("localhost")]
        #expect(try pki.initialise(fleet: "demo", hosts: hosts, at: now).map(\.isNew) == [true, true, true, true])
        let files = [pki.authorityCertificate, pki.authorityKey, pki.serverCertificate, pki.serverKey]
        let before = try files.map(text)
        #expect(try files.map(mode).map { $0 & 0o077 } == [0o044, 0, 0o044, 0])
        #expect(try mode(pki.path) == 0o700)
        let again = try pki.initialise(fleet: "demo", hosts: hosts + [ServerHost("other")], at: now)
        #expect(again.map(\.isNew) == [false, false, false, false])
        #expect(again[2].contents.contains("not for other"))
        #expect(try files.map(text) == before)
        #expect(try pki.openAuthority().fleet == "demo")
        #expect(try Inspection(of: [pki.path], at: now).isGood)
        #expect(try text(pki.serverCertificate).hasSuffix(text(pki.authorityCertificate)))
    }

    @Test(
        "init goes on where a crash between two files ended it",
        arguments: [["ca.pem", "server.pem", "server.key"], ["server.pem", "server.key"], ["server.pem"]])
    func initialiseAfterCrash(lost: [String]) throws {
        let pki = PkiDirectory(directory.path("pki"))
        let hosts = [try ServerHost("localhost")]
        _ = try pki.initialise(fleet: "demo", hosts: hosts, at: now)
        let key = try text(pki.authorityKey)
        for name in lost { try FileManager.default.removeItem(atPath: "\(pki.path)/\(name)") }
        let steps = try pki.initialise(fleet: "demo", hosts: hosts, at: now)
        #expect(Set(steps.filter(\.isNew).map(\.path)) == Set(lost.map { "\(pki.path)/\($0)" }))
        #expect(try text(pki.authorityKey) == key)
        #expect(try Inspection(of: [pki.path], at: now).isGood)
    }

    @Test("init refuses another fleet's directory, a lost key and a key that does not fit, and changes nothing")
    func initialiseRefused() throws {
        let pki = PkiDirectory(directory.path("pki"))
        let hosts = [try ServerHost("localhost")]
        _ = try pki.initialise(fleet: "demo", hosts: hosts, at: now)
        #expect(throws: CertificateAuthorityError.otherFleet(path: pki.path, has: "demo", wanted: "other")) {
            try pki.initialise(fleet: "other", hosts: hosts, at: now)
        }
        #expect(throws: CertificateAuthorityError.noHosts) { try pki.initialise(fleet: "demo", hosts: [], at: now) }
        try KeyFile.write(IdentityKey().pem, to: pki.serverKey, replacing: true)
        #expect(
            throws: CertificateAuthorityError.keyDoesNotBelong(key: pki.serverKey, certificate: pki.serverCertificate)
        ) {
            try pki.initialise(fleet: "demo", hosts: hosts, at: now)
        }
        try FileManager.default.removeItem(atPath: pki.serverKey)
        let lost = #expect(throws: CertificateAuthorityError.self) {
            try pki.initialise(fleet: "demo", hosts: hosts, at: now)
        }
        #expect(lost?.description.contains("rollcall pki server --pki \(pki.path) --new-key") == true)
        #expect(!FileManager.default.fileExists(atPath: pki.serverKey))
        try pki.reissueServer(hosts: nil, newKey: true, at: now)
        #expect(try pki.initialise(fleet: "demo", hosts: hosts, at: now).allSatisfy { !$0.isNew })
    }

    @Test("a server certificate is issued anew for the same hosts and key, or for others")
    func reissue() throws {
        let pki = PkiDirectory(directory.path("pki"))
        _ = try pki.initialise(fleet: "demo", hosts: [ServerHost("localhost"), ServerHost("::1")], at: now)
        let key = try text(pki.serverKey)
        let later = now.addingTimeInterval(100 * TestAuthority.day)
        let renewed = try pki.reissueServer(hosts: nil, newKey: false, at: later)
        #expect(renewed.hosts == [try ServerHost("localhost"), try ServerHost("::1")])
        #expect(renewed.daysLeft(at: later) == 1095)
        #expect(try text(pki.serverKey) == key)
        let moved = try pki.reissueServer(hosts: [ServerHost("cs")], newKey: true, at: later)
        #expect(moved.hosts == [try ServerHost("cs")])
        #expect(try text(pki.serverKey) != key)
        #expect(try mode(pki.serverKey) == 0o600)
        #expect(try Inspection(of: [pki.path], at: later).isGood)
    }

    @Test("where there is no CA, the error says how to make one")
    func noAuthority() throws {
        let error = #expect(throws: CertificateAuthorityError.self) {
            try PkiDirectory(directory.path("pki")).openAuthority()
        }
        #expect(error?.description.contains("rollcall pki init --pki") == true)
    }

    // MARK: identities

    @Test("an identity is written once; with force it is replaced")
    func identityDirectory() throws {
        let authority = try TestAuthority.make()
        let place = IdentityDirectory(directory.path("n/web-03"))
        let first = try authority.issueNode(id: TestAuthority.id, at: now)
        try place.write(first, authorityPEM: authority.certificatePEM)
        #expect(try mode(place.key) == 0o600)
        #expect(try place.holder() == first.uri)
        #expect(try Inspection(of: [place.path], at: now).isGood)
        let second = try authority.issueNode(id: UUID(), at: now)
        #expect(throws: CertificateAuthorityError.self) {
            try place.write(second, authorityPEM: authority.certificatePEM)
        }
        #expect(try text(place.certificate) == first.certificatePEM)
        #expect(try text(place.key) == first.privateKeyPEM)
        try place.write(second, authorityPEM: authority.certificatePEM, replacing: true)
        #expect(try place.holder() == second.uri)
        #expect(try Inspection(of: [place.path], at: now).isGood)
    }

    @Test("a load fleet has a file for each id, the CA, and an index; the same seed gives the same ids")
    func loadFleet() throws {
        let authority = try TestAuthority.make()
        let ids = Array(NodeIDSequence(seed: 7).prefix(5))
        #expect(ids == Array(NodeIDSequence(seed: 7).prefix(5)))
        #expect(Set(ids + NodeIDSequence(seed: 8).prefix(5)).count == 10)
        #expect(
            ids.allSatisfy {
                $0.uuidString.dropFirst(14).first == "4" && "89AB".contains($0.uuidString.dropFirst(19).prefix(1))
            })
        let fleet = LoadFleet(directory.path("many"))
        try fleet.write(ids, authority: authority, sharedKey: false, replacing: false, at: now)
        let rows = try text(directory.path("many/nodes.tsv")).split(separator: "\n")
        #expect(rows.count == 6)
        #expect(
            rows[3]
                == "2.pem\t\(ids[2].uuidString.lowercased())\trollcall://demo/node/\(ids[2].uuidString.lowercased())")
        let inspection = try Inspection(of: [directory.path("many")], at: now)
        #expect(inspection.isGood)
        #expect(inspection.files.map { $0.certificates.count } == [1, 1, 1, 1, 1, 1])
        #expect(inspection.files.prefix(5).allSatisfy { $0.keys.count == 1 })
        #expect(try mode(directory.path("many/0.pem")) == 0o600)
        #expect(throws: CertificateAuthorityError.self) {
            try fleet.write(ids, authority: authority, sharedKey: true, replacing: false, at: now)
        }
        try fleet.write(ids, authority: authority, sharedKey: true, replacing: true, at: now)
        #expect(try Inspection(of: [directory.path("many")], at: now).isGood)
    }
}
