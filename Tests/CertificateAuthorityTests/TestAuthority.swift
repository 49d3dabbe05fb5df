import CertificateAuthority
import Foundation
import Testing
@_spi(FixedExpiryValidationTime) import X509

/// What the tests of this target start from: a CA at a fixed moment, and a judge of chains that is not ours.
enum TestAuthority {
    /// When everything here happens: 2026-11-25, 12:00 UTC.
    static let now = Date(timeIntervalSince1970: 1_795_608_000)
    static let id = UUID(
        uuid: (0x6f, 0x1c, 0x2c, 0x1e, 0x0a, 0x52, 0x4b, 0x7e, 0x9a, 0x53, 0x0d, 0x7c, 0x1f, 0x2a, 0x9b, 0x11))
    static let day: TimeInterval = 86_400

    static func make(fleet: String = "demo") throws -> CertificateAuthority {
        try CertificateAuthority(fleet: fleet, at: now)
    }

    static func certificate(_ pem: String) throws -> Certificate {
        try Certificate(pemEncoded: pem)
    }

    /// Whether swift-certificates' verifier finds a chain from `identity` to `authority` at `time`.
    static func chains(
        _ identity: IssuedIdentity, to authority: CertificateAuthority, at time: Date, host: String? = nil,
        address: String? = nil
    ) async throws -> Bool {
        var verifier = Verifier(rootCertificates: CertificateStore([try certificate(authority.certificatePEM)])) {
            RFC5280Policy(fixedExpiryValidationTime: time)
            if host != nil || address != nil { ServerIdentityPolicy(serverHostname: host, serverIP: address) }
        }
        let result = await verifier.validate(
            leaf: try certificate(identity.certificatePEM), intermediates: CertificateStore())
        if case .validCertificate = result { return true }
        return false
    }
}
