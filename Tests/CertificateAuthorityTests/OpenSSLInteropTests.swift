import CertificateAuthority
import Foundation
import TestSupport
import Testing

/// The certificates are for OpenSSL to judge in the end: its command line is asked where it is installed.
@Suite("Interop with the openssl command", .enabled(if: OpenSSLCommand.isInstalled, "openssl is not installed here"))
struct OpenSSLInteropTests {
    private let directory: TestDirectory
    private let authority: CertificateAuthority
    // `openssl verify` judges at a time we name, so the tests do not depend on today.
    private let time = ["-attime", "\(Int(TestAuthority.now.timeIntervalSince1970))"]

    init() throws {
        directory = try TestDirectory()
        authority = try TestAuthority.make()
        try authority.certificatePEM.write(toFile: directory.path("ca.pem"), atomically: true, encoding: .utf8)
    }

    private func verify(_ identity: IssuedIdentity, _ options: [String]) throws -> OpenSSLCommand.Result {
        let path = directory.path("leaf.pem")
        try identity.certificatePEM.write(toFile: path, atomically: true, encoding: .utf8)
        return try OpenSSLCommand.run(
            ["verify", "-x509_strict", "-CAfile", directory.path("ca.pem")] + options + [path])
    }

    @Test("a server's certificate is a TLS server's, for its hosts only")
    func server() throws {
        let server = try authority.issueServer(
            hosts: [ServerHost("cs.example.com"), ServerHost("2001:db8::1")], at: TestAuthority.now)
        let good = time + ["-purpose", "sslserver"]
        #expect(try verify(server, good + ["-verify_hostname", "cs.example.com"]).status == 0)
        #expect(try verify(server, good + ["-verify_ip", "2001:db8::1"]).status == 0)
        #expect(
            try verify(server, good + ["-verify_hostname", "other.example.com"]).output.contains("ostname mismatch"))
        #expect(try verify(server, time + ["-purpose", "sslclient"]).status != 0)
    }

    @Test("a node's and an operator's certificates are TLS clients'")
    func clients() throws {
        for identity in [
            try authority.issueNode(id: TestAuthority.id, at: TestAuthority.now),
            try authority.issueOperator(name: "alice", at: TestAuthority.now),
        ] {
            let good = try verify(identity, time + ["-purpose", "sslclient"])
            #expect(good.status == 0, "\(good.output)")
            #expect(try verify(identity, time + ["-purpose", "sslserver"]).status != 0)
        }
    }

    @Test("another fleet's certificate and an expired one are refused")
    func refused() throws {
        let other = try TestAuthority.make(fleet: "other").issueNode(id: TestAuthority.id, at: TestAuthority.now)
        #expect(try verify(other, time).status != 0)
        let node = try authority.issueNode(id: TestAuthority.id, at: TestAuthority.now)
        let late = TestAuthority.now.addingTimeInterval(366 * TestAuthority.day)
        #expect(try verify(node, ["-attime", "\(Int(late.timeIntervalSince1970))"]).output.contains("expired"))
    }

    @Test("openssl reads the key as PKCS#8, and the same public key from it as from the certificate")
    func keys() throws {
        let node = try authority.issueNode(id: TestAuthority.id, at: TestAuthority.now)
        try KeyFile.write(node.privateKeyPEM, to: directory.path("leaf.key"))
        try node.certificatePEM.write(toFile: directory.path("leaf.pem"), atomically: true, encoding: .utf8)
        let ofKey = try OpenSSLCommand.run(["pkey", "-in", directory.path("leaf.key"), "-pubout"])
        let ofCertificate = try OpenSSLCommand.run(["x509", "-in", directory.path("leaf.pem"), "-noout", "-pubkey"])
        #expect(ofKey.status == 0)
        #expect(ofKey.output == ofCertificate.output)
    }

    @Test("our fingerprint and serial number are openssl's, and its URI ours")
    func description() throws {
        let node = try authority.issueNode(id: TestAuthority.id, at: TestAuthority.now)
        let path = directory.path("leaf.pem")
        try node.certificatePEM.write(toFile: path, atomically: true, encoding: .utf8)
        let said = try OpenSSLCommand.run(
            ["x509", "-in", path, "-noout", "-fingerprint", "-sha256", "-serial", "-ext", "subjectAltName"]
        ).output
        let facts = try #require(try CertificateFacts.all(in: node.certificatePEM, source: path).first)
        #expect(said.contains("Fingerprint=\(facts.fingerprint)"))
        #expect(said.contains("serial=\(facts.serialNumber)"))
        #expect(said.contains("URI:\(node.uri)"))
    }
}

/// The `openssl` command.
enum OpenSSLCommand {
    struct Result {
        let status: Int32
        /// Standard output and standard error.
        let output: String
    }

    private static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")
        .split(separator: ":")
        .map { "\($0)/openssl" }
        .first(where: FileManager.default.isExecutableFile(atPath:))

    static var isInstalled: Bool { path != nil }

    static func run(_ arguments: [String]) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: try #require(path))
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
