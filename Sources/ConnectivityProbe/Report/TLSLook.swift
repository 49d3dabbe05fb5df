public import EventLoop
public import SecureTransport

/// What TLS showed at one address.
public struct TLSLook: Equatable, Sendable {
    /// Where.
    public var address: SocketAddress
    /// What the handshake settled.
    public var facts: TLSFacts
    /// The certificates the server sent, its own first.
    public var chain: [CertificateFacts]
    /// Whether the authority given vouches for the server; unknown where none was given.
    public var trust: CheckState

    /// What was seen there.
    public init(address: SocketAddress, facts: TLSFacts, chain: [CertificateFacts], trust: CheckState) {
        self.address = address
        self.facts = facts
        self.chain = chain
        self.trust = trust
    }
}

extension CertificateFacts {
    /// Whole days until it ends; negative once it has.
    public func daysLeft(atUnixSeconds now: Int64) -> Int64 {
        let seconds = notAfterUnixSeconds - now
        return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    }
}
