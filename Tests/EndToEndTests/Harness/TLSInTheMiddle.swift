import EventLoop
import Foundation
import SecureTransport
import TestSupport

/// A man in the middle who ends TLS on both sides: towards the agent as a server with a certificate of its own, towards the server
/// as a newcomer; what one says he hands to the other, and reads it all. His loop runs only while the test waits.
final class TLSInTheMiddle {
    /// Where to dial instead of the server.
    let port: UInt16
    private let runner: LoopRunner
    private var listener: Listener?
    private var pairs: [Pair] = []

    /// Poses as a server with this certificate, and dials the server as whoever wants to enrol.
    /// - Throws: `TLSError`, `LoopError`.
    init(to server: UInt16, certificateFile: String, keyFile: String) throws {
        let runner = try LoopRunner()
        self.runner = runner
        let towardsAgents = try TLSContext.server(
            certificateChainFile: certificateFile, keyFile: keyFile, clients: .anybody)
        let towardsServer = try TLSContext.enrolment(trusting: .anybody)
        guard let own = SocketAddress(host: "127.0.0.1", port: 0),
            let upstream = SocketAddress(host: "127.0.0.1", port: server),
            let socket = try ListeningSocket.listen(on: own, count: 1).first
        else { throw POSIXError(.EINVAL) }
        port = socket.address.port
        listener = try Listener(socket, on: runner.loop) { [unowned self] event in
            guard case .accepted(let stream) = event,
                let pair = try? Pair(stream, towardsAgents, upstream, towardsServer)
            else { return }
            pairs.append(pair)
        }
    }

    /// Bytes that he read of what agents said.
    var overheard: [UInt8] { pairs.flatMap(\.overheard) }

    /// Goes on until something holds. False if it does not.
    func run(until condition: @escaping () -> Bool) -> Bool { runner.run(within: .seconds(60), until: condition) }

    /// One agent's connection, and the one that he made for it.
    private final class Pair: SecureStreamDelegate {
        private var agent: SecureStream?
        private var server: SecureStream?
        private var early: [UInt8] = []
        private var isUp = false
        var overheard: [UInt8] = []

        init(
            _ accepted: ByteStream, _ context: TLSContext, _ upstream: SocketAddress, _ serverContext: TLSContext
        ) throws {
            agent = try SecureStream(accepting: accepted, context: context, delegate: self)
            server = try SecureStream(
                dialling: upstream, context: serverContext, serverName: nil, expecting: .anybody, identity: nil,
                on: accepted.loop, delegate: self)
        }

        func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) {
            guard stream === server else { return }
            isUp = true
            server?.write(early)
        }

        func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
            var copy: [UInt8] = []
            for position in 0..<bytes.count { copy.append(bytes[position]) }
            guard stream === agent else { return agent?.write(copy) ?? () }
            overheard += copy
            if isUp { server?.write(copy) } else { early += copy }
        }

        func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {}

        func secureStream(_ stream: SecureStream, ended reason: CloseReason) {
            (stream === agent ? server : agent)?.close()
        }
    }
}
