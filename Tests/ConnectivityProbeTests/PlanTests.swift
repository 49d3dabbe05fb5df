import AgentClient
import EventLoop
import SecureTransport
import Testing

@testable import ConnectivityProbe

@Suite("Probe plan")
struct PlanTests {
    private let address = SocketAddress(parsing: "192.0.2.7:443")

    private func plan(withAuthority: Bool) throws -> ProbePlan {
        var settings = ProbeSettings(target: ServerName(host: "cs.example"))
        if withAuthority {
            settings.credentials = .init(
                context: try TLSContext.client(servers: .anybody), authoritySource: "ca.pem", identity: nil)
        }
        return ProbePlan(settings)
    }

    /// The checks that a run makes if each step ends as `states` says.
    private func walk(_ plan: ProbePlan, _ states: [CheckKind: CheckState]) -> [CheckKind] {
        var checks: [Check] = []
        while let step = plan.next(after: checks), checks.count < 20 {
            checks.append(Check(step.kind, at: address, states[step.kind] ?? .passed, nil, ""))
        }
        return checks.map(\.kind)
    }

    @Test func `where all goes well nothing is asked in plain text`() throws {
        #expect(walk(try plan(withAuthority: true), [:]) == [.tcp, .tls, .certificate, .ping])
        #expect(walk(try plan(withAuthority: false), [:]) == [.tcp, .tls, .certificate, .ping])
    }

    @Test func `without TCP nothing else makes sense`() throws {
        #expect(walk(try plan(withAuthority: true), [.tcp: .failed]) == [.tcp])
    }

    @Test func `without TLS the port is asked in plain text what it is`() throws {
        #expect(walk(try plan(withAuthority: true), [.tls: .failed]) == [.tcp, .tls, .banner])
    }

    @Test func `a bad certificate does not keep the ping from being tried`() throws {
        #expect(walk(try plan(withAuthority: true), [.certificate: .failed]) == [.tcp, .tls, .certificate, .ping])
    }

    @Test func `an authority is asked if there is one`() throws {
        let tls = [Check(.tcp, at: address, .passed, nil, ""), Check(.tls, at: address, .passed, nil, "")]
        #expect(try plan(withAuthority: true).next(after: tls)?.needs == [.passed(.tls), .authority])
        #expect(try plan(withAuthority: false).next(after: tls)?.needs == [.passed(.tls)])
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
