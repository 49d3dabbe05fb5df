/// A peer's certificate that did not pass: what the refusal is told with.
public struct RefusedCertificate: Equatable, Sendable {
    /// Its `rollcall://` URI, or empty. Nobody has vouched for it: it says who the peer claims to be.
    public let uri: String
    /// Distinguished name of the issuer of the certificate at fault.
    public let issuer: String
    /// Seconds since 1970-01-01 UTC from which it is valid.
    public let notBeforeUnixSeconds: Int64
    /// Seconds since 1970-01-01 UTC until which it is valid.
    public let notAfterUnixSeconds: Int64
}
