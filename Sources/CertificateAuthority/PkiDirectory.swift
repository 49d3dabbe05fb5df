public import Foundation

/// A configuration server's certificates on disk: `ca.pem`, `ca.key`, `server.pem` (the server's certificate, then
/// the CA's) and `server.key`, in the `pki` directory of its data directory. An error leaves what was there as it
/// was.
public struct PkiDirectory: Sendable {
    /// Where it is.
    public let path: String
    /// The CA's certificate.
    public var authorityCertificate: String { path + "/ca.pem" }
    /// The CA's private key.
    public var authorityKey: String { path + "/ca.key" }
    /// The server's certificate and its chain.
    public var serverCertificate: String { path + "/server.pem" }
    /// The server's private key.
    public var serverKey: String { path + "/server.key" }

    /// Which certificates were revoked.
    public var revocations: String { path + "/revoked.txt" }
    /// What the server keeps of the fleet's passphrase.
    public var passphraseVerifier: String { path + "/passphrase.verifier" }
    /// Keys of session tickets: the server's own.
    public var ticketKeys: String { path + "/ticket.keys" }

    /// The directory at `path`, which need not be there yet.
    public init(_ path: String) {
        self.path = path
    }

    /// What `initialise` found or did, for one file.
    public struct Step: Equatable, Sendable {
        /// The file.
        public let path: String
        /// Whether it was made now, and not there before.
        public let isNew: Bool
        /// What is in it, in words.
        public let contents: String
    }

    // MARK: the CA

    /// The CA in this directory, with its key.
    /// - Throws: `CertificateAuthorityError`, for example `.missing` with the command that makes a CA, or
    ///   `.exposedKey`.
    public func openAuthority() throws -> CertificateAuthority {
        let next = "Make a CA there: rollcall pki init --pki \(path) --fleet NAME --host NAME"
        let certificate = try TextFile.read(authorityCertificate, ifMissing: next)
        guard exists(authorityKey) else {
            throw CertificateAuthorityError.missing(
                path: authorityKey, next: "Issue where the CA's key is kept, or bring the key here (mode 0600).")
        }
        return try CertificateAuthority(
            certificatePEM: certificate, privateKeyPEM: try KeyFile.read(authorityKey),
            source: authorityCertificate, keySource: authorityKey)
    }

    /// The fleet whose CA this is, by its certificate.
    /// - Throws: `CertificateAuthorityError`, `.missing` with the command that makes a CA.
    public func fleet() throws -> String {
        let next = "Make a CA there: rollcall pki init --pki \(path) --fleet NAME --host NAME"
        let text = try TextFile.read(authorityCertificate, ifMissing: next)
        guard let fleet = try CertificateFacts.all(in: text, source: authorityCertificate).first?.uri?.fleet else {
            throw CertificateAuthorityError.unusable(path: authorityCertificate, why: "it names no fleet")
        }
        return fleet
    }

    // MARK: making what is missing

    /// Makes the CA of `fleet` and a server certificate for `hosts` where they are missing, and says for each file
    /// whether it was there. Writes over nothing, so it may be run again at any time, also after a crash in the
    /// middle of it.
    /// - Throws: `CertificateAuthorityError`: `.otherFleet` if the CA there is another fleet's, `.missing` if half a
    ///   pair is.
    public func initialise(fleet: String, hosts: [ServerHost], at now: Date) throws -> [Step] {
        guard FleetURI.isFleetName(fleet) else { throw CertificateAuthorityError.badFleetName(fleet) }
        guard !hosts.isEmpty else { throw CertificateAuthorityError.noHosts }
        try TextFile.makeDirectory(path)
        return try authoritySteps(fleet: fleet, at: now) + serverSteps(hosts: hosts, at: now)
    }

