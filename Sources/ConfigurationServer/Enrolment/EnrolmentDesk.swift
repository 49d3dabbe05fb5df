internal import CertificateAuthority
internal import Foundation
internal import SecureTransport

/// What a server needs to admit newcomers: what it keeps of the passphrase, and the CA's key. Only a server whose operator has set
/// `passphrase-verifier` has one. Any thread.
struct EnrolmentDesk: Sendable {
    /// What the passphrase is checked against.
    let verifier: PassphraseVerifier
    private let authority: CertificateAuthority

    init(verifier: PassphraseVerifier, authority: CertificateAuthority) {
        (self.verifier, self.authority) = (verifier, authority)
    }

    /// The desk that the settings ask for; nil: none.
    /// - Throws: `ServerError` naming the file at fault and the next step.
    static func open(_ settings: ServerSettings, fleet: String) throws(ServerError) -> EnrolmentDesk? {
        guard let path = settings.passphraseVerifier else { return nil }
        do {
            let verifier = try PassphraseVerifier(text: try KeyFile.read(path), source: path)
            guard verifier.fleet == fleet else {
                throw ServerError(
                    "\(path) is of fleet “\(verifier.fleet)”, this server runs fleet “\(fleet)”: make it here with: rollcall pki "
                        + "passphrase --data \(settings.data) --force")
            }
            let key = settings.authorityKeyPath
            guard FileManager.default.fileExists(atPath: key) else {
                throw ServerError(
                    "\(key) does not exist: a server that enrols machines signs their certificates; bring the CA's key here, or "
                        + "leave out passphrase-verifier and make identities with: rollcall pki node")
            }
            let certificate = try String(contentsOfFile: settings.authorityPath, encoding: .utf8)
            let authority = try CertificateAuthority(
                certificatePEM: certificate, privateKeyPEM: try KeyFile.read(key), source: settings.authorityPath,
                keySource: key)
            guard authority.fleet == fleet else {
                throw ServerError(
                    "\(settings.authorityPath) is of fleet “\(authority.fleet)”, this server's is “\(fleet)”")
            }
            return EnrolmentDesk(verifier: verifier, authority: authority)
        } catch let error as ServerError {
            throw error
        } catch {
            throw ServerError("enrolment (passphrase-verifier): \(error)")
        }
    }

    /// Makes a newcomer a node: a new id, and the certificate for the key in its request.
    /// - Throws: `CertificateAuthorityError` when the CA cannot issue now.
    func admit(_ request: CertificateRequest, hostname: String, at now: Date = Date()) throws -> Admitted {
        let id = UUID()
        return Admitted(
            id: id, certificatePEM: try authority.issueNode(id: id, name: hostname, for: request, at: now),
            authorityPEM: authority.certificatePEM)
    }

    /// A newcomer that was admitted.
    struct Admitted {
        let id: UUID
        let certificatePEM: String
        let authorityPEM: String
    }
}
