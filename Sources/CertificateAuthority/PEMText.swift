import SwiftASN1
import X509

/// PEM as files hold it: any number of certificates and keys, with text around them that does not matter.
enum PEMText {
    /// The certificates in `text`, in order.
    /// - Throws: `CertificateAuthorityError.unusable`, naming `source`, if a block is damaged.
    static func certificates(in text: String, source: String) throws(CertificateAuthorityError) -> [Certificate] {
        var found: [Certificate] = []
        for block in try blocks(in: text, source: source) where block.discriminator == "CERTIFICATE" {
            guard let certificate = try? Certificate(pemDocument: block) else {
                throw .unusable(path: source, why: "certificate \(found.count + 1) in it is damaged")
            }
            found.append(certificate)
        }
        return found
    }

    /// The private keys in `text`, each as a PEM text of its own, in order.
    /// - Throws: `CertificateAuthorityError.unusable`, naming `source`, if a block is damaged.
    static func privateKeys(in text: String, source: String) throws(CertificateAuthorityError) -> [String] {
        try blocks(in: text, source: source).filter { $0.discriminator.hasSuffix("PRIVATE KEY") }.map(\.pemString)
    }

    private static func blocks(in text: String, source: String) throws(CertificateAuthorityError) -> [PEMDocument] {
        guard let blocks = try? PEMDocument.parseMultiple(pemString: text) else {
            throw .unusable(path: source, why: "its PEM text is damaged")
        }
        return blocks
    }
}

extension Certificate {
    /// PEM that ends in a newline, so that files can be put together with `cat`.
    func pemText() throws -> String {
        try serializeAsPEM().pemString + "\n"
    }

    /// The first Rollcall URI among the subject alternative names, or nil.
    /// - Throws: if the extension is damaged.
    func fleetURI() throws -> FleetURI? {
        for name in try extensions.subjectAlternativeNames ?? SubjectAlternativeNames() {
            if case .uniformResourceIdentifier(let text) = name, let uri = FleetURI(text) { return uri }
        }
        return nil
    }

    /// Whether it may sign certificates.
    var isAuthority: Bool {
        guard case .isCertificateAuthority = try? extensions.basicConstraints else { return false }
        return true
    }
}
