internal import COpenSSL

/// What a peer's certificate says, for people.
public struct CertificateFacts: Equatable, Sendable {
    /// Distinguished name of its holder.
    public let subject: String
    /// Distinguished name of its issuer.
    public let issuer: String
    /// DNS names and IP addresses it is for.
    public let hostNames: [String]
    /// Its `rollcall://` URI, or empty.
    public let uri: String
    /// Seconds since 1970-01-01 UTC from which it is valid.
    public let notBeforeUnixSeconds: Int64
    /// Seconds since 1970-01-01 UTC until which it is valid.
    public let notAfterUnixSeconds: Int64
}

/// Reads OpenSSL's certificates.
enum CertificateReader {
    static func identity(of certificate: OpaquePointer) -> PeerIdentity? {
        guard let uri = unsafe uri(of: certificate) else { return nil }
        return PeerIdentity(
            uri: uri, notAfterUnixSeconds: unsafe rollcall_unix_time(X509_get0_notAfter(certificate)),
            notBeforeUnixSeconds: unsafe rollcall_unix_time(X509_get0_notBefore(certificate)),
            serialNumber: unsafe serialNumber(of: certificate),
            issuerTag: unsafe IssuerNames.tag(of: X509_get_issuer_name(certificate)))
    }

    /// RFC 5280 section 4.1.2.2: at most 20 bytes; longer ones have no number here.
    private static func serialNumber(of certificate: OpaquePointer) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 20)
        let length = unsafe rollcall_serial(certificate, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(max(0, Int(length))).drop { $0 == 0 })
    }

    static func facts(of certificate: OpaquePointer) -> CertificateFacts {
        var names = [CChar](repeating: 0, count: 2048)
        let length = unsafe rollcall_host_names(certificate, &names, Int32(names.count))
        return CertificateFacts(
            subject: unsafe name(X509_get_subject_name(certificate)),
            issuer: unsafe name(X509_get_issuer_name(certificate)),
            hostNames: text(names, Int(length)).split(separator: " ").map(String.init),
            uri: unsafe uri(of: certificate) ?? "",
            notBeforeUnixSeconds: unsafe rollcall_unix_time(X509_get0_notBefore(certificate)),
            notAfterUnixSeconds: unsafe rollcall_unix_time(X509_get0_notAfter(certificate)))
    }

    static func issuer(of certificate: OpaquePointer) -> String {
        unsafe name(X509_get_issuer_name(certificate))
    }

    /// The `rollcall://` URI, or empty.
    static func identityURI(of certificate: OpaquePointer) -> String { unsafe uri(of: certificate) ?? "" }

    /// Seconds since 1970-01-01 UTC from which and until which it is valid.
    static func validity(of certificate: OpaquePointer) -> (from: Int64, until: Int64) {
        unsafe (
            rollcall_unix_time(X509_get0_notBefore(certificate)), rollcall_unix_time(X509_get0_notAfter(certificate))
        )
    }

    private static func uri(of certificate: OpaquePointer) -> String? {
        var uri = [CChar](repeating: 0, count: 256)
        let length = unsafe rollcall_uri_with_prefix(certificate, PeerIdentity.scheme, &uri, Int32(uri.count))
        return length > 0 ? text(uri, Int(length)) : nil
    }

    private static func name(_ name: OpaquePointer?) -> String {
        var line = [CChar](repeating: 0, count: 512)
        unsafe X509_NAME_oneline(name, &line, Int32(line.count))
        return text(line, line.firstIndex(of: 0) ?? 0)
    }

    private static func text(_ characters: [CChar], _ length: Int) -> String {
        String(decoding: characters.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
