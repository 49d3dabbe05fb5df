public import CertificateAuthority
import EventLoop
import Foundation
public import RollcallProtocol
import SecureTransport
import Synchronization
import TestSupport

/// A configuration server as small as can be, for tests of its clients: real TLS on a port of 127.0.0.1, answers from a
/// closure, no registry.
public final class TestServer: Sendable {
    /// Answers a request. `identity` is the client's, or empty.
    public typealias Responder = @Sendable (_ request: WireRequest, _ identity: String) -> [WireResponse]

    /// Where it listens.
    public let port: UInt16
    /// Issues what its clients need.
    public let authority: CertificateAuthority
    private let thread: EventLoopThread
    private let core: LoopBound<Core>
    private let log: RequestLog

    /// A server with a fresh authority, or this one, that answers until the value goes away.
    public convenience init(
        authority: CertificateAuthority? = nil, respond: @escaping Responder = TestServer.agreeable()
    ) throws {
        let authority = try authority ?? CertificateAuthority(fleet: "test", at: Date())
        let directory = try TestDirectory()
        let identity = try authority.issueServer(hosts: [try ServerHost("localhost")], at: Date())
        try Data((identity.certificatePEM + authority.certificatePEM).utf8)
            .write(to: directory.url.appending(path: "server.pem"))
        try Data(identity.privateKeyPEM.utf8).write(to: directory.url.appending(path: "server.key"))
        let context = try TLSContext.server(
            certificateChainFile: directory.path("server.pem"), keyFile: directory.path("server.key"),
            clients: .authorities(pem: authority.certificatePEM, source: "test"))
        try self.init(authority, context, respond)
    }

    private init(_ authority: CertificateAuthority, _ context: TLSContext, _ respond: @escaping Responder) throws {
        self.authority = authority
        let log = RequestLog()
        self.log = log
        thread = try EventLoopThread()
        let loop = thread.loop
        guard let address = SocketAddress(host: "127.0.0.1", port: 0),
            let socket = try ListeningSocket.listen(on: address, count: 1).first
        else { throw CocoaError(.featureUnsupported) }
        port = socket.address.port
        let made = Mutex<LoopBound<Core>?>(nil)
        let ready = DispatchSemaphore(value: 0)
        loop.post {
            made.withLock { $0 = LoopBound(Core(loop, socket, context, log, respond), of: loop) }
            ready.signal()
        }
        ready.wait()
        guard let core = made.withLock({ $0 }) else { throw CocoaError(.featureUnsupported) }
        self.core = core
    }

    deinit {
        let core = core
        thread.loop.post { core.value.end() }
        thread.loop.stop()
        thread.join()
    }

    // MARK: what it saw

    /// Every request so far, in the order of arrival, with who sent it.
    public var requests: [(identity: String, request: WireRequest)] { log.all }
    /// Connections that are open.
    public var connections: Int { log.connections }
    /// Connections that were ever made.
    public var accepted: Int { log.accepted }

    // MARK: what it does of itself

    /// Sends a notice to everybody.
    public func notify(_ kind: WireNotice.OneOf_Kind) {
        let response = WireResponse.with { $0.notice.kind = kind }
        let core = core
        thread.loop.post { core.value.sendToAll(FrameEncoder.frame(response)) }
    }

    /// Sends raw bytes to everybody.
    public func send(_ bytes: [UInt8]) {
        let core = core
        thread.loop.post { core.value.sendToAll(bytes) }
    }

    /// Ends every connection, with a reset or in good order.
    public func disconnect(reset: Bool) {
        let core = core
        thread.loop.post { core.value.disconnect(reset: reset) }
    }

    /// Takes everybody in, wants a heartbeat each `interval`, and says yes.
    public static func agreeable(interval: Duration = .seconds(30)) -> Responder {
        { request, _ in
            [
                .with { response in
                    response.id = request.id
                    switch request.method {
                    case .ping: response.ping.fleet = "test"
                    case .register: response.register.heartbeatIntervalMs = UInt32(interval / .milliseconds(1))
                    case .heartbeat: response.heartbeat = .init()
                    case .leave: response.leave = .init()
                    default:
                        response.status = StatusCode.unimplemented.rawValue
                        response.message = "no such method"
                    }
                }
            ]
        }
    }
}

/// What a test server saw, for any thread.
final class RequestLog: Sendable {
    private struct Content {
        var requests: [(identity: String, request: WireRequest)] = []
        var open = 0
        var accepted = 0
    }
    private let content = Mutex(Content())

    var all: [(identity: String, request: WireRequest)] { content.withLock { $0.requests } }
    var connections: Int { content.withLock { $0.open } }
    var accepted: Int { content.withLock { $0.accepted } }

    func add(_ request: WireRequest, from identity: String) {
        content.withLock { $0.requests.append((identity, request)) }
    }
    func opened() {
        content.withLock {
            $0.open += 1
            $0.accepted += 1
        }
    }
    func closed() { content.withLock { $0.open -= 1 } }
}

/// The loop's side of a test server.
private final class Core {
    private let log: RequestLog
    private let respond: TestServer.Responder
    private var listener: Listener?
    private var connections: [ObjectIdentifier: Connection] = [:]

    init(
        _ loop: EventLoop, _ socket: ListeningSocket, _ context: TLSContext, _ log: RequestLog,
        _ respond: @escaping TestServer.Responder
    ) {
        self.log = log
        self.respond = respond
        listener = try? Listener(socket, on: loop) { [weak self] event in
            guard case .accepted(let stream) = event, let self else { return }
            let connection = Connection(self)
            connection.stream = try? SecureStream(accepting: stream, context: context, delegate: connection)
            connections[ObjectIdentifier(connection)] = connection
            log.opened()
        }
    }

    func received(_ message: Span<UInt8>, on connection: Connection) {
        var bytes: [UInt8] = []
        for index in message.indices { bytes.append(message[index]) }
        guard let request = try? WireRequest(serializedBytes: bytes) else { return }
        log.add(request, from: connection.identity)
        for response in respond(request, connection.identity) { connection.stream?.write(FrameEncoder.frame(response)) }
    }

    func ended(_ connection: Connection) {
        connection.stream?.close()
        if connections.removeValue(forKey: ObjectIdentifier(connection)) != nil { log.closed() }
    }

    func sendToAll(_ bytes: [UInt8]) { for connection in connections.values { connection.stream?.write(bytes) } }

    func disconnect(reset: Bool) {
        for connection in connections.values {
            if reset { connection.stream?.reset() } else { connection.stream?.close() }
            log.closed()
        }
        connections = [:]
    }

    func end() {
        listener = nil
        disconnect(reset: true)
    }

    final class Connection: SecureStreamDelegate {
        weak var core: Core?
        var stream: SecureStream?
        var identity = ""
        var decoder = FrameDecoder()

        init(_ core: Core) { self.core = core }

        func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) {
            identity = peer?.uri ?? ""
        }
        func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
            try? decoder.decode(bytes) { message in
                core?.received(message, on: self)
                return true
            }
        }
        func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) { core?.ended(self) }
        func secureStream(_ stream: SecureStream, ended reason: CloseReason) { core?.ended(self) }
    }
}
