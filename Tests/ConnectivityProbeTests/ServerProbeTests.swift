import EventLoop
import Foundation
import RollcallProtocol
import SecureTransport
import TestSupport
import Testing

@testable import ConnectivityProbe

/// Against real TLS on a real port.
@Suite("Probe of a Rollcall server")
struct ServerProbeTests {
    private let runner: LoopRunner
    private let fleet: Fleet

    init() throws {
        runner = try LoopRunner()
        fleet = try Fleet()
    }

    private func server(_ change: @escaping (inout WirePingResponse) -> Void = { _ in }) throws -> RollcallPort {
        try RollcallPort(fleet.serverContext(), on: runner.loop, answer: RollcallPort.agreeable(change))
    }

    @Test func `with CA and identity everything is known and passes`() throws {
        let server = try server()
        let node = try fleet.node()
        let outcome = try runner.probe("localhost", port: server.port, try fleet.credentials(showing: node)) {
            $0.isQuick = false
            $0.family = .ipv4
            $0.resolverFile = nil
        }
        #expect(outcome.verdict.grade == .passed, "\(outcome.report.checks)")
        #expect(
            outcome.report.checks.allSatisfy {
                $0.state == .passed && $0.symptom == nil || [.echo, .registry].contains($0.kind)
            })
        #expect(outcome.heard == outcome.report.checks)
        let elsewhere: Set<CheckKind> = [
            .banner, .resolvers, .environment, .local, .trace, .proxy, .idle, .notes,
        ]
        #expect(Set(outcome.heard.map(\.kind)) == Set(CheckKind.allCases).subtracting(elsewhere))

        let tls = try #require(outcome.report.tls.first)
        #expect(tls.facts.version == "TLSv1.3")
        #expect(tls.facts.group == "X25519")
        #expect(tls.facts.applicationProtocol == "rollcall/1")
        #expect(tls.trust == .passed)
        #expect(tls.chain.map(\.uri) == ["rollcall://test/server", "rollcall://test"])
        #expect(tls.chain.first?.hostNames == ["localhost"])

