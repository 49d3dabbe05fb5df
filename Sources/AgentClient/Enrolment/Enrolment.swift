public import CertificateAuthority
internal import Foundation
internal import RollcallProtocol
public import SecureTransport

/// Makes this machine a node of a fleet by the fleet's passphrase. The passphrase stays here, and so does the private key; the
/// server is believed only once it has proven that it knows the passphrase, on this very TLS connection.
public struct Enrolment {
    private let server: ServerName
    private let credentials: ClientCredentials

    /// Enrolment with a server. `authorityPEM`: the fleet's authority, where the machine has its certificate already: then the
    /// server's is checked, too.
    /// - Throws: `ClientError.badIdentity` if that certificate cannot be read.
    public init(server: ServerName, authorityPEM: String?, source: String) throws(ClientError) {
        self.server = server
        do {
            credentials = ClientCredentials(
                context: try .enrolment(
                    trusting: authorityPEM.map { .authorities(pem: $0, source: source) } ?? .anybody),
                identity: nil, fleet: nil, applicationProtocol: TLSContext.enrolmentProtocol)
        } catch {
            throw .badIdentity(path: source, fault: "\(error)")
        }
    }

    /// Enrols, and returns when that is done or has failed. Nothing is tried twice. Takes the calling thread: connecting, one scrypt
    /// and three questions.
    /// - Parameters:
    ///   - passphrase: the fleet's.
    ///   - hostname: what the machine is called, for people.
    ///   - key: its private key, which is not sent.
    /// - Returns: who the machine is now, and the certificates of those whom it is to trust, PEM: checked against each other.
    /// - Throws: `ClientError`; `.passphraseDiffers` and `.refused` in words for the agent's log.
    public func enrol(
        with passphrase: Passphrase, hostname: String, key: IdentityKey
    ) throws(ClientError) -> (identity: IssuedIdentity, authoritiesPEM: String) {
        let request: String
        do { request = try CertificateRequest.pem(for: key) } catch { throw .outOfResources("\(error)") }
        let client = try OperatorClient(endpoint: .tls(server, credentials))

        let greeting = try client.call(.with { $0.enroll.hello.hostname = hostname }).enroll.stretching
        // Of the connection on which the greeting came; a share on another would not fit.
        let binding = client.facts?.channelBinding ?? []
        guard client.facts?.version == "TLSv1.3", !binding.isEmpty else {
            throw .unexpectedAnswer("enrolment without TLS 1.3")
        }
        guard
            let stretching = PassphraseStretching(
                salt: Array(greeting.salt), logN: greeting.logN, r: greeting.r, p: greeting.p)
        else { throw .unexpectedAnswer("a way to stretch the passphrase that is outside the limits") }
        guard FleetURI.isFleetName(greeting.fleet) else { throw .unexpectedAnswer("no fleet's name") }
        let proof: PassphraseProof
        do {
            proof = try PassphraseProof(
                passphrase, stretching: stretching, fleet: greeting.fleet, channelBinding: binding)
        } catch { throw .outOfResources("\(error)") }

        let challenge = try client.call(.with { $0.enroll.share.point = Data(proof.share) }).enroll.challenge
        guard
            let confirmation = proof.answer(
                share: Array(challenge.point), confirmation: Array(challenge.confirmation))
        else {
            // The server is told why this ends; what it answers is of no interest.
            _ = try? client.call(.with { $0.enroll.mismatch = .init() })
            throw .passphraseDiffers(server: "\(server)", fleet: greeting.fleet)
        }

        // The server has proven itself, and this connection leads to it: from here on it is believed.
        let answer = try client.call(
            .with {
                $0.enroll.proof.confirmation = Data(confirmation)
                $0.enroll.proof.certificateRequest = request
            })
        let admission = answer.enroll.admission
        do {
            let identity = try IssuedIdentity(
                enrolled: admission.certificate, authoritiesPEM: admission.authorities, fleet: greeting.fleet,
                id: Array(admission.nodeID), key: key)
            return (identity, admission.authorities)
        } catch { throw .unexpectedAnswer("\(error)") }
    }
}
