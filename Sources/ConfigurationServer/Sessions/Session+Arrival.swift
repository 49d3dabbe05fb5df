internal import Registry
internal import SecureTransport

/// What is known of a peer until it is in, and of one that never gets in: two hundred bytes that the thousands who are in need
/// not have.
final class Arrival {
    var facts: ConnectionFacts
    /// What came without TLS: how much, and how it began.
    var plainBytes = 0
    var plainStart: [UInt8] = []
    /// Why nothing came of it, once that is clear.
    var failure: (reason: AttemptReason, detail: String)?
    /// How far a newcomer's enrolment is; nil on all other connections.
    var enrolment: EnrolmentRun?
    /// Whether it was noted as an attempt already.
    var isNoted = false

    init(_ facts: ConnectionFacts = ConnectionFacts()) { self.facts = facts }
}

extension Session {
    /// The node is in: what was kept of its coming is given up.
    func forgetArrival() {
        arrival = nil
        if case .secure(let stream)? = transport { stream.forgetApproach() }
    }

    /// Where the connection comes from and how it is secured: as noted on its arrival, or found out anew.
    var facts: ConnectionFacts {
        if let arrival { return arrival.facts }
        guard case .secure(let stream)? = transport else { return ConnectionFacts() }
        return ConnectionFacts(
            peerAddress: peerAddress, localAddress: stream.localAddress?.description ?? "",
            tlsVersion: stream.tlsVersion,
            certificateUntil: proof.map { Instant(unixMilliseconds: $0.notAfter * 1_000) },
            issuer: proof.map { home.trust.issuer(tagged: $0.issuerTag) } ?? "")
    }

    /// Address and port of the peer; "local user 0" for one on the local socket.
    var peerAddress: String {
        if let arrival { return arrival.facts.peerAddress }
        guard case .secure(let stream)? = transport else { return "" }
        return stream.peerAddress?.description ?? ""
    }
}
