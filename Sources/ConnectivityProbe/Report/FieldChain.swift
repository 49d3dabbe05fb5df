/// What the tools that field engineers use, in their order, would have shown of a path: so that people and scripts that
/// know those can compare. It follows from the report; nothing of it is run. Pure.
public struct FieldChain: Hashable, Sendable {
    /// One tool.
    public struct Step: Hashable, Sendable {
        /// The command, as it would be typed.
        public var command: String
        /// What it would have shown.
        public var shows: String
        /// Whether that is a success; nil: it decides nothing, or is not known.
        public var succeeds: Bool?
    }

    /// ping, telnet, browser, end-to-end client.
    public let steps: [Step]

    /// TCP connects, and still the server is out of reach: a state of its own, which telnet cannot see.
    public let connectsButIsUnreachable: Bool

    /// Read from a report.
    public init(on report: ProbeReport) {
        let target = report.target
        let best = report.addresses.max { Self.depth(report.checks(at: $0)) < Self.depth(report.checks(at: $1)) }
        let checks = best.map { report.checks(at: $0) } ?? []
        func check(_ kind: CheckKind) -> Check? { checks.last { $0.kind == kind } }
        let hasName = report.checks.contains { $0.kind == .name && $0.state == .passed }
        let telnet = hasName ? Self.telnet(check(.tcp)) : ("could not resolve \(target.host): name unknown", false)
        let browser =
            telnet.1 == true
            ? Self.browser(checks)
            : (hasName ? "the same as telnet, in other words" : "the name cannot be found", false)
        let answers = checks.contains { $0.kind == .ping && $0.state == .passed }
        steps = [
            Self.ping(check(.echo), hasName, target.host),
            Step(command: "telnet \(target.host) \(target.port)", shows: telnet.0, succeeds: telnet.1),
            Step(command: "browser https://\(target)/", shows: browser.0, succeeds: browser.1),
            Step(
                command: "end-to-end client (rollcall agent)",
                shows: answers
                    ? "connects, is answered, can register" : "cannot register: reported as unreachable at the server",
                succeeds: answers),
        ]
        connectsButIsUnreachable = telnet.1 == true && !answers
    }

    private static func depth(_ checks: [Check]) -> Int { checks.filter { $0.state == .passed }.count }

    private static func ping(_ echo: Check?, _ hasName: Bool, _ host: String) -> Step {
        let shows: String
        switch (hasName, echo?.state) {
        case (false, _): shows = "unknown host"
        case (_, .passed?): shows = "replies; this says nothing about the port"
        case (_, nil): shows = "not known: it was not tried"
        default: shows = "no replies; that decides nothing, many firewalls drop pings"
        }
        return Step(command: "ping \(host)", shows: shows, succeeds: hasName ? nil : false)
    }

    private static func telnet(_ tcp: Check?) -> (String, Bool?) {
        guard let tcp else { return ("not known: it was not tried", nil) }
        if tcp.state == .passed { return ("a blank screen: that is success, TCP connects", true) }
        return switch tcp.symptom {
        case .refused?, .refusedOnTheWay?: ("“Connection refused”", false)
        case .rejected?: ("“Connection refused” or “No route to host”", false)
        case .filtered?: ("“Trying …”, and nothing more for two minutes", false)
        case .unreachable?, .noNeighbour?: ("“No route to host”, though it is a router that says so", false)
        case .noRoute?, .interfaceDown?: ("“Network is unreachable”", false)
        case .resetOnConnect?: ("“Connection reset by peer”", false)
        case .forbiddenHere?: ("“Permission denied”", false)
        default: ("an error: \(tcp.detail)", false)
        }
    }

    private static func browser(_ checks: [Check]) -> (String, Bool?) {
        let tls = checks.last { $0.kind == .tls }
        let symptoms = Set(checks.compactMap(\.symptom))
        if symptoms.contains(.proxyAuthentication) {
            return ("407, or a window that asks for a password: a proxy", false)
        }
        guard let tls else { return ("not known: TLS was not tried", nil) }
        if tls.state == .passed {
            return symptoms.contains(.notRollcall)
                ? ("another server's page, after a certificate warning perhaps", false)
                : ("a certificate warning and then “400 Bad Request”: that is success, TLS gets through", true)
        }
        return switch tls.symptom {
        case .silentAfterConnect?, .stalledAfterConnect?: ("it turns until it gives up", false)
        case .resetInHandshake?: ("“the connection was reset”", false)
        case .closedInHandshake?: ("“the connection was closed unexpectedly”", false)
        case .oldTLS?: ("“unsupported protocol”", false)
        default: ("“secure connection failed”", false)
        }
    }
}
