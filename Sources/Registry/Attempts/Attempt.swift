/// Somebody tried to get in, and did not become a registered node by it: from where, how far, how it ended, why.
///
/// Everything in here comes from a stranger, so texts are cut and numbers are bounded where the attempt is made.
public struct Attempt: Equatable, Sendable {
    /// Address and port it came from, as the server saw them.
    public var peer: String
    /// Address and port of the server on which it arrived; empty where not known.
    public var local: String
    /// When the connection was accepted.
    public var at: Instant
    /// How long it lasted, up to the moment at which it was noted.
    public var lasted: Duration
    /// How far it got.
    public var progress: AttemptProgress
    /// How the connection ended.
    public var end: AttemptEnd
    /// Why it came to nothing.
    public var reason: AttemptReason
    /// The reason with its facts, as a clause.
    public var detail: String
    /// Bytes that came, TLS and all.
    public var bytesIn: UInt64
    /// Bytes that were sent.
    public var bytesOut: UInt64
    /// The name that was asked for in TLS (SNI); empty where none was. A probe puts a mark of its own in here.
    public var serverName: String
    /// What a machine that wanted to enrol called itself; empty for others. Nobody has checked it.
    public private(set) var claimedName = ""
    /// Who it is, where its certificate says so: also one that was refused.
    public var node: NodeID?
    /// The certificate's issuer, where one was refused.
    public var issuer: String
    /// From when the refused certificate is valid.
    public var validFrom: Instant?
    /// Until when the refused certificate is valid.
    public var validUntil: Instant?

    /// Bytes of `detail` and `issuer` that are kept.
    public static let textBytesMax = 256
    /// Bytes of `serverName` that are kept: as long as a DNS name may be.
    public static let serverNameBytesMax = 253

    /// An attempt; what is not given is unknown. Texts are cut to their limits.
    public init(
        peer: String, local: String = "", at: Instant, lasted: Duration = .zero, progress: AttemptProgress,
        end: AttemptEnd, reason: AttemptReason, detail: String = "", bytesIn: UInt64 = 0, bytesOut: UInt64 = 0,
        serverName: String = "", node: NodeID? = nil, issuer: String = "", validFrom: Instant? = nil,
        validUntil: Instant? = nil
    ) {
        self.peer = peer
        self.local = local
        self.at = at
        self.lasted = lasted
        self.progress = progress
        self.end = end
        self.reason = reason
        self.detail = Self.harmless(detail, Self.textBytesMax)
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
        self.serverName = Self.harmless(serverName, Self.serverNameBytesMax)
        self.node = node
        self.issuer = Self.harmless(issuer, Self.textBytesMax)
        self.validFrom = validFrom
        self.validUntil = validUntil
    }

    /// The same with the name that was asked for in TLS.
    public func asking(for serverName: String) -> Attempt {
        var attempt = self
        attempt.serverName = Self.harmless(serverName, Self.serverNameBytesMax)
        return attempt
    }

    /// The same with the name that the machine wanted to enrol under.
    public func claiming(_ name: String) -> Attempt {
        var attempt = self
        attempt.claimedName = Self.harmless(name, Self.serverNameBytesMax)
        return attempt
    }

    /// The peer's address without its port: each try comes from another one.
    public var address: String { Self.host(of: peer) }

    /// "10.0.0.1:443" or "[::1]:443" without its port.
    static func host(of peer: String) -> String {
        // By its bytes: it is asked for each node at a start.
        let bytes = Array(peer.utf8)
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return peer }
        let host = bytes[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            return String(decoding: host.dropFirst().dropLast(), as: UTF8.self)
        }
        return host.contains(UInt8(ascii: ":")) ? peer : String(decoding: host, as: UTF8.self)
    }

    private static func harmless(_ text: String, _ bytesMax: Int) -> String {
        var kept = ""
        for scalar in text.unicodeScalars {
            guard kept.utf8.count + UTF8.width(scalar) <= bytesMax else { break }
            kept.unicodeScalars.append(isControl(scalar) ? " " : scalar)
        }
        return kept
    }
}

/// How far an attempt got.
public enum AttemptProgress: UInt8, Hashable, Sendable, CaseIterable {
    /// TCP only: not a byte came.
    case connected = 1
    /// Bytes came that are no TLS handshake.
    case spoke = 2
    /// A TLS handshake began, and was not finished.
    case handshaking = 3
    /// TLS is up; nothing was asked for.
    case secured = 4
    /// It asked for something that needed no registration, and got it.
    case served = 5
    /// It asked to register, or for something else, and was refused.
    case refused = 6
}

/// How an attempt's connection ended.
public enum AttemptEnd: UInt8, Hashable, Sendable, CaseIterable {
    /// It is still open.
    case open = 1
    /// The peer closed it (FIN).
    case closedByPeer = 2
    /// The peer, or something on the way in its name, reset it.
    case reset = 3
    /// Nothing more came, and the server gave it up.
    case silence = 4
    /// The server refused and closed it.
    case closedByServer = 5
}
