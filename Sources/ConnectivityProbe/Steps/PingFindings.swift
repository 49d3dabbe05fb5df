internal import ErrorCatalogue
internal import EventLoop
internal import RollcallProtocol
internal import SecureTransport

/// What the answers to the pings mean: several lines from one conversation. Pure.
enum PingFindings {
    /// What the server said, from all of its answers. The clock is read from the fastest: it is the most exact.
    static func look(
        _ pongs: [TLSConversation.Pong], at address: SocketAddress, local: SocketAddress?
    ) -> ServerLook? {
        guard let fastest = pongs.min(by: { $0.roundTrip < $1.roundTrip }) else { return nil }
        let answer = fastest.response
        let skew = answer.serverTimeUnixMs.subtractingReportingOverflow(fastest.localUnixMilliseconds)
        return ServerLook(
            address: address, fleet: answer.fleet, version: answer.serverVersion,
            readiness: readiness(answer.readiness), observedAddress: answer.observedAddress, localAddress: local,
            identity: answer.identity, clockSkew: .milliseconds(skew.overflow ? .max : skew.partialValue),
            serverUnixMilliseconds: answer.serverTimeUnixMs,
            localUnixMilliseconds: fastest.localUnixMilliseconds, roundTrips: pongs.map(\.roundTrip))
    }

    private static func readiness(_ wire: WireReadiness) -> ServerLook.Readiness {
        switch wire {
        case .ready: .ready
        case .draining: .draining
        case .readOnly: .readOnly
        default: .unknown
        }
    }

    /// The lines.
    static func checks(
        _ look: ServerLook, shown: PeerIdentity?, limits: ProbeLimits, took: Duration
    ) -> [Check] {
        let at = look.address
        let times =
            look.roundTrips.count == 1
            ? look.shortest.inWords
            : "min \(look.shortest.inWords), avg \(look.average.inWords), max \(look.longest.inWords)"
        return [
            Check(
                .ping, at: at, .passed, look.average > limits.slowPing ? .slowPing : nil,
                Phrase(
                    "Rollcall \(look.version), fleet \(look.fleet); round trip \(times)",
                    "Rollcall \(look.version)，機群 \(look.fleet)；來回 \(times)"), took: took),
            readiness(look),
            clock(look, limits),
            identity(look, shown),
            source(look),
        ]
    }

    private static func readiness(_ look: ServerLook) -> Check {
        switch look.readiness {
        case .unknown: Check(.readiness, at: look.address, .unknown, nil, silent)
        case .ready:
            Check(.readiness, at: look.address, .passed, nil, Phrase("takes registrations", "接受註冊"))
        case .draining:
            Check(
                .readiness, at: look.address, .passed, .draining,
                Phrase("draining: about to stop, takes no newcomers", "正在停止：不接受新來者"))
        case .readOnly:
            Check(
                .readiness, at: look.address, .failed, .readOnly,
                Phrase(
                    "heartbeats work, registrations are refused: its registry cannot be written",
                    "活動訊號正常，註冊遭拒：它的登錄無法寫入"))
        }
    }

    private static func clock(_ look: ServerLook, _ limits: ProbeLimits) -> Check {
        guard look.serverUnixMilliseconds > 0 else {
            return Check(
                .clock, at: look.address, .unknown, nil, Phrase("the server does not tell the time", "伺服器不說時間"))
        }
        let distance = look.clockSkew < .zero ? .zero - look.clockSkew : look.clockSkew
        let sign = look.clockSkew < .zero ? "-" : "+"
        let (server, here) = (UTCTime(look.serverUnixMilliseconds), UTCTime(look.localUnixMilliseconds))
        let half = (look.shortest / 2).inWords
        let words =
            Phrase("server \(sign)", "伺服器 \(sign)") + distance.phrase
            + Phrase(
                " (server \(server), here \(here), ±\(half))", "（伺服器 \(server)，此處 \(here)，±\(half)）")
        if distance >= limits.clockFarOff { return Check(.clock, at: look.address, .failed, .clockFarOff, words) }
        return Check(.clock, at: look.address, .passed, distance >= limits.clockOff ? .clockOff : nil, words)
    }

