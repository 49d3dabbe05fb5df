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
        /// Not answered in time; what the kernel knew of the connection.
        case tooLate(TCPFigures?)
    }

    /// How the pings ended.
    enum PingOutcome {
        /// All answered.
        case answered([Pong])
        case ended(CloseReason)
        case refused(String)
        case badFrame(String)
        /// The server drains: come back after so long.
        case sentAway(Duration)
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
    private var bytes: ByteStream?
    /// Hears what the kernel knew of the connection when it is hung up.
    var onFigures: (TCPFigures) -> Void = { _ in }
    private var onHandshake: ((HandshakeOutcome, Duration) -> Void)?
    private var onPings: ((PingOutcome, Duration) -> Void)?
    private var onNotes: ((WireCompareNotesResponse?) -> Void)?
    private var notesAsked: UInt64 = 0
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
        timer.start(after: limit) { [weak self] in self?.giveUp() }
        bytes = connected
        do {
            stream = try SecureStream(
                connected: connected, context: context, serverName: serverName, expecting: expecting,
                identity: identity, delegate: self)
        } catch {
            finishHandshake(.outOfMemory(error))
        }
    }

    /// Hears that the connection ended while nothing was asked.
    var onIdleEnd: () -> Void = {}

    /// Waits no longer for the handshake.
    func giveUp() { finishHandshake(.tooLate(bytes?.figures)) }

    private func finishHandshake(_ outcome: HandshakeOutcome) {
        guard let completion = onHandshake else { return }
        onHandshake = nil
        timer.cancel()
        switch outcome {
        case .established: break
        case .tooLate:
            // With FIN behind lost bytes the other side would not learn of the end.
            if let figures = bytes?.figures { onFigures(figures) }
            bytes = nil
            stream?.reset()
            stream = nil
        default: hangUp()
        }
        completion(outcome, watch.elapsed)
    }

    /// Sends pings, each after the answer to the one before.
    func ping(_ count: Int, within limit: Duration, completion: @escaping (PingOutcome, Duration) -> Void) {
        onPings = completion
        watch = Stopwatch()
        wanted = pongs.count + max(1, count)
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

    private static let firstNotesID: UInt64 = 1 << 32

    /// Asks what the server saw of other attempts; nil: it does not tell.
    func compareNotes(
        _ question: WireCompareNotesRequest, completion: @escaping (WireCompareNotesResponse?) -> Void
    ) {
        guard ended == nil, let stream else { return completion(nil) }
        onNotes = completion
        notesAsked += 1
        var request = WireRequest()
        request.id = Self.firstNotesID + notesAsked
        request.compareNotes = question
        stream.write(FrameEncoder.frame(request))
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
        if let figures = bytes?.figures { onFigures(figures) }
        bytes = nil
        stream?.close()
        stream = nil
    }

    // MARK: SecureStreamDelegate

    func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) {
        finishHandshake(.established(facts, chain: stream.peerChain))
    }

    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
        guard onPings != nil || onNotes != nil else { return }
        do {
            try decoder.decode(bytes) { message in
                answered(message)
                return onPings != nil || onNotes != nil
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
        if let completion = onNotes, response.id == Self.firstNotesID + notesAsked {
            onNotes = nil
            guard case .compareNotes(let notes) = response.result else { return completion(nil) }
            return completion(notes)
        }
        if case .notice(let notice) = response.result, case .comeBack(let wish) = notice.kind {
            return finishPings(.sentAway(.milliseconds(Int64(wish.afterMs))))
        }
        // Another notice, or something else that nobody asked for.
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
        if let completion = onNotes {
            onNotes = nil
            return completion(nil)
        }
        if onPings == nil { return onIdleEnd() }
        finishPings(.ended(reason))
    }
}

extension Duration {
    /// Whole milliseconds, cut.
    var inMilliseconds: Int64 {
        components.seconds &* 1000 &+ components.attoseconds / 1_000_000_000_000_000
    }
}
