import CertificateAuthority
import Foundation
import SecureTransport
import TestSupport

/// A fleet of its own for one test: data directory with fresh certificates, and identities as they are needed.
final class TestFleet {
    let directory: TestDirectory
    let data: String

    /// Makes the fleet's certificates with `rollcall pki init`, in a directory of this name.
    /// - Throws: `NeverHappened` if that fails.
    init(data name: String = "data") async throws {
        directory = try TestDirectory()
        data = directory.path(name)
        try await pki(["init", "--data", data, "--fleet", "test", "--host", "127.0.0.1", "--host", "localhost"])
    }

    /// Makes the fleet's certificates as they would be if its CA were older: only the server's is of today.
    init(madeAt past: Date) throws {
        directory = try TestDirectory()
        data = directory.path("data")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let pki = PkiDirectory(data + "/pki")
        _ = try pki.initialise(fleet: "test", hosts: [ServerHost("127.0.0.1"), ServerHost("localhost")], at: past)
        _ = try pki.reissueServer(hosts: nil, newKey: false, at: Date())
    }

    var logs: String { directory.url.path }

    /// The identity directory of a new node, made with `rollcall pki node`.
    func node(_ name: String) async throws -> String {
        let path = directory.path("node-\(name)")
        try await pki(["node", "--data", data, "--out", path])
        return path
    }

    /// The identity directory of an operator, made with `rollcall pki operator`.
    func `operator`(_ name: String) async throws -> String {
        let path = directory.path("operator-\(name)")
        try await pki(["operator", name, "--data", data, "--out", path])
        return path
    }

    private func pki(_ arguments: [String]) async throws {
        let outcome = try await Program.run(["pki"] + arguments)
        guard outcome.status == 0 else { throw NeverHappened(description: "rollcall pki \(arguments): \(outcome)") }
    }

    // MARK: for clients inside the test

    /// The fleet's authority, read from the data directory.
    func authority() throws -> CertificateAuthority { try PkiDirectory(data + "/pki").openAuthority() }

    /// What a client trusts.
    func context(offering: [String] = [TLSContext.applicationProtocol]) throws -> TLSContext {
        let pem = ChildProcess.text(data + "/pki/ca.pem")
        return try .client(servers: .authorities(pem: pem, source: "ca.pem"), offering: offering)
    }

    /// A certificate of a new node.
    func nodeIdentity(_ id: UUID = UUID()) throws -> TLSIdentity {
        let issued = try authority().issueNode(id: id, at: Date())
        return try TLSIdentity(certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM)
    }

    /// A certificate of an operator.
    func operatorIdentity(_ name: String) throws -> TLSIdentity {
        let issued = try authority().issueOperator(name: name, at: Date())
        return try TLSIdentity(certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM)
    }
}
