internal import EventLoop
internal import RollcallProtocol
internal import SecureTransport
internal import SwiftProtobuf

/// One TLS connection: the handshake, and pings over it. Confined to its loop; each question is answered once.
final class TLSConversation: SecureStreamDelegate {
    enum HandshakeOutcome {
        case established(TLSFacts, chain: [CertificateFacts])
        case ended(CloseReason)
        case outOfMemory(TLSError)
        case tooLate
    }

    /// How the pings ended.
    enum PingOutcome {
        /// All answered.
        case answered([Pong])
        case ended(CloseReason)
        case refused(String)
        case badFrame(String)
        case tooLate
    }

    /// One answer, with what the clocks said around it.
    struct Pong {
        let response: WirePingResponse
        let roundTrip: Duration
        let localUnixMilliseconds: Int64
    }

    private let loop: EventLoop
    private let timer: LoopTimer
    private let wallClock: () -> Int64
    private var watch = Stopwatch()
    private var stream: SecureStream?
    private var onHandshake: ((HandshakeOutcome, Duration) -> Void)?
    private var onPings: ((PingOutcome, Duration) -> Void)?
    private var decoder = FrameDecoder(messageBytesMax: FrameLimits.messageBytesMax)
    private var pongs: [Pong] = []
    private var wanted = 0
    private var pingWatch = Stopwatch()
    private var pingSent: Int64 = 0
    /// Why the connection ended between two questions.
    private var ended: CloseReason?

    init(on loop: EventLoop, wallClock: @escaping () -> Int64) {
        self.loop = loop
        self.wallClock = wallClock
        timer = LoopTimer(on: loop)
    }

    /// This end's address; nil once closed.
    var localAddress: SocketAddress? { stream?.localAddress }

    /// Handshakes over a connected stream.
    func begin(
        over connected: ByteStream, context: TLSContext, serverName: String?, expecting: SecureStream.Expectation,
        identity: TLSIdentity?, within limit: Duration, completion: @escaping (HandshakeOutcome, Duration) -> Void
    ) {
        onHandshake = completion
        watch = Stopwatch()
        timer.start(after: limit) { [weak self] in self?.finishHandshake(.tooLate) }
        do {
            stream = try SecureStream(
                connected: connected, context: context, serverName: serverName, expecting: expecting,
                identity: identity, delegate: self)
        } catch {
            finishHandshake(.outOfMemory(error))
        }
    }

    private func finishHandshake(_ outcome: HandshakeOutcome) {
        guard let completion = onHandshake else { return }
        onHandshake = nil
        timer.cancel()
        if case .established = outcome {} else { hangUp() }
        completion(outcome, watch.elapsed)
    }

    /// Sends pings, each after the answer to the one before.
    func ping(_ count: Int, within limit: Duration, completion: @escaping (PingOutcome, Duration) -> Void) {
        onPings = completion
        watch = Stopwatch()
        wanted = max(1, count)
        if let ended { return finishPings(.ended(ended)) }
        timer.start(after: limit) { [weak self] in self?.finishPings(.tooLate) }
        sendPing()
    }

    private func sendPing() {
        var request = WireRequest()
        request.id = UInt64(pongs.count + 1)
        request.ping = WirePingRequest()
        pingSent = wallClock()
        pingWatch = Stopwatch()
        stream?.write(FrameEncoder.frame(request))
    }

    private func finishPings(_ outcome: PingOutcome) {
        guard let completion = onPings else { return }
        onPings = nil
        timer.cancel()
        completion(outcome, watch.elapsed)
    }

    /// Ends the connection; nothing is answered any more.
    func hangUp() {
        timer.cancel()
        stream?.close()
        stream = nil
    }

    // MARK: SecureStreamDelegate

    func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) {
        finishHandshake(.established(facts, chain: stream.peerChain))
    }

    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
        guard onPings != nil else { return }
        do {
            try decoder.decode(bytes) { message in
                answered(message)
                return onPings != nil
            }
        } catch {
            finishPings(.badFrame(error.description))
        }
    }

    private func answered(_ message: Span<UInt8>) {
        let roundTrip = pingWatch.elapsed
        var copy: [UInt8] = []
        copy.reserveCapacity(message.count)
        for position in message.indices { copy.append(message[position]) }
        guard let response = try? WireResponse(serializedBytes: copy) else {
            return finishPings(.badFrame("a message that is no Response"))
        }
        // A notice, or something else that nobody asked for.
        guard response.id == UInt64(pongs.count + 1) else { return }
        guard response.status == StatusCode.ok.rawValue else {
            return finishPings(
                .refused("\(StatusCode(rawValue: response.status)): \(response.message)"))
        }
        guard case .ping(let pong) = response.result else { return finishPings(.badFrame("an answer to no ping")) }
        let halfWay = (roundTrip / 2).inMilliseconds
        pongs.append(Pong(response: pong, roundTrip: roundTrip, localUnixMilliseconds: pingSent + halfWay))
        if pongs.count == wanted { finishPings(.answered(pongs)) } else { sendPing() }
    }

    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {}

    func secureStream(_ stream: SecureStream, ended reason: CloseReason) {
        ended = ended ?? reason
        if onHandshake != nil { return finishHandshake(.ended(reason)) }
        finishPings(.ended(reason))
    }
}

extension Duration {
    /// Whole milliseconds, cut.
    var inMilliseconds: Int64 {
        components.seconds &* 1000 &+ components.attoseconds / 1_000_000_000_000_000
    }
}
