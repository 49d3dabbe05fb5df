internal import EventLoop
internal import SecureTransport

/// The steps at one address, one after the other as the plan has it. Confined to its loop.
final class AddressProbe {
    let address: SocketAddress
    /// What TLS showed, once it did.
    private(set) var tlsLook: TLSLook?
    /// What the server said, once it did.
    private(set) var serverLook: ServerLook?

    private let settings: ProbeSettings
    private let plan: ProbePlan
    private let loop: EventLoop
    private let wallClock: () -> Int64
    private var checks: [Check] = []
    private var connected: ByteStream?
    private var connecting: TCPConnect?
    private var greeting: PlainGreeting?
    /// Trusts anybody and shows nothing: only for looking.
    private var stranger: TLSConversation?
    /// Checks the server, and shows the identity.
    private var checked: TLSConversation?
    private var onCheck: (Check) -> Void = { _ in }
    private var onEnd: (AddressProbe) -> Void = { _ in }

    init(
        _ address: SocketAddress, _ settings: ProbeSettings, _ plan: ProbePlan, on loop: EventLoop,
        wallClock: @escaping () -> Int64
    ) {
        self.address = address
        self.settings = settings
        self.plan = plan
        self.loop = loop
        self.wallClock = wallClock
    }

    func start(onCheck: @escaping (Check) -> Void, onEnd: @escaping (AddressProbe) -> Void) {
        self.onCheck = onCheck
        self.onEnd = onEnd
        proceed()
    }

    private func done(_ check: Check) {
        add(check)
        proceed()
    }

    private func add(_ check: Check) {
        checks.append(check)
        onCheck(check)
    }

    private func proceed() {
        guard let step = plan.next(after: checks) else {
            stranger?.hangUp()
            checked?.hangUp()
            (stranger, checked, connecting, greeting) = (nil, nil, nil, nil)
            return onEnd(self)
        }
        switch step.kind {
        case .tcp: connect(step)
        case .tls: handshake(step)
        case .banner: listen(step)
        case .certificate: step.needs.contains(.authority) ? verify(step) : certificate(.notAsked, took: nil)
        case .ping: ping(step)
        case .name, .readiness, .clock, .identity, .sourceAddress: preconditionFailure("not a step of an address")
        }
    }

    // MARK: TCP

    private func connect(_ step: ProbeStep) {
        connecting = TCPConnect(to: address, within: step.limit, on: loop) { [weak self] outcome, took in
            guard let self else { return }
            switch outcome {
            case .connected(let stream):
                connected = stream
                let slow = took > settings.limits.slowConnect
                done(
                    Check(
                        .tcp, at: address, .passed, slow ? .slowConnect : nil,
                        slow ? "connected, but late: the first packet was lost" : "connected", took: took))
            case .failed(let error):
                done(TCPConnect.check(error, at: address, took: took))
            case .tooLate:
                done(
                    Check(
                        .tcp, at: address, .failed, .filtered,
                        "no answer at all within \(step.limit.inWords): something drops the packets", took: took))
            }
        }
    }

    /// Connects once more for another look; nil if that fails now.
    private func connectAgain(within limit: Duration, then body: @escaping (ByteStream?) -> Void) {
        connecting = TCPConnect(to: address, within: limit, on: loop) { outcome, _ in
            if case .connected(let stream) = outcome { body(stream) } else { body(nil) }
        }
    }

    // MARK: TLS

    private var serverName: String? {
        let host = settings.target.host
        return SocketAddress(host: host, port: 1) == nil ? host : nil
    }

