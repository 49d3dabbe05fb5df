/// A certificate and the private key it belongs to, in memory. Its description shows no key.
public struct IssuedIdentity: Sendable {
    /// Who it is for.
    public let uri: FleetURI
    /// The certificate, PEM, without its issuer's.
    public let certificatePEM: String
    /// The private key as PKCS#8, PEM. Secret.
    public let privateKeyPEM: String

    /// An identity from its parts.
    public init(uri: FleetURI, certificatePEM: String, privateKeyPEM: String) {
        self.uri = uri
        self.certificatePEM = certificatePEM
        self.privateKeyPEM = privateKeyPEM
    }
}

extension IssuedIdentity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Who it is for, and nothing secret.
    public var description: String { "identity of \(uri)" }
    /// As `description`: a failing test or a log line must not print the key.
    public var debugDescription: String { description }
    /// No parts, for the same reason.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
