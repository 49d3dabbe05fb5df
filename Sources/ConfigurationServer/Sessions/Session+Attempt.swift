internal import Registry
internal import SecureTransport

/// What a session leaves behind if nobody got in by it.
extension Session {
    /// The reason is clear: into the log now, into the server's memory when the connection ends.
    func nothingCameOfIt(_ reason: AttemptReason, _ why: String) {
        if arrival?.failure == nil { arrival?.failure = (reason, why) }
        home.cameToNothing(why, metadata: logMetadata)
    }

    /// A request to come in was refused: noted at once, for the peer may stay on the line.
    func noteRefusal(_ reason: AttemptReason, _ why: String) {
        // One that is in already can be refused, too, with what it says anew.
        let arrival = self.arrival ?? Arrival(facts)
        self.arrival = arrival
        arrival.failure = (reason, why)
        guard !arrival.isNoted else { return }
        arrival.isNoted = true
        home.note(attempt(reason, why, progress: .refused, end: .open))
    }

    /// Where the peer stands, while the stream still knows.
    func notePlace() {
        guard case .secure(let stream)? = transport, let arrival else { return }
        arrival.facts.peerAddress = stream.peerAddress?.description ?? arrival.facts.peerAddress
        if let local = stream.localAddress { arrival.facts.localAddress = local.description }
    }

    /// The connection ends. Whoever registered, and operators, are no attempts.
    func noteAttempt(ended loss: ConnectionLoss) {
        guard let arrival, !arrival.isNoted, count != .uncounted, slot == nil else { return }
        switch (machine.phase, machine.peer) {
        case (.admitted, _), (.left, _), (.closed, _), (_, .operator): return
        case (.accepted, _), (.established, _): break
        }
        if arrival.failure == nil, loss == .serverDrained { return }
        arrival.isNoted = true
        if arrival.facts.peerAddress.isEmpty { notePlace() }
        let (reason, detail) = arrival.failure ?? (hasRequested ? .visited : .nothingAsked, "")
        let end = AttemptEnd(loss, refused: arrival.failure != nil)
        home.note(attempt(reason, detail, progress: progress, end: end))
    }

    private var progress: AttemptProgress {
        guard machine.phase == .accepted else { return hasRequested ? .served : .secured }
        if arrival?.plainBytes ?? 0 > 0 { return .spoke }
        return transport?.handshakeBegan ?? false ? .handshaking : .connected
    }

    private func attempt(
        _ reason: AttemptReason, _ detail: String, progress: AttemptProgress, end: AttemptEnd
    ) -> Attempt {
        let now = home.now
        let (facts, plainBytes) = (self.facts, arrival?.plainBytes ?? 0)
        var attempt = Attempt(
            peer: facts.peerAddress, local: facts.localAddress, at: acceptedAt, lasted: now - acceptedAt,
            progress: progress, end: end, reason: reason, detail: detail, bytesIn: UInt64(clamping: plainBytes))
        if case .node(let id) = machine.peer { attempt.node = id }
        guard case .secure(let stream)? = transport else { return attempt }
        attempt.bytesIn = stream.handshakeBytes.received
        attempt.bytesOut = stream.handshakeBytes.sent
        if plainBytes == 0, stream.handshakeBegan { attempt = attempt.asking(for: stream.askedForName) }
        if let run = arrival?.enrolment { attempt = attempt.claiming(run.hostname) }
        guard let refused = stream.refusedCertificate else { return attempt }
        attempt.issuer = refused.issuer
        attempt.validFrom = Instant(unixMilliseconds: refused.notBeforeUnixSeconds * 1_000)
        attempt.validUntil = Instant(unixMilliseconds: refused.notAfterUnixSeconds * 1_000)
        // Only the fleet's authority vouches for a name: a stranger's certificate may say anything.
        let isOurs =
            reason == .certificateExpired || reason == .certificateNotYetValid || reason == .certificateRevoked
            || reason == .certificateSuperseded
        let claimed = PeerIdentity(uri: refused.uri, notAfterUnixSeconds: refused.notAfterUnixSeconds)
        if isOurs, case .node(let id) = home.peer(for: claimed) { attempt.node = id }
        return attempt
    }
}

extension AttemptReason {
    /// What a failure of TLS tells.
    /// `ownIsValid`: this server's own certificate is within its dates, by this server's clock.
    init(_ refusal: TLSRefusal?, wasSecured: Bool, ownIsValid: Bool) {
        switch refusal {
        case .untrustedIssuer: self = .wrongAuthority
        case .expired: self = .certificateExpired
        case .notYetValid: self = .certificateNotYetValid
        case .revoked(let why): self = Self.revocation(why)
        case .wrongPurpose, .certificate: self = .certificateUnusable
        case .wrongName: self = .wrongFleet
        case .protocolVersion: self = .tlsVersion
        case .nothingInCommon: self = .nothingInCommon
        case .applicationProtocol: self = .applicationProtocol
        case .notTLS: self = .plainText
        // OpenSSL says so of one that has ended, and "bad certificate" of one that has not begun.
        case .peerAlert(let alert) where ownIsValid && alert.hasPrefix("certificate expired"): self = .clock
        case .peerAlert(let alert):
            self = Self.trustAlerts.contains(where: alert.hasPrefix) ? .serverNotTrusted : .peerAlert
        case nil: self = wasSecured ? .protocolError : .stalled
        }
    }

    /// What a line of the list of revoked certificates means: its reason may say that a newer one takes its place.
    static func revocation(_ why: String) -> AttemptReason {
        why.contains(": superseded") ? .certificateSuperseded : .certificateRevoked
    }

    /// Alerts by which a client says that it does not trust the certificate it was shown (RFC 8446 section 6.2).
    private static let trustAlerts = [
        "unknown ca", "bad certificate", "certificate unknown", "certificate expired", "unsupported certificate",
        "certificate revoked",
    ]
}

extension AttemptEnd {
    fileprivate init(_ loss: ConnectionLoss, refused: Bool) {
        switch loss {
        case .reset: self = .reset
        case .closedWithoutGoodbye: self = .closedByPeer
        case .timedOut: self = .silence
        case .protocolError, .closedByServer, .serverDrained: self = .closedByServer
        }
    }
}
