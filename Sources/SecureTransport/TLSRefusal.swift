internal import COpenSSL

/// Why a TLS connection came to nothing, in the words that log, operator and agent use.
public enum TLSRefusal: Hashable, Sendable {
    /// The peer's certificate was issued by somebody else than the fleet's authority.
    case untrustedIssuer(String)
    /// The peer's certificate has expired.
    case expired
    /// The peer's certificate is not valid yet: its clock or ours is wrong.
    case notYetValid
    /// The peer's certificate was revoked: whose, when and why. The other end hears `peerAlert("certificate revoked")`.
    case revoked(String)
    /// The peer's certificate is not for this purpose.
    case wrongPurpose
    /// The peer's certificate does not name the one that was dialled, or is not a server of the fleet.
    case wrongName(String)
    /// Nothing in common: protocol version.
    case protocolVersion
    /// Nothing in common: cipher suites, groups or signature algorithms.
    case nothingInCommon
    /// Nothing in common: application protocol (ALPN).
    case applicationProtocol
    /// What came is not TLS.
    case notTLS
    /// The peer refused, with this alert.
    case peerAlert(String)
    /// The peer's certificate was refused for another reason.
    case certificate(String)

    /// The verdict of a certificate check (`X509_V_ERR_…`), or nil if it passed.
    static func from(verifyResult code: Int, certificateIssuer: String, because reason: String) -> TLSRefusal? {
        switch Int32(code) {
        case X509_V_OK: nil
        case X509_V_ERR_CERT_HAS_EXPIRED: .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
        case X509_V_ERR_CERT_REVOKED: .revoked(reason)
        case X509_V_ERR_INVALID_PURPOSE: .wrongPurpose
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
            .untrustedIssuer(certificateIssuer)
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .wrongName("")
        default: .certificate(unsafe String(cString: X509_verify_cert_error_string(code)))
        }
    }

    /// Reads it out of OpenSSL's reasons, where they are telling.
    static func from(reasons: [String]) -> TLSRefusal? {
        for reason in reasons {
            if let range = reason.firstRange(of: "alert ") {
                // "sslv3 alert bad certificate", "tlsv13 alert certificate required"
                let alert = String(reason[range.upperBound...])
                if alert.hasPrefix("protocol version") { return .protocolVersion }
                if alert.hasPrefix("no application protocol") { return .applicationProtocol }
                return .peerAlert(alert)
            }
            if reason.hasPrefix("wrong version number") || reason.hasPrefix("http request")
                || reason.hasPrefix("packet length too long")
            {
                return .notTLS
            }
            if reason.hasPrefix("unsupported protocol") { return .protocolVersion }
            if reason.hasPrefix("no application protocol") { return .applicationProtocol }
            if reason.hasPrefix("no shared cipher") || reason.hasPrefix("no suitable") { return .nothingInCommon }
        }
        return nil
    }
}

extension TLSRefusal: CustomStringConvertible {
    /// One clause, without a full stop.
    public var description: String {
        switch self {
        case .untrustedIssuer(let issuer):
            "certificate not trusted: it was issued by \(issuer.isEmpty ? "an unknown authority" : "“\(issuer)”"), "
                + "not by this fleet's authority"
        case .expired: "certificate has expired"
        case .notYetValid: "certificate is not valid yet: compare the clocks of both machines"
        case .revoked(let why): "certificate was revoked: \(why)"
        case .wrongPurpose: "certificate was issued for another purpose"
        case .wrongName(let name): name.isEmpty ? "certificate is for another name" : "certificate is for \(name)"
        case .protocolVersion: "no TLS version in common: TLS 1.2 or newer is needed"
        case .nothingInCommon: "no cipher suite, group or signature algorithm in common"
        case .applicationProtocol: "the peer does not speak rollcall/1 (ALPN)"
        case .notTLS: "the peer does not speak TLS"
        case .peerAlert(let alert): "refused by the peer: \(alert)"
        case .certificate(let reason): "certificate refused: \(reason)"
        }
    }
}
