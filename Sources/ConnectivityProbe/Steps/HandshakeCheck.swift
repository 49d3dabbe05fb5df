internal import EventLoop
internal import SecureTransport

/// What the end of a handshake means. Pure.
enum HandshakeCheck {
    /// The line for a handshake that succeeded.
    static func passed(
        _ facts: TLSFacts, at address: SocketAddress, took: Duration, limits: ProbeLimits
    ) -> Check {
        let name = facts.applicationProtocol
        let parts = [
            facts.version, facts.cipherSuite, facts.group,
            name.isEmpty ? "no application protocol (ALPN)" : "ALPN \(name)",
        ]
        let slow = took > limits.slowHandshake
        return Check(
            .tls, at: address, .passed, slow ? .slowHandshake : nil,
            parts.filter { !$0.isEmpty }.joined(separator: ", "), took: took)
    }

    /// The line for one that did not.
    static func failed(
        _ outcome: TLSConversation.HandshakeOutcome, at address: SocketAddress, took: Duration
    ) -> Check {
        let (symptom, words): (Symptom, String) =
            switch outcome {
            case .established: (.tlsFailed, "established")
            case .tooLate(let figures): meaning(of: figures)
            case .outOfMemory(let error): (.tlsFailed, "\(error)")
            case .ended(let reason): meaning(of: reason)
            }
        return Check(.tls, at: address, .failed, symptom, words, took: took)
    }

    private static func meaning(of figures: TCPFigures?) -> (Symptom, String) {
        guard let figures else {
            return (.silentAfterConnect, "accepted, and then nothing: no answer to the TLS greeting")
        }
        // The kernel counts the connection's own first byte, too.
        let confirmed = max(0, figures.confirmedBytes - 1)
        if confirmed == 0, figures.unconfirmedSegments > 0 {
            return (
                .stalledAfterConnect,
                "accepted, but then nothing passes: the TLS greeting was sent \(figures.segmentsSentAgain + 1) times and "
                    + "never confirmed"
            )
        }
        let received = figures.receivedBytes
        return (
            .silentAfterConnect,
            "accepted; the other side confirmed the TLS greeting (\(confirmed) bytes) and "
                + (received == 0 ? "does not answer it" : "answered \(received) bytes, no whole answer")
        )
    }

    private static func meaning(of reason: CloseReason) -> (Symptom, String) {
        switch reason {
        case .reset: (.resetInHandshake, "reset in the middle of the handshake")
        case .closedByPeer, .endedWithoutClosing: (.closedInHandshake, "the other side hung up on the TLS greeting")
        case .tls(let words, let refusal): meaning(of: refusal, words)
        case .connectFailed(let error), .failed(let error):
            error.isTimedOut
                ? (.silentAfterConnect, "the connection timed out in the middle of the handshake")
                : (.tlsFailed, "\(error.reason) (\(error.name))")
        case .tooSlow: (.tlsFailed, "the other side does not read")
        }
    }

    private static func meaning(of refusal: TLSRefusal?, _ words: String) -> (Symptom, String) {
        switch refusal {
        case .notTLS: (.notTLS, "what came back is not TLS")
        case .protocolVersion: (.oldTLS, "no TLS version in common: TLS 1.2 or newer is needed")
        case .nothingInCommon: (.nothingInCommon, "no cipher suite, group or signature algorithm in common")
        case .applicationProtocol: (.notRollcall, "it does not know rollcall/1 (ALPN)")
        case .peerAlert(let alert): (.alert, "the other side ended the handshake: \(alert)")
        default: (.tlsFailed, words)
        }
    }

    /// Whether asking again without naming an application protocol may show more.
    static func isAboutApplicationProtocol(_ outcome: TLSConversation.HandshakeOutcome) -> Bool {
        if case .ended(.tls(_, .applicationProtocol)) = outcome { true } else { false }
    }
}
