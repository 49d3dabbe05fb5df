internal import ErrorCatalogue
internal import EventLoop
internal import SecureTransport

/// TLS, what stands in its place, and the certificate.
extension AddressProbe {
    /// The name to ask for: numbers are no name (RFC 6066 section 3).
    var serverName: String? {
        if let name = settings.serverName { return name }
        let host = settings.target.host
        return SocketAddress(host: host, port: 1) == nil ? host : nil
    }

    func handshake(_ step: ProbeStep) {
        guard let stream = connected else { preconditionFailure("TCP has passed, so there is a stream") }
        connected = nil
        let local = stream.localAddress
        look(over: stream, offering: [TLSContext.applicationProtocol, "http/1.1"], step) { [weak self] outcome, took in
            guard let self else { return }
            note(outcome, from: local)
            guard HandshakeCheck.isAboutApplicationProtocol(outcome) else { return looked(outcome, took) }
            // Asked without a protocol it may still show its certificate, and so what it is.
            connectAgain(within: settings.limits.connect) { [weak self] stream in
                guard let self, let stream else { self?.looked(outcome, took); return }
                self.look(over: stream, offering: [], step) { [weak self] second, secondTook in
                    if case .established = second {
                        self?.looked(second, secondTook)
                    } else {
                        self?.looked(outcome, took)
                    }
                }
            }
        }
    }

    /// A greeting that came to nothing on the way: the server may have seen some of it.
    private func note(_ outcome: TLSConversation.HandshakeOutcome, from local: SocketAddress?) {
        let attempt: AttemptMade?
        switch outcome {
        case .tooLate(let figures): attempt = AttemptMade(Self.greetingWords, to: address, from: local, figures)
        case .ended(.reset), .ended(.endedWithoutClosing), .ended(.closedByPeer), .ended(.failed):
            attempt = AttemptMade(Self.greetingWords, to: address, from: local, nil)
        default: attempt = nil
        }
        if let attempt { made.append(attempt) }
    }

    private static let greetingWords = Phrase("the TLS greeting", "TLS 問候")
    private static let noSecond = Phrase("it takes no second connection", "它不接受第二個連線")

    private func look(
        over stream: ByteStream, offering: [String], _ step: ProbeStep,
        completion: @escaping (TLSConversation.HandshakeOutcome, Duration) -> Void
    ) {
        let conversation = conversation()
        stranger = conversation
        do {
            conversation.begin(
                over: stream, context: try TLSContext.client(servers: .anybody, offering: offering),
                serverName: serverName, expecting: .anybody, identity: nil, within: step.limit, completion: completion)
        } catch {
            stream.close()
            completion(.outOfMemory(error), .zero)
        }
    }

    private func conversation() -> TLSConversation {
        let conversation = TLSConversation(on: loop, wallClock: wallClock)
        conversation.onFigures = { [weak self] in self?.figures.append($0) }
        return conversation
    }

    private func looked(_ outcome: TLSConversation.HandshakeOutcome, _ took: Duration) {
        guard case .established(let facts, let chain) = outcome else {
            return done(HandshakeCheck.failed(outcome, at: address, took: took))
        }
        tlsLook = TLSLook(address: address, facts: facts, chain: chain, trust: .unknown)
        done(HandshakeCheck.passed(facts, at: address, took: took, limits: settings.limits))
    }

    func listen(_ step: ProbeStep) {
        connectAgain(within: settings.limits.connect) { [weak self] stream in
            guard let self else { return }
            guard let stream else {
                return done(Check(.banner, at: address, .unknown, nil, Self.noSecond))
            }
            greeting = PlainGreeting(over: stream, within: step.limit) { [weak self] bytes, took in
                guard let self else { return }
                done(PlainGreeting.check(bytes, at: address, took: took))
            }
        }
    }

    // MARK: certificate

    func verify(_ step: ProbeStep) {
        guard let credentials = settings.credentials else { preconditionFailure("the plan needs an authority here") }
        // No Rollcall server: nothing will be asked of it, and small ones serve one connection at a time.
        if tlsLook?.facts.applicationProtocol != TLSContext.applicationProtocol { stranger?.hangUp() }
        connectAgain(within: settings.limits.connect) { [weak self] stream in
            guard let self else { return }
            guard let stream else { return certificate(.undecided(Self.noSecond), took: nil) }
            let conversation = conversation()
            checked = conversation
            conversation.begin(
                over: stream, context: credentials.context, serverName: serverName,
                expecting: .fleetServer(credentials.identity?.peerIdentity?.fleet), identity: credentials.identity,
                within: step.limit
            ) { [weak self] outcome, took in self?.verified(outcome, took) }
        }
    }

    private func verified(_ outcome: TLSConversation.HandshakeOutcome, _ took: Duration) {
        if case .established = outcome { return certificate(.trusted, took: took) }
        checked = nil
        switch outcome {
        case .ended(.tls(_, .applicationProtocol)):
            certificate(.undecided(Phrase("it does not know rollcall/1", "它不懂 rollcall/1")), took: took)
        case .ended(.tls(_, .peerAlert(let alert))):
            // With TLS 1.2 the server's word on our certificate comes before the end of the handshake.
            if settings.credentials?.identity != nil {
                add(
                    Check(
                        .identity, at: address, .failed, .identityRefused,
                        Phrase("the server refuses this certificate: \(alert)", "伺服器拒絕這張憑證：\(alert)")))
            }
            certificate(.undecided(Phrase("the server ended the handshake: \(alert)", "伺服器中止交握：\(alert)")), took: took)
        case .ended(.tls(_, let refusal?)): certificate(.refused(refusal), took: took)
        default:
            certificate(.undecided(HandshakeCheck.failed(outcome, at: address, took: took).detail), took: took)
        }
    }

    func certificate(_ verdict: CertificateCheck.Verdict, took: Duration?) {
        let check = CertificateCheck.check(
            tlsLook?.chain ?? [], verdict, host: settings.serverName ?? settings.target.host,
            authority: settings.credentials?.authoritySource, at: address,
            nowUnixSeconds: wallClock() / 1000, limits: settings.limits, took: took)
        tlsLook?.trust = check.state
        done(check)
    }
}
