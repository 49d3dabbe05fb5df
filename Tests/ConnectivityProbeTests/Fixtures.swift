import AgentClient
import CertificateAuthority
public import ErrorCatalogue
import EventLoop
import Foundation
import RollcallProtocol
import SecureTransport
import TestSupport

@testable import ConnectivityProbe

/// A report made up by a test says the same in both languages.
extension Phrase: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text, text) }
}

/// A fleet's authority and server certificate, made at some moment.
struct Fleet {
    let directory: TestDirectory
    let authority: CertificateAuthority

    init(_ name: String = "test", madeAt moment: Date = Date()) throws {
        directory = try TestDirectory()
        authority = try CertificateAuthority(fleet: name, at: moment)
        let server = try authority.issueServer(hosts: [try ServerHost("localhost")], at: moment)
        try Data((server.certificatePEM + authority.certificatePEM).utf8)
            .write(to: directory.url.appending(path: "server.pem"))
        try Data(server.privateKeyPEM.utf8).write(to: directory.url.appending(path: "server.key"))
    }

    var trust: TLSContext.Trust { .authorities(pem: authority.certificatePEM, source: "ca.pem") }

    func serverContext() throws -> TLSContext {
        try .server(
            certificateChainFile: directory.path("server.pem"), keyFile: directory.path("server.key"), clients: trust)
    }

    func node() throws -> TLSIdentity {
        let issued = try authority.issueNode(id: UUID(), at: Date())
        return try TLSIdentity(certificatePEM: issued.certificatePEM, keyPEM: issued.privateKeyPEM)
    }

    func credentials(showing identity: TLSIdentity? = nil) throws -> ProbeSettings.Credentials {
        .init(context: try .client(servers: trust), authoritySource: "ca.pem", identity: identity)
    }
}

/// Today's wall clock.
func wallClock() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

/// What a probe brought.
struct Outcome {
    var report: ProbeReport
    var verdict: Verdict
    var heard: [Check]

    /// The last line of that kind.
    func check(_ kind: CheckKind) -> Check? { report.checks.last { $0.kind == kind } }
}

struct NoReport: Error {}

extension LoopRunner {
    /// Probes, and runs the loop until the report is there.
    func probe(
        _ host: String = "127.0.0.1", port: UInt16, _ credentials: ProbeSettings.Credentials? = nil,
        changing change: (inout ProbeSettings) -> Void = { _ in }, resolver: ProbeRunner.Resolver? = nil
    ) throws -> Outcome {
        var settings = ProbeSettings(target: ServerName(host: host, port: port))
        settings.credentials = credentials
        settings.isQuick = true
        // Slow machines are not what is tested here.
        settings.limits.slowHandshake = .seconds(60)
        settings.limits.slowConnect = .seconds(60)
        settings.limits.slowPing = .seconds(60)
        settings.limits.slowName = .seconds(60)
        change(&settings)
        let runner =
            resolver.map { ProbeRunner(settings, on: loop, wallClock: wallClock, resolver: $0) }
            ?? ProbeRunner(settings, on: loop, wallClock: wallClock)
        var report: ProbeReport?
        var heard: [Check] = []
        runner.start(onCheck: { heard.append($0) }, onEnd: { report = $0 })
        _ = run(within: .seconds(60)) { report != nil }
        guard let report else { throw NoReport() }
        return Outcome(report: report, verdict: Verdict(on: report), heard: heard)
    }
}

/// A port on 127.0.0.1 where something listens that is not Rollcall.
final class PlainPort: ByteStreamHandler {
    enum Manner {
        /// Takes everything and says nothing.
        case silent
        /// Says this at once.
        case greets(String)
        /// Says this to whatever comes, and hangs up.
        case answers(String)
        /// Hangs up on the first byte.
        case hangsUp
        /// Resets on the first byte.
        case resets
    }

    let port: UInt16
    private let manner: Manner
    private var listener: Listener?
    private var streams: [ByteStream] = []

    init(_ manner: Manner, on loop: EventLoop) throws {
        self.manner = manner
        guard let address = SocketAddress(host: "127.0.0.1", port: 0),
            let socket = try ListeningSocket.listen(on: address, count: 1).first
        else { throw NoReport() }
        port = socket.address.port
        listener = try Listener(socket, on: loop) { [weak self] event in
            guard case .accepted(let stream) = event, let self else { return }
            streams.append(stream)
            stream.start(self)
            if case .greets(let words) = manner { stream.write(Array(words.utf8).span) }
        }
    }

    func streamConnected(_ stream: ByteStream) {}
    func stream(_ stream: ByteStream, connectFailed error: LoopError) {}
    func stream(_ stream: ByteStream, ended end: StreamEnd) { stream.close() }
    func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {
        switch manner {
        case .silent, .greets: break
        case .hangsUp: stream.finish()
        case .resets: stream.reset()
        case .answers(let words):
            stream.write(Array(words.utf8).span)
            stream.finish()
        }
    }

    /// A port of 127.0.0.1 on which nobody listens.
    static func closed() throws -> UInt16 {
        guard let address = SocketAddress(host: "127.0.0.1", port: 0),
            let socket = try ListeningSocket.listen(on: address, count: 1).first
        else { throw NoReport() }
        socket.close()
        return socket.address.port
    }
}

/// A port on 127.0.0.1 with real TLS, where pings are answered by a closure.
final class RollcallPort {
    typealias Answer = (_ request: WireRequest, _ connection: Connection) -> [UInt8]

    let port: UInt16
    private let answer: Answer
    private var listener: Listener?
    private var connections: [Connection] = []

    init(_ context: TLSContext, on loop: EventLoop, answer: @escaping Answer = RollcallPort.agreeable()) throws {
        self.answer = answer
        guard let address = SocketAddress(host: "127.0.0.1", port: 0),
            let socket = try ListeningSocket.listen(on: address, count: 1).first
        else { throw NoReport() }
        port = socket.address.port
        listener = try Listener(socket, on: loop) { [weak self] event in
            guard case .accepted(let stream) = event, let self else { return }
            let connection = Connection(self)
            connection.stream = try? SecureStream(accepting: stream, context: context, delegate: connection)
            connections.append(connection)
        }
    }

    /// Answers pings as a healthy server does, with changes.
    static func agreeable(_ change: @escaping (inout WirePingResponse) -> Void = { _ in }) -> Answer {
        { request, connection in
            var response = WireResponse()
            response.id = request.id
            response.ping.fleet = "test"
            response.ping.serverVersion = "9.8.7"
            response.ping.readiness = .ready
            response.ping.serverTimeUnixMs = wallClock()
            response.ping.observedAddress = connection.stream?.peerAddress.map { "\($0)" } ?? ""
            response.ping.identity = connection.identity
            change(&response.ping)
            return FrameEncoder.frame(response)
        }
    }

    final class Connection: SecureStreamDelegate {
        private weak var owner: RollcallPort?
        var stream: SecureStream?
        var identity = ""
        private var decoder = FrameDecoder()

        init(_ owner: RollcallPort) { self.owner = owner }

        func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) {
            identity = peer?.uri ?? ""
        }
        func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
            try? decoder.decode(bytes) { message in
                var copy: [UInt8] = []
                for index in message.indices { copy.append(message[index]) }
                guard let owner, let request = try? WireRequest(serializedBytes: copy) else { return false }
                stream.write(owner.answer(request, self))
                return true
            }
        }
        func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) { stream.close() }
        func secureStream(_ stream: SecureStream, ended reason: CloseReason) { stream.close() }
    }
}