        let said = try #require(outcome.report.servers.first)
        #expect(said.fleet == "test" && said.version == "9.8.7" && said.readiness == .ready)
        #expect(said.identity == node.peerIdentity?.uri)
        #expect(said.isTranslated == false)
        #expect(said.roundTrips.count == 3)
        #expect(said.shortest <= said.average && said.average <= said.longest && said.shortest > .zero)
    }

    @Test func `without a CA the chain is shown and trust is unknown`() throws {
        let server = try server()
        let outcome = try runner.probe(port: server.port)
        #expect(outcome.verdict.grade == .passed)
        #expect(outcome.check(.certificate)?.state == .unknown)
        #expect(outcome.check(.certificate)?.detail.english.contains("trust unknown (no CA given: --ca FILE)") == true)
        #expect(outcome.check(.identity)?.state == .unknown)
        #expect(outcome.report.tls.first?.chain.count == 2)
        #expect(outcome.report.tls.first?.trust == .unknown)
    }

    @Test func `another fleet's authority does not vouch, and no identity is shown to such a server`() throws {
        let server = try server()
        let other = try Fleet("other")
        let outcome = try runner.probe(port: server.port, try other.credentials(showing: try other.node()))
        #expect(outcome.verdict.symptom == .otherAuthority)
        #expect(outcome.verdict.grade == .failed)
        #expect(outcome.check(.identity)?.detail.english == "not shown: the server is not trusted")
        #expect(outcome.check(.ping)?.state == .passed, "the server still answers strangers")
    }

    @Test func `an expired certificate says since when, with and without a CA`() throws {
        let old = try Fleet(madeAt: Date(timeIntervalSinceNow: -4 * 365 * 86_400))
        let server = try RollcallPort(old.serverContext(), on: runner.loop)
        for credentials in [try old.credentials(), nil] {
            let outcome = try runner.probe(port: server.port, credentials)
            #expect(outcome.verdict.symptom == .expired)
            #expect(outcome.check(.certificate)?.detail.english.contains("days ago") == true)
        }
    }

    @Test func `a certificate that ends soon is a remark`() throws {
        let nearEnd = try Fleet(madeAt: Date(timeIntervalSinceNow: -(3 * 365 - 5) * 86_400))
        let server = try RollcallPort(nearEnd.serverContext(), on: runner.loop)
        let outcome = try runner.probe("localhost", port: server.port, try nearEnd.credentials())
        #expect(outcome.verdict.symptom == .expiresSoon)
        #expect(outcome.verdict.grade == .doubtful)
    }

    @Test func `a certificate that the server refuses is named, and the server is still asked who it is`() throws {
        let server = try server()
        let stranger = try Fleet("test").node()
        let outcome = try runner.probe("localhost", port: server.port, try fleet.credentials(showing: stranger))
        #expect(outcome.verdict.symptom == .identityRefused, "\(outcome.report.checks)")
        #expect(outcome.check(.certificate)?.state == .passed)
        #expect(outcome.report.servers.first?.fleet == "test")
        #expect(outcome.report.checks.filter { $0.kind == .identity }.count == 1)
    }

    @Test func `an identity that does not arrive is a failure`() throws {
        let server = try server { $0.identity = "" }
        let outcome = try runner.probe("localhost", port: server.port, try fleet.credentials(showing: try fleet.node()))
        #expect(outcome.verdict.symptom == .identityNotSeen)
    }

    @Test(arguments: [
        (WireReadiness.draining, Symptom.draining, Grade.doubtful), (.readOnly, .readOnly, .failed),
    ])
    func `a server that takes no newcomers says why`(
        _ readiness: WireReadiness, _ symptom: Symptom, _ grade: Grade
    ) throws {
        let server = try server { $0.readiness = readiness }
        let outcome = try runner.probe(port: server.port)
        #expect(outcome.verdict.symptom == symptom)
        #expect(outcome.verdict.grade == grade)
    }

    @Test(arguments: [
        (Int64(0), Symptom?.none), (50_000, nil), (-90_000, .clockOff), (90_000, .clockOff),
        (20 * 60_000, .clockFarOff), (-20 * 60_000, .clockFarOff),
    ])
    func `clocks are compared with their sign`(_ ahead: Int64, _ symptom: Symptom?) throws {
        let server = try server { $0.serverTimeUnixMs += ahead }
        let outcome = try runner.probe(port: server.port)
        #expect(outcome.check(.clock)?.symptom == symptom)
        #expect(outcome.verdict.symptom == symptom)
        let skew = try #require(outcome.report.servers.first?.clockSkew)
        // Half a round trip of a busy machine is what it cannot know.
        #expect(abs(skew.inMilliseconds - ahead) < 9000)
        if ahead != 0 {
            #expect(outcome.check(.clock)?.detail.english.hasPrefix("server \(ahead < 0 ? "-" : "+")") == true)
        }
    }

    @Test func `an address that is another one for the server is shown as translated`() throws {
        let server = try server { $0.observedAddress = "203.0.113.9:4711" }
        let outcome = try runner.probe(port: server.port)
        #expect(outcome.report.servers.first?.isTranslated == true)
        #expect(outcome.check(.sourceAddress)?.detail.english.contains("203.0.113.9:4711") == true)
        #expect(outcome.verdict.grade == .passed)
    }

    @Test func `slow answers are doubtful`() throws {
        let server = try server()
        let outcome = try runner.probe(port: server.port) { $0.limits.slowPing = .zero }
        #expect(outcome.verdict.symptom == .slowPing)
        #expect(outcome.verdict.grade == .doubtful)
    }

    @Test func `a ping without an answer is not called a broken connection`() throws {
        let mute = try RollcallPort(fleet.serverContext(), on: runner.loop) { _, _ in [] }
        let outcome = try runner.probe(port: mute.port) { $0.limits.ping = .milliseconds(100) }
        #expect(outcome.verdict.symptom == .pingUnanswered)
        #expect(outcome.check(.tls)?.state == .passed)
    }

    @Test func `a ping that is answered with an error or nonsense is told apart`() throws {
        let refusing = try RollcallPort(fleet.serverContext(), on: runner.loop) { request, _ in
            FrameEncoder.frame(
                WireResponse.with {
                    $0.id = request.id
                    $0.status = StatusCode.unavailable.rawValue
                    $0.message = "too many"
                })
        }
        let refused = try runner.probe(port: refusing.port)
        #expect(refused.verdict.symptom == .pingRefused)
        #expect(refused.check(.ping)?.detail.english.contains("UNAVAILABLE: too many") == true)
        let babbling = try RollcallPort(fleet.serverContext(), on: runner.loop) { _, _ in Array("HTTP/1.1 400".utf8) }
        #expect(try runner.probe(port: babbling.port).verdict.symptom == .pingRefused)
    }

    @Test func `a connection that is cut before the answer says how`() throws {
        let cutting = try RollcallPort(fleet.serverContext(), on: runner.loop) { _, connection in
            connection.stream?.reset()
            return []
        }
        let outcome = try runner.probe(port: cutting.port)
        #expect(outcome.verdict.symptom == .pingCut)
    }
}
