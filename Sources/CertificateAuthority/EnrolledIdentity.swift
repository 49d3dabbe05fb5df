import Foundation

extension IssuedIdentity {
    /// What a server made of this machine's request, checked: a fault of the server's should be found now, not at the agent's next
    /// start.
    /// - Parameters:
    ///   - certificatePEM: the certificate.
    ///   - authoritiesPEM: whom to trust.
    ///   - fleet: the fleet that the server proved to be of.
    ///   - id: who the machine is to be.
    ///   - key: its key.
    /// - Throws: `CertificateAuthorityError.unusable` with what does not fit.
    public init(
        enrolled certificatePEM: String, authoritiesPEM: String, fleet: String, id: [UInt8], key: IdentityKey
    ) throws(CertificateAuthorityError) {
        let source = "the server's answer"
        let own = try CertificateFacts.all(in: certificatePEM, source: source).first
        let authorities = try CertificateFacts.all(in: authoritiesPEM, source: source)
        guard let own, let uri = own.uri, uri.fleet == fleet, case .node(let uuid) = uri.holder,
            networkBytes(uuid) == id
        else { throw .unusable(path: source, why: "its certificate is not that of a node of fleet \(fleet)") }
        guard own.belongs(toKey: key.pem) else {
            throw .unusable(path: source, why: "its certificate is for another key than this machine's")
        }
        guard authorities.allSatisfy({ $0.isAuthority && $0.uri?.fleet == fleet }),
            authorities.contains(where: { own.isSigned(by: $0) })
        else { throw .unusable(path: source, why: "its certificate is not signed by an authority of fleet \(fleet)") }
        self.init(uri: uri, certificatePEM: certificatePEM, privateKeyPEM: key.pem)
    }
}

/// The 16 bytes of a UUID, in network order.
private func networkBytes(_ id: UUID) -> [UInt8] {
    let u = id.uuid
    return [u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15]
}

extension IdentityDirectory {
    /// Whether an identity is here, or half of one that is not enrolment's: a certificate.
    public var isTaken: Bool { FileManager.default.fileExists(atPath: certificate) }

    /// The certificates of the fleet's authorities that are here; nil if none are.
    /// - Throws: `CertificateAuthorityError.unreadable`.
    public func authoritiesPEM() throws(CertificateAuthorityError) -> String? {
        guard FileManager.default.fileExists(atPath: authority) else { return nil }
        return try TextFile.read(authority, ifMissing: "Is the path right?")
    }

    /// The key to enrol with: one that an interrupted enrolment left here, else a new one, which is kept before anything is sent.
    /// Anew: a new one, which is kept when the certificate is.
    /// - Throws: `CertificateAuthorityError`.
    public func keyToEnrol(anew: Bool) throws(CertificateAuthorityError) -> IdentityKey {
        try TextFile.makeDirectory(path)
        if anew, isTaken { return IdentityKey() }
        if FileManager.default.fileExists(atPath: key) {
            return try IdentityKey(pem: try KeyFile.read(key), source: key)
        }
        let fresh = IdentityKey()
        try KeyFile.write(fresh.pem, to: key)
        return fresh
    }

    /// Keeps what enrolment brought, the certificate last: as long as it is not there, enrolment can be repeated.
    /// - Throws: `CertificateAuthorityError.unwritable`.
    public func write(enrolled identity: IssuedIdentity, authoritiesPEM: String) throws(CertificateAuthorityError) {
        try KeyFile.write(identity.privateKeyPEM, to: key, replacing: true)
        try TextFile.write(authoritiesPEM, to: authority, replacing: true)
        try TextFile.write(identity.certificatePEM, to: certificate, replacing: true)
    }
}
