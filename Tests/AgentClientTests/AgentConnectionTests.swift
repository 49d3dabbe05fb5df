import CertificateAuthority
import EventLoop
import Foundation
import RollcallProtocol
import TestServer
import TestSupport
import Testing

@testable import AgentClient

@Suite("An agent and a server over TLS")
struct AgentConnectionTests {
    private static let quick = AgentTimings(firstRetry: .milliseconds(10), longestRetry: .milliseconds(50))

    @Test func `registers under its certificate's name and beats`() async throws {
        let server = try TestServer(respond: TestServer.agreeable(interval: .milliseconds(20)))
        let agent = try LoopAgent(try server.endpoint())
        #expect(await eventually { server.requests.count { $0.request.heartbeat.sequence > 0 } >= 3 })
        #expect(server.requests.first?.request.register.hostname == "web-03")
        #expect(server.requests.first?.identity.hasPrefix("rollcall://test/node/") == true)
        #expect(server.requests.dropFirst().prefix(3).map(\.request.heartbeat.sequence) == [1, 2, 3])
        #expect(agent.failures == [])
    }

    @Test func `dials by name, and tries the name's next address when one refuses`() async throws {
        // "localhost" is ::1 and 127.0.0.1 where IPv6 is on; the server has the second only.
        let server = try TestServer()
        let agent = try LoopAgent(try server.endpoint(host: "localhost"))
        #expect(await eventually { agent.isRegistered })
    }

    @Test func `comes back after a reset, and after the server's goodbye`() async throws {
        let server = try TestServer()
        let agent = try LoopAgent(try server.endpoint(), timings: Self.quick)
        #expect(await eventually { agent.registrations == 1 })
        server.disconnect(reset: true)
        #expect(await eventually { agent.registrations == 2 })
        server.disconnect(reset: false)
        #expect(await eventually { agent.registrations == 3 })
        #expect(agent.failures == ["reset by peer", "closed by the server"])
    }

    @Test func `closes the connection when asked to come back later, and does come back`() async throws {
        let server = try TestServer()
        let agent = try LoopAgent(try server.endpoint(), timings: Self.quick)
        #expect(await eventually { agent.isRegistered })
        server.notify(.comeBack(.with { $0.afterMs = 50 }))
        #expect(await eventually { agent.registrations == 2 && server.connections == 1 })
        #expect(agent.failures == [])
    }

    @Test func `says goodbye before it closes`() async throws {
        let server = try TestServer()
        let agent = try LoopAgent(try server.endpoint())
        #expect(await eventually { agent.isRegistered })
        agent.call { $0.stop(.serviceStop) }
        #expect(await eventually { agent.isFinished && server.connections == 0 })
        #expect(server.requests.last?.request.leave.reason == .serviceStop)
        #expect(agent.events.last == .saidGoodbye(confirmed: true))
    }

    @Test func `a suspended agent keeps its connection and says nothing; then it goes on`() async throws {
        let server = try TestServer(respond: TestServer.agreeable(interval: .milliseconds(20)))
        let agent = try LoopAgent(try server.endpoint())
        #expect(await eventually { server.requests.count > 2 })
        agent.call { $0.suspend() }
        let count = Locked(0)
        agent.call { _ in count.set(server.requests.count) }
        #expect(await eventually { count.value > 0 })
        server.notify(.reportInFull(.init()))
        agent.call { $0.resume() }
        #expect(await eventually { server.requests.count > count.value + 2 })
        #expect(server.accepted == 1)
    }

    @Test func `nobody listens: says so and goes on trying`() async throws {
        let port: UInt16
        let credentials: ClientCredentials
        do {
            let server = try TestServer()
            port = server.port
            credentials = try server.credentials()
        }
        let agent = try LoopAgent(
            .tls(ServerName(host: "127.0.0.1", port: port), credentials), timings: Self.quick)
        #expect(await eventually { agent.failures.count > 2 })
        #expect(agent.failures.first == "127.0.0.1:\(port): connection refused: nobody listens there")
    }

    @Test func `a server of another authority is not trusted, and its issuer named`() async throws {
        let server = try TestServer()
        let stranger = try CertificateAuthority(fleet: "other", at: Date())
        let agent = try LoopAgent(
            .tls(ServerName(host: "127.0.0.1", port: server.port), try server.credentials(trusting: stranger)))
        #expect(await eventually { !agent.failures.isEmpty })
        #expect(agent.failures.first?.contains("server certificate not trusted: issuer") == true)
        #expect(server.requests.isEmpty)
    }

    @Test func `a name that does not exist`() async throws {
        let server = try TestServer()
        let agent = try LoopAgent(try server.endpoint(host: "no-such-host.invalid"))
        #expect(await eventually { !agent.failures.isEmpty })
        #expect(agent.failures.first?.hasPrefix("no address for no-such-host.invalid: ") == true)
    }

    @Test func `what is not rollcall/1 ends the connection with a reason`() async throws {
        let server = try TestServer()
        let agent = try LoopAgent(try server.endpoint(), timings: Self.quick)
        #expect(await eventually { agent.isRegistered })
        server.send([1, 0, 0, 0, 0])
        #expect(await eventually { agent.registrations == 2 })
        server.send([0, 0, 0, 0, 2, 0xFF, 0xFF])
        #expect(await eventually { agent.registrations == 3 })
        #expect(agent.failures.first?.hasPrefix("the server sent what is not rollcall/1: frame is compressed") == true)
        #expect(agent.failures.last == "the server sent what is not rollcall/1: a message that is not protobuf")
    }
}

/// A value that two threads look at.
final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var content: Value
    init(_ value: Value) { content = value }
    var value: Value { lock.withLock { content } }
    func set(_ value: Value) { lock.withLock { content = value } }
}
