/// Why an attempt to get in came to nothing; each reason has a remedy of its own. The raw values are those of the
/// protocol: never change one.
public enum AttemptReason: UInt8, Hashable, Sendable, CaseIterable {
    /// Turned away at one of the server's limits.
    case limit = 1
    /// A connection on which nothing came.
    case silent = 2
    /// The peer closed before it had said anything, or before TLS was up.
    case abandoned = 3
    /// Reset before TLS was up.
    case reset = 4
    /// A TLS handshake began and stopped half-way: lost packets, a small MTU, an inspecting firewall.
    case stalled = 5
    /// Plain text on the TLS port.
    case plainText = 6
    /// HTTP, plain or inside TLS: a browser, a health check, a proxy.
    case http = 7
    /// No TLS version in common.
    case tlsVersion = 8
    /// No cipher suite, group or signature algorithm in common.
    case nothingInCommon = 9
    /// It offered other application protocols only (ALPN).
    case applicationProtocol = 10
    /// Its certificate comes from another authority.
    case wrongAuthority = 11
    /// Its certificate has expired.
    case certificateExpired = 12
    /// Its certificate is not valid yet.
    case certificateNotYetValid = 13
    /// Its certificate was revoked.
    case certificateRevoked = 14
    /// Its certificate was replaced by a newer one of the same node.
    case certificateSuperseded = 15
    /// Its certificate is for another purpose, or was refused for a reason of OpenSSL's own.
    case certificateUnusable = 16
    /// Its certificate is of this authority, but of another fleet, or names nobody a fleet has.
    case wrongFleet = 17
    /// It asked for something that needs a certificate, and showed none, or one of another kind.
    case certificateMissing = 18
    /// It does not trust the server's certificate, and said so (TLS alert).
    case serverNotTrusted = 19
    /// It refused for another reason (TLS alert).
    case peerAlert = 20
    /// The passphrase it proved is not the fleet's.
    case wrongPassphrase = 21
    /// Its clock is too far off.
    case clock = 22
    /// Its version is not supported.
    case versionUnsupported = 23
    /// A fact is missing from its registration.
    case factsMissing = 24
    /// A fact in its registration cannot be.
    case factsMalformed = 25
    /// None of its addresses can be reached from another machine.
    case noUsableAddress = 26
    /// It changed its role.
    case roleDiffers = 27
    /// The registry is full.
    case registryFull = 28
    /// It broke the protocol after TLS was up.
    case protocolError = 29
    /// TLS was up, and nothing was asked for.
    case nothingAsked = 30
    /// It asked, was answered, and went: no failure.
    case visited = 31
    /// Its node id belongs to a machine that is here already.
    case duplicateIdentity = 32
    /// Its machine came back with another key, by which it is known since then.
    case keyReplaced = 33

    /// Whether somebody who meant to come in did not. The others are passers-by: health checks, port scans, people with
    /// telnet, probes.
    public var isFailure: Bool {
        switch self {
        case .limit, .silent, .abandoned, .plainText, .http, .nothingAsked, .visited, .applicationProtocol: false
        default: true
        }
    }
}

extension AttemptReason {
    /// A stable word for it, on the wire and in JSON.
    public var word: String {
        switch self {
        case .limit: "limit"
        case .silent: "silent"
        case .abandoned: "abandoned"
        case .reset: "reset"
        case .stalled: "stalled"
        case .plainText: "plain-text"
        case .http: "http"
        case .tlsVersion: "tls-version"
        case .nothingInCommon: "nothing-in-common"
        case .applicationProtocol: "application-protocol"
        case .wrongAuthority: "wrong-authority"
        case .certificateExpired: "certificate-expired"
        case .certificateNotYetValid: "certificate-not-yet-valid"
        case .certificateRevoked: "certificate-revoked"
        case .certificateSuperseded: "certificate-superseded"
        case .certificateUnusable: "certificate-unusable"
        case .wrongFleet: "wrong-fleet"
        case .certificateMissing: "certificate-missing"
        case .serverNotTrusted: "server-not-trusted"
        case .peerAlert: "peer-alert"
        case .wrongPassphrase: "wrong-passphrase"
        case .clock: "clock"
        case .versionUnsupported: "version-unsupported"
        case .factsMissing: "facts-missing"
        case .factsMalformed: "facts-malformed"
        case .noUsableAddress: "no-usable-address"
        case .roleDiffers: "role-differs"
        case .registryFull: "registry-full"
        case .protocolError: "protocol-error"
        case .nothingAsked: "nothing-asked"
        case .visited: "visited"
        case .duplicateIdentity: "duplicate-identity"
        case .keyReplaced: "key-replaced"
        }
    }
}

extension RegistrationRefusal {
    /// The same in the words of attempts; nil for what is the server's own trouble.
    public var attemptReason: AttemptReason? {
        switch self {
        case .missing: .factsMissing
        case .tooLong, .tooMany, .malformed, .duplicateService: .factsMalformed
        case .noUsableAddress: .noUsableAddress
        case .roleDiffers: .roleDiffers
        case .duplicateIdentity: .duplicateIdentity
        case .keyReplaced: .keyReplaced
        case .nodeLimit, .siteLimit: .registryFull
        case .registryNotWritable, .notRegistered: nil
        }
    }
}
