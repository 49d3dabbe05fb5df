internal import AgentClient
internal import ErrorCatalogue
internal import EventLoop
internal import SecureTransport

/// The steps at one address, as the plan has them. Confined to its loop.
final class AddressProbe {
    let address: SocketAddress
    /// What TLS showed, once it did.
    var tlsLook: TLSLook?
    /// What the server said, once it did.
    var serverLook: ServerLook?
    /// What was found out about the way.
    var pathLook: PathLook

    let settings: ProbeSettings
    let plan: ProbePlan
    let loop: EventLoop
    let wallClock: () -> Int64
    private(set) var checks: [Check] = []
    private var begun: Set<CheckKind> = []
    private var hasEnded = false
    private let whole: LoopTimer
    /// Whether the way was followed, and packets arrived.
    var hasArrived = false

    // What runs, kept until it has answered.
    var connected: ByteStream?
    var connecting: TCPConnect?
    var tunnel: ProxyTunnel?
    var greeting: PlainGreeting?
    var echo: EchoProbe?
    var trace: HopTrace?
    var sizes: PathSizes?
    var resets: ResetObserver?
    /// Trusts anybody and shows nothing: only for looking.
    var stranger: TLSConversation?
    /// Checks the server, and shows the identity.
    var checked: TLSConversation?
    /// Connections that came to nothing.
    var made: [AttemptMade] = []
    /// What the kernel knew of each connection at its end.
    var figures: [TCPFigures] = []

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
        pathLook = PathLook(address: address)
        whole = LoopTimer(on: loop)
    }

    /// Begins. Whatever has not ended after `limit` is given up.
    func start(
        within limit: Duration, onCheck: @escaping (Check) -> Void, onEnd: @escaping (AddressProbe) -> Void
    ) {
        self.onCheck = onCheck
        self.onEnd = onEnd
        whole.start(after: limit) { [weak self] in self?.runOut() }
        proceed()
    }

    func done(_ check: Check) {
        guard !hasEnded else { return }
        add(check)
        proceed()
    }

    func add(_ check: Check) {
        checks.append(check)
        onCheck(check)
    }

    func proceed() {
        guard !hasEnded else { return }
        let steps = plan.ready(after: checks, begun: begun)
        begun.formUnion(steps.map(\.kind))
        for step in steps { begin(step) }
        guard unfinished.isEmpty, plan.ready(after: checks, begun: begun).isEmpty else { return }
        end()
    }

    /// Steps that have begun and not ended.
    var unfinished: [CheckKind] {
        let known = Set(checks.map(\.kind))
        return CheckKind.allCases.filter { begun.contains($0) && !known.contains($0) }
    }

    func isRunning(_ kind: CheckKind) -> Bool { unfinished.contains(kind) }

    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        whole.cancel()
        hangUp()
        judgeLoss()
        onEnd(self)
    }

    private func begin(_ step: ProbeStep) {
        switch step.kind {
        case .route: look(step)
        case .echo: ping(step)
        case .tcp: connect(step)
        case .trace: follow(step)
        case .pathMTU: size(step)
        case .proxy: ask(step)
        case .tls: handshake(step)
        case .banner: listen(step)
        case .certificate: step.needs.contains(.authority) ? verify(step) : certificate(.notAsked, took: nil)
        case .ping: question(step)
        case .name, .resolvers, .environment, .local, .registry, .readiness, .clock, .identity, .sourceAddress,
            .registration,
            .loss, .idle, .notes:
            preconditionFailure("not a step of an address")
        }
    }

    private func hangUp() {
        stranger?.hangUp()
        checked?.hangUp()
        (stranger, checked, connecting, greeting) = (nil, nil, nil, nil)
        (tunnel, echo, trace, sizes, resets) = (nil, nil, nil, nil, nil)
    }

    // MARK: TCP

    private func connect(_ step: ProbeStep) {
        if !settings.isQuick { resets = ResetObserver(from: address, on: loop) }
        connecting = TCPConnect(to: address, settings.dial, within: step.limit, on: loop) { [weak self] outcome, took in
            guard let self else { return }
            switch outcome {
            case .connected(let stream):
                connected = stream
                resets = nil
                let slow = took > settings.limits.slowConnect
                done(
                    Check(
                        .tcp, at: address, .passed, slow ? .slowConnect : nil,
                        slow
                            ? Phrase("connected, but late: the first packet was lost", "已連上，但晚了：第一個封包遺失")
                            : Phrase("connected", "已連上"), took: took))
            case .failed(let error, let report):
                var check = ConnectFindings.check(
                    error, report, from: pathLook.source, gateway: pathLook.gateway, at: address, took: took)
                if settings.reachesNode != nil, check.symptom == .refused {
                    (check.state, check.symptom) = (.passed, .nodeRefuses)
                }
                done(check)
            case .tooLate:
                done(
                    Check(
                        .tcp, at: address, .failed, .filtered,
                        Phrase(
                            "no answer at all within \(step.limit.inWords): something drops the packets",
                            "\(step.limit.inWords) 內毫無回音：有東西丟棄封包"), took: took))
            }
        }
    }

    private func ask(_ step: ProbeStep) {
        guard let stream = connected else { preconditionFailure("TCP has passed, so there is a stream") }
        askProxy(over: stream, within: step.limit) { [weak self] outcome, took in
            guard let self else { return }
            if outcome != .open { connected = nil }
            done(ProxyTunnel.check(outcome, at: address, for: "\(settings.target)", took: took))
        }
    }

    private func askProxy(
        over stream: ByteStream, within limit: Duration, completion: @escaping (ProxyTunnel.Outcome, Duration) -> Void
    ) {
        tunnel = ProxyTunnel(
            over: stream, to: settings.target.host, port: settings.target.port, within: limit, completion: completion)
    }

    /// Connects once more for another look, through the proxy if there is one; nil if that fails now.
    func connectAgain(within limit: Duration, then body: @escaping (ByteStream?) -> Void) {
        connecting = TCPConnect(to: address, settings.dial, within: limit, on: loop) { [weak self] outcome, _ in
            guard let self, case .connected(let stream) = outcome else { return body(nil) }
            guard settings.proxy != nil else { return body(stream) }
            askProxy(over: stream, within: limit) { outcome, _ in body(outcome == .open ? stream : nil) }
        }
    }
}
