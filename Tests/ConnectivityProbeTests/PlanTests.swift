import AgentClient
import EventLoop
import SecureTransport
import Testing

@testable import ConnectivityProbe

@Suite("Probe plan")
struct PlanTests {
    private let address = SocketAddress(parsing: "192.0.2.7:443")

    private func plan(withAuthority: Bool, quick: Bool = true, proxy: Bool = false) throws -> ProbePlan {
        var settings = ProbeSettings(target: ServerName(host: "cs.example"))
        settings.isQuick = quick
        if proxy { settings.proxy = ServerName(host: "proxy.example", port: 3128) }
        if withAuthority {
            settings.credentials = .init(
                context: try TLSContext.client(servers: .anybody), authoritySource: "ca.pem", identity: nil)
        }
        return ProbePlan(settings)
    }

    /// The checks that a run makes if each step ends as `states` says: those that may run at once stand together.
    private func walk(_ plan: ProbePlan, _ states: [CheckKind: CheckState]) -> [[CheckKind]] {
        var checks: [Check] = []
        var rounds: [[CheckKind]] = []
        while true {
            let steps = plan.ready(after: checks, begun: [])
            guard !steps.isEmpty else { return rounds }
            rounds.append(steps.map(\.kind))
            checks += steps.map { Check($0.kind, at: address, states[$0.kind] ?? .passed, nil, "") }
        }
    }

    @Test func `where all goes well nothing is asked in plain text`() throws {
        #expect(walk(try plan(withAuthority: true), [:]) == [[.route, .tcp], [.tls], [.certificate], [.ping]])
        #expect(walk(try plan(withAuthority: false), [:]) == [[.route, .tcp], [.tls], [.certificate], [.ping]])
    }

    @Test func `what does not need each other begins at once`() throws {
        let plan = try plan(withAuthority: true, quick: false)
        #expect(walk(plan, [:]) == [[.route, .tcp, .echo], [.tls, .pathMTU], [.certificate], [.ping]])
    }

    @Test func `what has begun does not begin again`() throws {
        let plan = try plan(withAuthority: true)
        #expect(plan.ready(after: [], begun: [.route]).map(\.kind) == [.tcp])
        #expect(plan.ready(after: [], begun: [.route, .tcp]).isEmpty)
    }

    @Test func `where TCP fails the way is followed`() throws {
        #expect(walk(try plan(withAuthority: true), [.tcp: .failed]) == [[.route, .tcp]])
        #expect(
            walk(try plan(withAuthority: true, quick: false), [.tcp: .failed, .echo: .unknown])
                == [[.route, .tcp, .echo], [.trace]])
    }

    @Test func `a proxy is asked before TLS, and its sizes and hops tell nothing`() throws {
        let plan = try plan(withAuthority: true, quick: false, proxy: true)
        #expect(walk(plan, [:]) == [[.route, .tcp], [.proxy], [.tls], [.certificate], [.ping]])
        #expect(walk(plan, [.proxy: .failed]) == [[.route, .tcp], [.proxy]])
    }

    @Test func `without TLS the port is asked in plain text what it is`() throws {
        #expect(walk(try plan(withAuthority: true), [.tls: .failed]) == [[.route, .tcp], [.tls], [.banner]])
    }

    @Test func `where large packets vanish nobody is asked in plain text`() throws {
        let checks = [
            Check(.route, at: address, .passed, nil, ""), Check(.tcp, at: address, .passed, nil, ""),
            Check(.pathMTU, at: address, .failed, .pathMTU, ""),
            Check(.tls, at: address, .failed, .silentAfterConnect, ""),
        ]
        #expect(try plan(withAuthority: true).ready(after: checks, begun: []).isEmpty)
    }

    @Test func `a bad certificate does not keep the ping from being tried`() throws {
        #expect(
            walk(try plan(withAuthority: true), [.certificate: .failed])
                == [[.route, .tcp], [.tls], [.certificate], [.ping]])
    }

    @Test func `an authority is asked if there is one`() throws {
        let tls = [CheckKind.route, .tcp, .tls].map { Check($0, at: address, .passed, nil, "") }
        #expect(
            try plan(withAuthority: true).ready(after: tls, begun: []).map(\.needs) == [[.passed(.tls), .authority]])
        #expect(try plan(withAuthority: false).ready(after: tls, begun: []).map(\.needs) == [[.passed(.tls)]])
    }

    @Test func `every step says what it claims and why it may take so long`() throws {
        let plan = try plan(withAuthority: true)
        for step in plan.steps + [plan.lookup] {
            #expect(!step.claim.isEmpty && !step.reason.isEmpty)
        }
    }

    @Test func `one time limit counts for every step`() {
        var limits = ProbeLimits()
        limits.limitEachStep(to: .milliseconds(40))
        #expect(
            [limits.name, limits.connect, limits.handshake, limits.greeting, limits.ping].allSatisfy {
                $0 == .milliseconds(40)
            })
    }
}