    private static let silent = Phrase("the server does not tell", "伺服器不說")

    private static func identity(_ look: ServerLook, _ shown: PeerIdentity?) -> Check {
        let seen = Phrase("the server sees \(look.identity)", "伺服器看到的是 \(look.identity)")
        return switch (shown, look.identity.isEmpty) {
        case (nil, true):
            Check(
                .identity, at: look.address, .unknown, nil,
                Phrase("none shown (--identity DIR shows one)", "未出示（--identity DIR 可出示）"))
        case (nil, false):
            Check(.identity, at: look.address, .passed, nil, seen)
        case (let shown?, _) where shown.uri == look.identity:
            Check(.identity, at: look.address, .passed, nil, Phrase("accepted: ", "獲接受：") + seen)
        case (let shown?, _):
            Check(
                .identity, at: look.address, .failed, .identityNotSeen,
                Phrase("\(shown.uri) was shown, ", "出示了 \(shown.uri)，")
                    + (look.identity.isEmpty ? Phrase("the server sees a stranger", "伺服器看到的是陌生人") : seen))
        }
    }

    private static func source(_ look: ServerLook) -> Check {
        let observed = look.observedAddress
        let seen = Phrase("the server sees \(observed)", "伺服器看到的是 \(observed)")
        switch look.isTranslated {
        case nil where observed.isEmpty:
            return Check(.sourceAddress, at: look.address, .unknown, nil, silent)
        case nil: return Check(.sourceAddress, at: look.address, .unknown, nil, seen)
        case true?:
            let local = look.localAddress.map { "\($0)" } ?? "?"
            return Check(
                .sourceAddress, at: look.address, .passed, nil,
                seen + Phrase(", here it is \(local): NAT or a proxy in between", "，此處是 \(local)：中間有 NAT 或 Proxy"))
        case false?:
            return Check(
                .sourceAddress, at: look.address, .passed, nil, seen + Phrase(", as it is here", "，與此處相同"))
        }
    }

    // MARK: pings that came to nothing

    static func failed(
        _ outcome: TLSConversation.PingOutcome, at address: SocketAddress, showedIdentity: Bool, took: Duration
    ) -> Check {
        switch outcome {
        case .answered: Check(.ping, at: address, .passed, nil, Phrase("answered", "有回答"), took: took)
        case .sentAway(let delay):
            Check(
                .ping, at: address, .passed, .draining,
                Phrase("the server asks to come back in \(delay.inWords)", "伺服器要求 \(delay.inWords) 後再來"), took: took)
        case .tooLate:
            Check(
                .ping, at: address, .failed, .pingUnanswered,
                Phrase("TLS works, the ping has no answer", "TLS 正常，詢問沒有回答"), took: took)
        case .badFrame(let fault):
            Check(
                .ping, at: address, .failed, .pingRefused,
                Phrase("the answer is not rollcall/1: \(fault)", "回答不是 rollcall/1：\(fault)"), took: took)
        case .refused(let words):
            Check(
                .ping, at: address, .failed, .pingRefused,
                Phrase("the server answers \(words)", "伺服器回答 \(words)"), took: took)
        case .ended(.tls(_, .peerAlert(let alert))) where showedIdentity:
            Check(
                .identity, at: address, .failed, .identityRefused,
                Phrase("the server refuses this certificate: \(alert)", "伺服器拒絕這張憑證：\(alert)"), took: took)
        case .ended(let reason):
            Check(
                .ping, at: address, .failed, .pingCut,
                Phrase("the connection ended before the answer: ", "連線在回答之前結束：") + words(reason), took: took)
        }
    }

    private static func words(_ reason: CloseReason) -> Phrase {
        switch reason {
        case .closedByPeer: Phrase("the server said goodbye", "伺服器道別了")
        case .endedWithoutClosing: Phrase("FIN without a goodbye", "沒有道別就 FIN")
        case .reset: Phrase("reset", "遭重設")
        case .tls(let words, let refusal): refusal?.phrase ?? Phrase(same: words)
        case .connectFailed(let error), .failed(let error): Phrase(same: "\(error.reason) (\(error.name))")
        case .tooSlow: Phrase("the server does not read", "伺服器不讀取資料")
        }
    }
}
