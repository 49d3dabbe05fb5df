import CertificateAuthority
import EventLoop
import Foundation
import RollcallProtocol
import Synchronization
import TestServer

@testable import AgentClient

/// A real agent on a loop of its own, with what it told.
final class LoopAgent: Sendable {
    private let thread: EventLoopThread
    private let shell: LoopBound<AgentShell>
    private let told = Told()

    /// What the agent told, for any thread.
    final class Told: Sendable {
        let events = Mutex<[AgentEvent]>([])
        let finished = Mutex(false)
    }

    init(_ endpoint: ServerEndpoint, timings: AgentTimings = AgentTimings()) throws {
        thread = try EventLoopThread()
        let loop = thread.loop
        let told = told
        shell = onLoop(loop) {
            LoopBound(
                AgentShell(
                    AgentMachine(facts: .with { $0.hostname = "web-03" }, timings: timings, seed: 1), on: loop,
                    dial: { AgentConnection(dialling: endpoint, on: loop, delegate: $0) },
                    onEvent: { event in told.events.withLock { $0.append(event) } },
                    onFinish: { told.finished.withLock { $0 = true } }), of: loop)
        }
        call { $0.start() }
    }

    deinit {
        let shell = shell
        thread.loop.post { _ = shell.value }
        thread.loop.stop()
        thread.join()
    }

    /// Does something with the shell, on its loop.
    func call(_ body: @escaping @Sendable (AgentShell) -> Void) {
        let shell = shell
        thread.loop.post { body(shell.value) }
    }

    var events: [AgentEvent] { told.events.withLock { $0 } }
    var isFinished: Bool { told.finished.withLock { $0 } }
    var isRegistered: Bool { if case .registered = events.last(where: \.isAboutConnection) { true } else { false } }
    var registrations: Int { events.count { if case .registered = $0 { true } else { false } } }
    var failures: [String] {
        events.compactMap {
            switch $0 {
            case .dialFailed(let reason), .connectionLost(let reason): reason
            default: nil
            }
        }
    }
}

extension AgentEvent {
    fileprivate var isAboutConnection: Bool {
        switch self {
        case .registered, .dialFailed, .connectionLost, .toldToComeBack: true
        default: false
        }
    }
}

/// Makes something on a loop that runs in another thread, and waits for it.
func onLoop<Value: Sendable>(_ loop: EventLoop, _ body: @escaping @Sendable () -> Value) -> Value {
    let made = Mutex<Value?>(nil)
    let ready = DispatchSemaphore(value: 0)
    loop.post {
        let value = body()
        made.withLock { $0 = value }
        ready.signal()
    }
    ready.wait()
    guard let value = made.withLock({ $0 }) else { preconditionFailure("the loop ran the body") }
    return value
}

extension TestServer {
    /// Credentials of a node, and of the authority it trusts.
    func credentials(trusting: CertificateAuthority? = nil) throws -> ClientCredentials {
        let identity = try authority.issueNode(id: UUID(), at: Date())
        return try ClientCredentials(
            authorityPEM: (trusting ?? authority).certificatePEM, certificatePEM: identity.certificatePEM,
            keyPEM: identity.privateKeyPEM, source: "test")
    }

    /// Where it is.
    func endpoint(host: String = "127.0.0.1") throws -> ServerEndpoint {
        .tls(ServerName(host: host, port: port), try credentials())
    }
}
