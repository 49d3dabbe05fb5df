/// Which steps a probe has. Pure: settings in, steps out. Addresses are independent of each other; at one address, a
/// step begins when what it needs is known.
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
        lookup = ProbeStep(
            kind: .name, claim: "\(target.host) has an address", limit: limits.name,
            reason: "a resolver is asked again after 5 s", needs: [])
        steps = [
            ProbeStep(
                kind: .tcp, claim: "port \(target.port) takes connections", limit: limits.connect,
                reason: "a lost first packet is sent again after 1 s and 3 s", needs: []),
            ProbeStep(
                kind: .tls, claim: "TLS gets through", limit: limits.handshake,
                reason: "two round trips, and room for two lost packets", needs: [.passed(.tcp)]),
            ProbeStep(
                kind: .banner, claim: "what listens says what it is", limit: limits.greeting,
                reason: "servers that speak first do so at once", needs: [.failed(.tls)]),
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
    }

    /// What to do next at an address, after these checks there; nil: nothing more.
    public func next(after checks: [Check]) -> ProbeStep? {
        let known = Set(checks.map(\.kind))
        return steps.first { step in
            !known.contains(step.kind) && step.needs.allSatisfy { isMet($0, checks) }
        }
    }

    private func isMet(_ need: ProbeStep.Need, _ checks: [Check]) -> Bool {
        switch need {
        case .passed(let kind): checks.contains { $0.kind == kind && $0.state == .passed }
        case .failed(let kind): checks.contains { $0.kind == kind && $0.state == .failed }
        case .done(let kind): checks.contains { $0.kind == kind }
        case .authority: hasAuthority
        }
    }
}
