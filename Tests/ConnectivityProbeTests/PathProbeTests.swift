import EventLoop
import Foundation
import TestSupport
import Testing

@testable import ConnectivityProbe

/// Against ports on which something else, or nothing, listens.
@Suite("Probe of a broken path")
struct PathProbeTests {
    private let runner: LoopRunner

    init() throws { runner = try LoopRunner() }

    private func short(_ settings: inout ProbeSettings) { settings.limits.greeting = .milliseconds(50) }

    @Test func `a closed port is refused`() throws {
        let outcome = try runner.probe(port: try PlainPort.closed())
        #expect(outcome.verdict.symptom == .refused)
        #expect(outcome.verdict.grade == .failed)
        #expect(outcome.heard.map(\.kind) == [.name, .route, .tcp])
        #expect(outcome.verdict.evidence.count == 1)
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9.2p1\r\n", "an SSH server"), ("220 mail.example ESMTP\r\n", "a mail or FTP server"),
        ("* OK IMAP4rev1\r\n", "an IMAP server"), ("+OK ready\r\n", "a POP3 server"),
        ("RFB 003.008\n", "a VNC server"), ("hello\r\n", "another program"),
    ])
    func `what speaks first shows its greeting`(_ greeting: String, _ kind: String) throws {
        let port = try PlainPort(.greets(greeting), on: runner.loop)
        let outcome = try runner.probe(port: port.port, changing: short)
        #expect(outcome.verdict.symptom == .notTLS)
        let first = greeting.prefix { $0 != "\r\n" && $0 != "\n" }
        #expect(outcome.verdict.cause.contains("\(kind), it says “\(first)”"), "\(outcome.verdict)")
        #expect(outcome.check(.tls)?.state == .failed)
    }

    @Test func `a web server without TLS is recognised`() throws {
        let port = try PlainPort(.answers("HTTP/1.1 400 Bad Request\r\n\r\n"), on: runner.loop)
        let outcome = try runner.probe(port: port.port, changing: short)
        #expect(outcome.verdict.symptom == .notTLS)
        #expect(outcome.verdict.cause.contains("a web server without TLS, it says “HTTP/1.1 400 Bad Request”"))
    }

    @Test func `a server whose plain text gets through, and whose TLS does not, is cut on the way`() throws {
        let port = try PlainPort(
            .answers("HTTP/1.1 400 Bad Request\r\n\r\n400: this is a Rollcall configuration server (cs)"),
            on: runner.loop)
        let outcome = try runner.probe(port: port.port, changing: short)
        #expect(outcome.verdict.symptom == .tlsCutOnTheWay)
    }

    @Test func `a listener that stays silent is more than a time-out`() throws {
        let port = try PlainPort(.silent, on: runner.loop)
        let outcome = try runner.probe(port: port.port) {
            short(&$0)
            $0.limits.handshake = .milliseconds(100)
        }
        #expect(outcome.verdict.symptom == .silentAfterConnect)
        #expect(outcome.verdict.cause.contains("the other side confirmed the TLS greeting"), "\(outcome.verdict)")
        #expect(outcome.check(.tcp)?.state == .passed)
        #expect(outcome.check(.banner)?.state == .unknown)
    }

    @Test func `hanging up and resetting on the TLS greeting are told apart`() throws {
        let polite = try PlainPort(.hangsUp, on: runner.loop)
        #expect(try runner.probe(port: polite.port, changing: short).verdict.symptom == .closedInHandshake)
        let rude = try PlainPort(.resets, on: runner.loop)
        #expect(try runner.probe(port: rude.port, changing: short).verdict.symptom == .resetInHandshake)
    }

    @Test(arguments: [
        (Int32(-111), Symptom.refused), (-104, .resetOnConnect), (-110, .filtered), (-101, .noRoute),
        (-113, .unreachable), (-1, .forbiddenHere), (-13, .forbiddenHere), (-97, .familyMissing), (-24, .tcpFailed),
    ])
    func `each way to fail has its own words`(_ code: Int32, _ symptom: Symptom) throws {
        let address = try #require(SocketAddress(parsing: "192.0.2.7:443"))
        let check = ConnectFindings.check(LoopError(code: code, operation: "connect"), nil, at: address, took: .zero)
        #expect(check.symptom == symptom)
        #expect(check.state == .failed)
    }

    @Test func `a port that never answers is filtered`() throws {
        // The completion of the connection is not waited for: a limit of nothing is over before it.
        let port = try PlainPort(.silent, on: runner.loop)
        let outcome = try runner.probe(port: port.port) { $0.limits.connect = .zero }
        #expect(outcome.verdict.symptom == .filtered)
        #expect(outcome.verdict.cause.hasPrefix("Filtered: something drops the packets"))
    }
}

