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
                "Rollcall \(look.version), fleet \(look.fleet); round trip \(times)", took: took),
            readiness(look),
            clock(look, limits),
            identity(look, shown),
            source(look),
        ]
    }

    private static func readiness(_ look: ServerLook) -> Check {
        switch look.readiness {
        case .unknown: Check(.readiness, at: look.address, .unknown, nil, "the server does not tell")
        case .ready: Check(.readiness, at: look.address, .passed, nil, "takes registrations")
        case .draining: Check(.readiness, at: look.address, .passed, .draining, "about to stop: takes no newcomers")
        case .readOnly:
            Check(
                .readiness, at: look.address, .failed, .readOnly,
                "heartbeats work, registrations are refused: its registry cannot be written")
        }
    }

    private static func clock(_ look: ServerLook, _ limits: ProbeLimits) -> Check {
        guard look.serverUnixMilliseconds > 0 else {
            return Check(.clock, at: look.address, .unknown, nil, "the server does not tell the time")
        }
        let distance = look.clockSkew < .zero ? .zero - look.clockSkew : look.clockSkew
        let sign = look.clockSkew < .zero ? "-" : "+"
        let words =
            "server \(sign)\(distance.inWords) (server \(UTCTime(look.serverUnixMilliseconds)), "
            + "here \(UTCTime(look.localUnixMilliseconds)), ±\((look.shortest / 2).inWords))"
        if distance >= limits.clockFarOff { return Check(.clock, at: look.address, .failed, .clockFarOff, words) }
        return Check(.clock, at: look.address, .passed, distance >= limits.clockOff ? .clockOff : nil, words)
    }

    private static func identity(_ look: ServerLook, _ shown: PeerIdentity?) -> Check {
        switch (shown, look.identity.isEmpty) {
        case (nil, true):
            Check(.identity, at: look.address, .unknown, nil, "none shown (--identity DIR shows one)")
        case (nil, false):
            Check(.identity, at: look.address, .passed, nil, "the server sees \(look.identity)")
        case (let shown?, _) where shown.uri == look.identity:
            Check(.identity, at: look.address, .passed, nil, "accepted: the server sees \(look.identity)")
        case (let shown?, _):
            Check(
                .identity, at: look.address, .failed, .identityNotSeen,
                "\(shown.uri) was shown, the server sees "
                    + (look.identity.isEmpty ? "a stranger" : look.identity))
        }
    }

    private static func source(_ look: ServerLook) -> Check {
        let observed = look.observedAddress
        switch look.isTranslated {
        case nil where observed.isEmpty:
            return Check(.sourceAddress, at: look.address, .unknown, nil, "the server does not tell")
        case nil: return Check(.sourceAddress, at: look.address, .unknown, nil, "the server sees \(observed)")
        case true?:
            let local = look.localAddress.map { "\($0)" } ?? "another one"
            return Check(
                .sourceAddress, at: look.address, .passed, nil,
                "the server sees \(observed), here it is \(local): NAT or a proxy in between")
        case false?:
            return Check(.sourceAddress, at: look.address, .passed, nil, "the server sees \(observed), as it is here")
        }
    }

    // MARK: pings that came to nothing

    static func failed(
        _ outcome: TLSConversation.PingOutcome, at address: SocketAddress, showedIdentity: Bool, took: Duration
    ) -> Check {
        switch outcome {
        case .answered: Check(.ping, at: address, .passed, nil, "answered", took: took)
        case .tooLate:
            Check(.ping, at: address, .failed, .pingUnanswered, "TLS works, the ping has no answer", took: took)
        case .badFrame(let fault):
            Check(.ping, at: address, .failed, .pingRefused, "the answer is not rollcall/1: \(fault)", took: took)
        case .refused(let words):
            Check(.ping, at: address, .failed, .pingRefused, "the server answers \(words)", took: took)
        case .ended(.tls(_, .peerAlert(let alert))) where showedIdentity:
            Check(
                .identity, at: address, .failed, .identityRefused, "the server refuses this certificate: \(alert)",
                took: took)
        case .ended(let reason):
            Check(
                .ping, at: address, .failed, .pingCut, "the connection ended before the answer: \(words(reason))",
                took: took)
        }
    }

    private static func words(_ reason: CloseReason) -> String {
        switch reason {
        case .closedByPeer: "the server said goodbye"
        case .endedWithoutClosing: "FIN without a goodbye"
        case .reset: "reset"
        case .tls(let words, let refusal): refusal?.description ?? words
        case .connectFailed(let error), .failed(let error): "\(error.reason) (\(error.name))"
        case .tooSlow: "the server does not read"
        }
    }
}
