internal import CertificateAuthority
internal import Foundation
internal import SecureTransport

/// Reads the server's certificate files into TLS contexts, one for each loop.
enum ServerCertificates {
    /// The contexts, what the server's certificate says of it, and the names of the authorities.
    /// - Throws: `ServerError` naming the file at fault and the next step.
    static func read(
        _ settings: ServerSettings, gate: CertificateGate, tickets: TicketKeyRing?
    ) throws(ServerError) -> ([TLSContext], PeerIdentity, IssuerNames) {
        func read(_ path: String, _ what: String) throws(ServerError) -> String {
            if let text = try? String(contentsOfFile: path, encoding: .utf8) { return text }
            let there = FileManager.default.fileExists(atPath: path)
            throw ServerError(
                there
                    ? "\(what) \(path) cannot be read: give the server's user permission to read it"
                    : "\(what) \(path) does not exist; make the fleet's certificates with: rollcall pki init --data "
                        + "\(settings.data) --fleet NAME --host \(settings.hostname)")
        }
        let authority = try read(settings.authorityPath, "the authority's certificate")
        let certificate = try read(settings.certificatePath, "the server's certificate")
        let key = try read(settings.keyPath, "the server's private key")
        do {
            // First, because its errors name the file at fault.
            let contexts = try (0..<max(1, settings.loops)).map { _ in
                try TLSContext.server(
                    certificateChainFile: settings.certificatePath, keyFile: settings.keyPath,
                    clients: .authorities(pem: authority, source: settings.authorityPath), gate: gate, tickets: tickets,
                    records: settings.tlsRecords)
            }
            let identity = try TLSIdentity(
                certificatePEM: certificate, keyPEM: key, source: settings.certificatePath)
            guard let own = identity.peerIdentity, own.kind == .server else {
                throw ServerError(
                    "\(settings.certificatePath) is no configuration server's certificate (it has no rollcall://FLEET/server "
                        + "identity); look at it with: rollcall pki show \(settings.certificatePath)")
            }
            let now = Int64(Date().timeIntervalSince1970)
            if own.notAfterUnixSeconds < now {
                throw ServerError(
                    "\(settings.certificatePath) has expired; renew it with: rollcall pki server --data \(settings.data)"
                )
            }
            return (contexts, own, IssuerNames(pem: authority))
        } catch let error as ServerError {
            throw error
        } catch {
            throw ServerError("\(error); look at the files with: rollcall pki show \(settings.data)/pki")
        }
    }
}

extension ServerSettings {
    /// Where revocations and ticket keys are.
    var pki: PkiDirectory { PkiDirectory(data + "/pki") }
}