    private func handshake(_ step: ProbeStep) {
        guard let stream = connected else { preconditionFailure("TCP has passed, so there is a stream") }
        connected = nil
        look(over: stream, offering: [TLSContext.applicationProtocol, "http/1.1"], step) { [weak self] outcome, took in
            guard let self else { return }
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

    private func look(
        over stream: ByteStream, offering: [String], _ step: ProbeStep,
        completion: @escaping (TLSConversation.HandshakeOutcome, Duration) -> Void
    ) {
        let conversation = TLSConversation(on: loop, wallClock: wallClock)
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

    private func looked(_ outcome: TLSConversation.HandshakeOutcome, _ took: Duration) {
        guard case .established(let facts, let chain) = outcome else {
            return done(HandshakeCheck.failed(outcome, at: address, took: took))
        }
        tlsLook = TLSLook(address: address, facts: facts, chain: chain, trust: .unknown)
        done(HandshakeCheck.passed(facts, at: address, took: took, limits: settings.limits))
    }

    private func listen(_ step: ProbeStep) {
        connectAgain(within: settings.limits.connect) { [weak self] stream in
            guard let self else { return }
            guard let stream else {
                return done(Check(.banner, at: address, .unknown, nil, "it takes no second connection"))
            }
            greeting = PlainGreeting(over: stream, within: step.limit) { [weak self] bytes, took in
                guard let self else { return }
                done(PlainGreeting.check(bytes, at: address, took: took))
            }
        }
    }

    // MARK: certificate

    private func verify(_ step: ProbeStep) {
        guard let credentials = settings.credentials else { preconditionFailure("the plan needs an authority here") }
        // No Rollcall server: nothing will be asked of it, and small ones serve one connection at a time.
        if tlsLook?.facts.applicationProtocol != TLSContext.applicationProtocol { stranger?.hangUp() }
        connectAgain(within: settings.limits.connect) { [weak self] stream in
            guard let self else { return }
            guard let stream else { return certificate(.undecided("it takes no second connection"), took: nil) }
            let conversation = TLSConversation(on: loop, wallClock: wallClock)
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
            certificate(.undecided("it does not know rollcall/1"), took: took)
        case .ended(.tls(_, .peerAlert(let alert))):
            // With TLS 1.2 the server's word on our certificate comes before the end of the handshake.
            if settings.credentials?.identity != nil {
                add(
                    Check(
                        .identity, at: address, .failed, .identityRefused,
                        "the server refuses this certificate: \(alert)"))
            }
            certificate(.undecided("the server ended the handshake: \(alert)"), took: took)
        case .ended(.tls(_, let refusal?)): certificate(.refused(refusal), took: took)
        default:
            certificate(.undecided(HandshakeCheck.failed(outcome, at: address, took: took).detail), took: took)
        }
    }

    private func certificate(_ verdict: CertificateCheck.Verdict, took: Duration?) {
        let check = CertificateCheck.check(
            tlsLook?.chain ?? [], verdict, authority: settings.credentials?.authoritySource, at: address,
            nowUnixSeconds: wallClock() / 1000, limits: settings.limits, took: took)
        tlsLook?.trust = check.state
        done(check)
    }

    // MARK: ping

    private func ping(_ step: ProbeStep) {
        let name = tlsLook?.facts.applicationProtocol ?? ""
        guard name == TLSContext.applicationProtocol else {
            return done(
                Check(
                    .ping, at: address, .failed, .notRollcall,
                    name.isEmpty
                        ? "TLS works, but it agreed on no application protocol: no Rollcall server"
                        : "TLS works, but it speaks \(name): no Rollcall server"))
        }
        ask(checked ?? stranger, shows: checked == nil ? nil : settings.credentials?.identity, step)
    }

    private func ask(_ conversation: TLSConversation?, shows identity: TLSIdentity?, _ step: ProbeStep) {
        guard let conversation else { preconditionFailure("TLS has passed, so there is a connection") }
        let local = conversation.localAddress
        conversation.ping(settings.pings, within: step.limit) { [weak self] outcome, took in
            guard let self else { return }
            if case .answered(let pongs) = outcome,
                let look = PingFindings.look(pongs, at: address, local: local)
            {
                return answered(look, shows: identity, took)
            }
            let check = PingFindings.failed(outcome, at: address, showedIdentity: identity != nil, took: took)
            guard check.kind == .identity, conversation !== stranger else { return done(check) }
            // It turns this certificate away; what does it tell a stranger?
            add(check)
            ask(stranger, shows: nil, step)
        }
    }

    private func answered(_ look: ServerLook, shows identity: TLSIdentity?, _ took: Duration) {
        serverLook = look
        var found = PingFindings.checks(look, shown: identity?.peerIdentity, limits: settings.limits, took: took)
        if identity == nil, settings.credentials?.identity != nil {
            found.removeAll { $0.kind == .identity }
            if !checks.contains(where: { $0.kind == .identity }) {
                found.append(
                    Check(.identity, at: address, .unknown, nil, "not shown: the server is not trusted"))
            }
        }
        found.forEach(add)
        proceed()
    }
}
