import Foundation

/// An agent's or an operator's identity on disk: `identity.pem` (its certificate), `identity.key` and `ca.pem` (whom
/// it trusts).
public struct IdentityDirectory: Sendable {
    /// Where it is.
    public let path: String
    /// The holder's own certificate.
    public var certificate: String { path + "/identity.pem" }
    /// The holder's private key, mode 0600.
    public var key: String { path + "/identity.key" }
    /// The fleet's CA.
    public var authority: String { path + "/ca.pem" }

    /// The directory at `path`, which need not be there yet.
    public init(_ path: String) {
        self.path = path
    }

    /// Writes the three files, the key first. Checks before it writes anything that none is there, unless
    /// `replacing`.
    /// - Throws: `CertificateAuthorityError.exists` or `.unwritable`.
    public func write(
        _ identity: IssuedIdentity, authorityPEM: String, replacing: Bool = false
    ) throws(CertificateAuthorityError) {
        if !replacing {
            for file in [key, certificate, authority] where FileManager.default.fileExists(atPath: file) {
                throw .exists(path: file, next: "Choose another --out, or replace the identity there with --force.")
            }
        }
        try TextFile.makeDirectory(path)
        try KeyFile.write(identity.privateKeyPEM, to: key, replacing: replacing)
        try TextFile.write(identity.certificatePEM, to: certificate, replacing: replacing)
        try TextFile.write(authorityPEM, to: authority, replacing: replacing)
    }

    /// Who the certificate here is for; nil if there is none, or one without a Rollcall URI.
    /// - Throws: `CertificateAuthorityError.unreadable` or `.unusable`.
    public func holder() throws -> FleetURI? {
        guard FileManager.default.fileExists(atPath: certificate) else { return nil }
        let text = try TextFile.read(certificate, ifMissing: "Is the path right?")
        return try CertificateFacts.all(in: text, source: certificate).first?.uri
    }
}
