internal import ErrorCatalogue
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
            name.isEmpty ? "" : "ALPN \(name)",
        ]
        let known = Phrase(same: parts.filter { !$0.isEmpty }.joined(separator: ", "))
        let slow = took > limits.slowHandshake
        return Check(
            .tls, at: address, .passed, slow ? .slowHandshake : nil,
            name.isEmpty ? known + Phrase(", no application protocol (ALPN)", "，沒有應用協定（ALPN）") : known, took: took)
    }

    /// The line for one that did not.
    static func failed(
        _ outcome: TLSConversation.HandshakeOutcome, at address: SocketAddress, took: Duration
    ) -> Check {
        let (symptom, words): (Symptom, Phrase) =
            switch outcome {
            case .established: (.tlsFailed, Phrase("established", "已建立"))
            case .tooLate(let figures): meaning(of: figures)
            case .outOfMemory(let error): (.tlsFailed, Phrase("\(error)", "這部機器的 TLS 出錯：\(error)"))
            case .ended(let reason): meaning(of: reason)
            }
        return Check(.tls, at: address, .failed, symptom, words, took: took)
    }

    private static func meaning(of figures: TCPFigures?) -> (Symptom, Phrase) {
        guard let figures else {
            return (
                .silentAfterConnect,
                Phrase("accepted, and then nothing: no answer to the TLS greeting", "接受了連線，之後什麼都沒有：TLS 問候沒有回答")
            )
        }
        // The kernel counts the connection's own first byte, too.
        let confirmed = max(0, figures.confirmedBytes - 1)
        if confirmed == 0, figures.unconfirmedSegments > 0 {
            return (
                .stalledAfterConnect,
                Phrase(
                    "accepted, but then nothing passes: the TLS greeting was sent \(figures.segmentsSentAgain + 1) times "
                        + "and never confirmed",
                    "接受了連線，之後什麼都過不去：TLS 問候送了 \(figures.segmentsSentAgain + 1) 次，從未得到確認")
            )
        }
        let received = figures.receivedBytes
        return (
            .silentAfterConnect,
            Phrase(
                "accepted; the other side confirmed the TLS greeting (\(confirmed) bytes) and ",
                "接受了連線；對方確認收到 TLS 問候（\(confirmed) 位元組），")
                + (received == 0
                    ? Phrase("does not answer it", "卻不回答")
                    : Phrase("answered \(received) bytes, no whole answer", "只回了 \(received) 位元組，不成完整的回答"))
        )
    }

    private static func meaning(of reason: CloseReason) -> (Symptom, Phrase) {
        switch reason {
        case .reset: (.resetInHandshake, Phrase("reset in the middle of the handshake", "交握途中遭重設"))
        case .closedByPeer, .endedWithoutClosing:
            (.closedInHandshake, Phrase("the other side hung up on the TLS greeting", "對方收到 TLS 問候就掛斷"))
        case .tls(let words, let refusal): meaning(of: refusal, words)
        case .connectFailed(let error), .failed(let error):
            error.isTimedOut
                ? (
                    .silentAfterConnect,
                    Phrase("nothing came any more in the middle of the handshake", "交握途中再也沒有東西送來")
                )
                : (.tlsFailed, Phrase("\(error.reason) (\(error.name))", "系統回報 \(error.reason)（\(error.name)）"))
        case .tooSlow: (.tlsFailed, Phrase("the other side does not read", "對方不讀取資料"))
        }
    }

    private static func meaning(of refusal: TLSRefusal?, _ words: String) -> (Symptom, Phrase) {
        switch refusal {
        case .notTLS: (.notTLS, Phrase("what came back is not TLS", "回來的不是 TLS"))
        case .protocolVersion:
            (.oldTLS, Phrase("no TLS version in common: TLS 1.2 or newer is needed", "沒有共通的 TLS 版本：需要 TLS 1.2 以上"))
        case .nothingInCommon:
            (
                .nothingInCommon,
                Phrase("no cipher suite, group or signature algorithm in common", "沒有共通的加密套件、群組或簽章演算法")
            )
        case .applicationProtocol:
            (.notRollcall, Phrase("it does not know rollcall/1 (ALPN)", "它不懂 rollcall/1（ALPN）"))
        case .peerAlert(let alert):
            (.alert, Phrase("the other side ended the handshake: \(alert)", "對方中止交握：\(alert)"))
        case let refusal?: (.tlsFailed, refusal.phrase)
        case nil: (.tlsFailed, Phrase(words, "TLS 回報：\(words)"))
        }
    }

    /// Whether asking again without naming an application protocol may show more.
    static func isAboutApplicationProtocol(_ outcome: TLSConversation.HandshakeOutcome) -> Bool {
        if case .ended(.tls(_, .applicationProtocol)) = outcome { true } else { false }
    }
}