@Suite("Probe of a name")
struct NameProbeTests {
    private let runner: LoopRunner

    init() throws { runner = try LoopRunner() }

    @Test func `a name that cannot exist fails at the name, whatever the resolver`() throws {
        let outcome = try runner.probe("name.invalid", port: 443) { $0.limits.name = .milliseconds(500) }
        #expect(outcome.verdict.grade == .failed)
        #expect(outcome.heard.map(\.kind) == [.name])
        #expect(
            [.nameNotFound, .resolverSilent, .resolverFailed].contains(outcome.verdict.symptom),
            "\(outcome.verdict)")
    }

    @Test(arguments: [
        (Int32(-3008), Symptom.nameNotFound), (-3007, .nameNotFound), (-3001, .resolverSilent),
        (-3004, .resolverFailed),
    ])
    func `what the resolver says is told apart`(_ code: Int32, _ symptom: Symptom) throws {
        let outcome = try runner.probe(
            "cs.example", port: 443, resolver: { $3(.failure(LoopError(code: code, operation: "look up"))) })
        #expect(outcome.verdict.symptom == symptom)
        #expect(outcome.verdict.cause.contains("cs.example"))
    }

    @Test func `a resolver that never answers is given up`() throws {
        let outcome = try runner.probe(
            "cs.example", port: 443, changing: { $0.limits.name = .milliseconds(20) }, resolver: { _, _, _, _ in })
        #expect(outcome.verdict.symptom == .resolverSilent)
    }

    @Test func `only addresses of the family asked for are tried`() throws {
        let port = try PlainPort.closed()
        let resolver: ProbeRunner.Resolver = { _, port, _, completion in
            completion(.success(["127.0.0.1", "::1"].compactMap { SocketAddress(host: $0, port: port) }))
        }
        let v4 = try runner.probe("cs.example", port: port, changing: { $0.family = .ipv4 }, resolver: resolver)
        #expect(v4.report.addresses.map(\.host) == ["127.0.0.1"])
        let only4: ProbeRunner.Resolver = { _, port, _, completion in
            completion(.success(["127.0.0.1"].compactMap { SocketAddress(host: $0, port: port) }))
        }
        let v6 = try runner.probe("cs.example", port: port, changing: { $0.family = .ipv6 }, resolver: only4)
        #expect(v6.verdict.symptom == .noAddressOfFamily)
        #expect(v6.check(.name)?.detail.english == "it has no IPv6 address, only 127.0.0.1")
    }

    @Test func `every address is tried, and one that fails is named beside one that works`() throws {
        let fleet = try Fleet()
        let server = try RollcallPort(fleet.serverContext(), on: runner.loop)
        let resolver: ProbeRunner.Resolver = { _, port, _, completion in
            completion(.success(["127.0.0.2", "127.0.0.1"].compactMap { SocketAddress(host: $0, port: port) }))
        }
        let outcome = try runner.probe("cs.example", port: server.port, try fleet.credentials(), resolver: resolver)
        #expect(outcome.report.addresses.count == 2)
        #expect(outcome.verdict.symptom == .someAddressesFail)
        #expect(outcome.verdict.cause.contains("127.0.0.2"))
    }

    @Test func `a name with very many addresses is cut, and says so`() throws {
        let resolver: ProbeRunner.Resolver = { _, port, _, completion in
            completion(.success((1...40).compactMap { SocketAddress(host: "127.0.0.\($0)", port: port) }))
        }
        let outcome = try runner.probe("cs.example", port: try PlainPort.closed(), resolver: resolver)
        #expect(outcome.report.addresses.count == ProbeRunner.addressesMax)
        #expect(outcome.check(.name)?.detail.english.hasSuffix("(the first 16 of 40)") == true)
    }
}
