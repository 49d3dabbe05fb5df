import Foundation
public import SecureTransport

/// Whom a client trusts, and what it shows. Shared by all connections of a process.
public struct ClientCredentials: Sendable {
    /// Trusts the fleet's authority, offers rollcall/1.
    public let context: TLSContext
    /// The client's own certificate; nil: it shows none.
    public let identity: TLSIdentity?
    /// The fleet whose server is dialled; nil: any of this authority.
    public let fleet: String?
    /// What the server has to agree on, as the context offers it.
    let applicationProtocol: String

    /// Credentials from their parts.
    public init(
        context: TLSContext, identity: TLSIdentity?, fleet: String?,
        applicationProtocol: String = TLSContext.applicationProtocol
    ) {
        self.context = context
        self.identity = identity
        self.fleet = fleet
        self.applicationProtocol = applicationProtocol
    }

    /// Credentials from PEM text that is in memory. `source` names them in errors.
    /// - Throws: `ClientError.badIdentity`.
    public init(authorityPEM: String, certificatePEM: String, keyPEM: String, source: String) throws(ClientError) {
        do {
            let identity = try TLSIdentity(certificatePEM: certificatePEM, keyPEM: keyPEM, source: source)
            self.init(
                context: try TLSContext.client(servers: .authorities(pem: authorityPEM, source: source)),
                identity: identity, fleet: identity.peerIdentity?.fleet)
        } catch {
            throw .badIdentity(path: source, fault: "\(error)")
        }
    }

    /// The identity directory of an agent or an operator: identity.pem, identity.key, ca.pem.
    /// - Throws: `ClientError.badIdentity` that names the file, and the command that makes it.
    public init(identityDirectory path: String) throws(ClientError) {
        let certificatePEM = try Self.text(path, "identity.pem")
        let keyPEM = try Self.text(path, "identity.key")
        let authorityPEM = try Self.text(path, "ca.pem")
        let identity: TLSIdentity
        do {
            identity = try TLSIdentity(certificatePEM: certificatePEM, keyPEM: keyPEM, source: path)
        } catch {
            throw .badIdentity(path: path, fault: "\(error)")
        }
        guard let holder = identity.peerIdentity else {
            throw .badIdentity(
                path: path + "/identity.pem",
                fault: "the certificate names no member of a fleet (rollcall://…): make one with 'rollcall pki node'")
        }
        do {
            let trust = TLSContext.Trust.authorities(pem: authorityPEM, source: path + "/ca.pem")
            self.init(context: try TLSContext.client(servers: trust), identity: identity, fleet: holder.fleet)
        } catch {
            throw .badIdentity(path: path + "/ca.pem", fault: "\(error)")
        }
    }

    /// Whose the certificate is, as a `rollcall://` URI; nil without one.
    public var holder: PeerIdentity? { identity?.peerIdentity }

    private static func text(_ directory: String, _ name: String) throws(ClientError) -> String {
        let path = directory + "/" + name
        guard FileManager.default.fileExists(atPath: path) else {
            throw .badIdentity(
                path: path,
                fault: "there is no such file: the identity is made at the server with 'rollcall pki node' or "
                    + "'rollcall pki operator'")
        }
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= 1 << 20 else {
            throw .badIdentity(path: path, fault: "cannot be read by this user")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Where a server is, and how to talk to it.
public enum ServerEndpoint: Sendable {
    /// The operators' socket in the server's data directory; frames without TLS.
    case local(path: String)
    /// TLS.
    case tls(ServerName, ClientCredentials)
}

extension ServerEndpoint: CustomStringConvertible {
    /// The path, or HOST:PORT.
    public var description: String {
        switch self {
        case .local(let path): path
        case .tls(let name, _): "\(name)"
        }
    }
}
