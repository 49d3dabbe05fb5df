/// Which steps a probe has. Pure: settings in, steps out. Addresses are independent of each other; at one address,
/// each step begins as soon as what it needs is known, several at once where they do not need each other.
public struct ProbePlan: Hashable, Sendable {
    /// Turns the name into addresses.
    public let lookup: ProbeStep
    /// What is done at each address.
    public let steps: [ProbeStep]
    private let hasAuthority: Bool

    /// The plan for these settings.
    public init(_ settings: ProbeSettings) {
        let limits = settings.limits
        let target = settings.target
        hasAuthority = settings.credentials != nil
        let dialled = settings.proxy ?? target
        lookup = ProbeStep(
            kind: .name, claim: "\(dialled.host) has an address", limit: limits.name,
            reason: "a resolver is asked again after 5 s", needs: [])
        let isDirect = settings.proxy == nil
        let looksAround = !settings.isQuick && isDirect
        let open: ProbeStep.Need = isDirect ? .passed(.tcp) : .passed(.proxy)
        var steps = [
            ProbeStep(
                kind: .route, claim: "this machine knows a way", limit: .zero, reason: "only the kernel is asked",
                needs: []),
            ProbeStep(
                kind: .tcp, claim: "port \(dialled.port) takes connections", limit: limits.connect,
                reason: "a lost first packet is sent again after 1 s and 3 s", needs: []),
        ]
        if !isDirect {
            steps.append(
                ProbeStep(
                    kind: .proxy, claim: "the proxy makes the connection", limit: limits.proxy,
                    reason: "it connects itself before it answers", needs: [.passed(.tcp)]))
        }
        if !settings.asksNothing {
            steps.append(
                ProbeStep(
                    kind: .tls, claim: "TLS gets through", limit: limits.handshake,
                    reason: "two round trips, and room for two lost packets", needs: [open]))
        }
        if looksAround {
            steps += [
                ProbeStep(
                    kind: .echo, claim: "the machine answers a ping", limit: limits.echo,
                    reason: "a hint only: many networks drop it", needs: []),
                ProbeStep(
                    kind: .trace, claim: "packets get all the way", limit: limits.trace,
                    reason: "routers answer at once", needs: [.failed(.tcp), .done(.echo), .done(.route)]),
                ProbeStep(
                    kind: .pathMTU, claim: "packets of full size get through", limit: limits.handshake,
                    reason: "as long as the handshake it is compared with",
                    needs: [.passed(.tcp), .without(.nodeRefuses)]),
            ]
        }
        steps += [
            ProbeStep(
                kind: .banner, claim: "what listens says what it is", limit: limits.greeting,
                reason: "servers that speak first do so at once", needs: [.failed(.tls), .without(.pathMTU)]),
            ProbeStep(
                kind: .certificate, claim: "the fleet's authority vouches for the server", limit: limits.handshake,
                reason: "a second handshake, which checks", needs: [.passed(.tls), .authority]),
            ProbeStep(
                kind: .certificate, claim: "the server's certificate is in its time", limit: .zero,
                reason: "nothing is asked: the handshake showed it", needs: [.passed(.tls)]),
            ProbeStep(
                kind: .ping, claim: "a Rollcall server answers", limit: limits.ping,
                reason: "several round trips, and a server under load", needs: [.done(.certificate)]),
        ]
        self.steps = steps
    }

    /// What can begin at an address, after these checks there, where these have begun already.
    public func ready(after checks: [Check], begun: Set<CheckKind>) -> [ProbeStep] {
        let known = begun.union(checks.map(\.kind))
        var found: [ProbeStep] = []
        for step in steps where !known.contains(step.kind) && !found.contains(where: { $0.kind == step.kind }) {
            if step.needs.allSatisfy({ isMet($0, checks) }) { found.append(step) }
        }
        return found
    }

    private func isMet(_ need: ProbeStep.Need, _ checks: [Check]) -> Bool {
        switch need {
        case .passed(let kind): checks.contains { $0.kind == kind && $0.state == .passed }
        case .failed(let kind): checks.contains { $0.kind == kind && $0.state == .failed }
        case .done(let kind): checks.contains { $0.kind == kind }
        case .without(let symptom): !checks.contains { $0.symptom == symptom }
        case .authority: hasAuthority
        }
    }
}