    private func authoritySteps(fleet: String, at now: Date) throws -> [Step] {
        if exists(authorityCertificate) {
            let certificate = try facts(authorityCertificate)
            let found = certificate.uri?.fleet ?? certificate.subject
            guard found == fleet else {
                throw CertificateAuthorityError.otherFleet(path: path, has: found, wanted: fleet)
            }
            var steps = [Step(path: authorityCertificate, isNew: false, contents: words(forAuthority: certificate))]
            if exists(authorityKey) {
                _ = try openAuthority()
                steps.append(Step(path: authorityKey, isNew: false, contents: "its private key"))
            }
            return steps
        }
        // A key alone is what a crash between the two writes leaves: go on with it.
        let keyWasThere = exists(authorityKey)
        let key = try keyWasThere ? storedKey(authorityKey) : IdentityKey()
        let authority = try CertificateAuthority(fleet: fleet, at: now, key: key)
        if !keyWasThere { try KeyFile.write(key.pem, to: authorityKey) }
        try TextFile.write(authority.certificatePEM, to: authorityCertificate, replacing: false)
        return [
            Step(
                path: authorityCertificate, isNew: true, contents: words(forAuthority: try facts(authorityCertificate))),
            Step(
                path: authorityKey, isNew: !keyWasThere, contents: "its private key: whoever has it can admit anybody"),
        ]
    }

    private func serverSteps(hosts: [ServerHost], at now: Date) throws -> [Step] {
        let keyWasThere = exists(serverKey)
        if exists(serverCertificate) {
            let next = "Make a new pair: rollcall pki server --pki \(path) --new-key"
            guard keyWasThere else { throw CertificateAuthorityError.missing(path: serverKey, next: next) }
            let certificate = try facts(serverCertificate)
            guard certificate.belongs(toKey: try KeyFile.read(serverKey)) else {
                throw CertificateAuthorityError.keyDoesNotBelong(key: serverKey, certificate: serverCertificate)
            }
            var contents = words(forServer: certificate)
            let lacking = hosts.filter { !certificate.hosts.contains($0) }
            if !lacking.isEmpty {
                contents +=
                    "; not for \(lacking.map(\.description).joined(separator: ", ")): to change that, name all hosts"
                    + " anew with rollcall pki server --pki \(path) --host NAME ..."
            }
            return [
                Step(path: serverCertificate, isNew: false, contents: contents),
                Step(path: serverKey, isNew: false, contents: "its private key"),
            ]
        }
        let certificate = try reissueServer(hosts: hosts, newKey: false, at: now)
        return [
            Step(path: serverCertificate, isNew: true, contents: words(forServer: certificate)),
            Step(path: serverKey, isNew: !keyWasThere, contents: "its private key"),
        ]
    }

    // MARK: the server's certificate

    /// Issues the server's certificate anew and replaces `server.pem`. `hosts` are those of the certificate that is
    /// there if left out. The key stays, unless there is none or `newKey` asks for one.
    /// - Throws: `CertificateAuthorityError`.
    @discardableResult
    public func reissueServer(hosts: [ServerHost]?, newKey: Bool, at now: Date) throws -> CertificateFacts {
        let authority = try openAuthority()
        let hosts = try hosts ?? (exists(serverCertificate) ? facts(serverCertificate).hosts : [])
        let keepsKey = exists(serverKey) && !newKey
        let key = try keepsKey ? storedKey(serverKey) : IdentityKey()
        let identity = try authority.issueServer(hosts: hosts, at: now, key: key)
        if !keepsKey { try KeyFile.write(key.pem, to: serverKey, replacing: newKey) }
        try TextFile.write(
            identity.certificatePEM + authority.certificatePEM, to: serverCertificate, replacing: true)
        return try facts(serverCertificate)
    }

    // MARK: small things

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private func storedKey(_ path: String) throws -> IdentityKey {
        try IdentityKey(pem: try KeyFile.read(path), source: path)
    }

    private func facts(_ path: String) throws -> CertificateFacts {
        let text = try TextFile.read(path, ifMissing: "Is the path right?")
        guard let first = try CertificateFacts.all(in: text, source: path).first else {
            throw CertificateAuthorityError.unusable(path: path, why: "there is no certificate in it")
        }
        return first
    }

    private func words(forAuthority certificate: CertificateFacts) -> String {
        "CA of the fleet \(certificate.uri?.fleet ?? certificate.subject),"
            + " valid until \(certificate.notAfter.certificateDay)"
    }

    private func words(forServer certificate: CertificateFacts) -> String {
        "server certificate for \(certificate.hosts.map(\.description).joined(separator: ", ")),"
            + " valid until \(certificate.notAfter.certificateDay)"
    }
}
