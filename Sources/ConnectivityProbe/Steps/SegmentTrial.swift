internal import EventLoop
internal import SecureTransport

/// One connection with segments of a given size, and a TLS greeting that fills several of them. What comes back does
/// not matter, only that something does. Confined to its loop; answers once.
final class SegmentTrial: SecureStreamDelegate {
    enum Outcome {
        /// Something came back: the greeting arrived as a whole, and the answer did.
        case answered(TCPFigures)
        /// Nothing came back in time.
        case unanswered(TCPFigures?)
        case notConnected
    }

    private let timer: LoopTimer
    private let confirmation: LoopTimer
    private let serverName: String?
    private var dial: DiagnosticDial?
    private var stream: SecureStream?
    private var bytes: ByteStream?
    private var last: TCPFigures?
    private var completion: ((Outcome) -> Void)?

    init(
        to address: SocketAddress, segmentBytes: Int?, _ options: DialOptions, serverName: String?,
        within limit: Duration, on loop: EventLoop, completion: @escaping (Outcome) -> Void
    ) {
        self.completion = completion
        self.serverName = serverName
        timer = LoopTimer(on: loop)
        confirmation = LoopTimer(on: loop)
        var options = options
        options.segmentBytesMax = segmentBytes
        dial = DiagnosticDial(to: address, options, on: loop) { [weak self] outcome in
            guard let self else { return }
            switch outcome {
            case .connected(let stream): greet(over: stream)
            case .failed: finish(.notConnected)
            }
        }
        timer.start(after: limit) { [weak self] in
            guard let self else { return }
            finish(.unanswered(figures))
        }
    }

    /// This end of the connection; nil before there is one.
    private(set) var localAddress: SocketAddress?

    /// What the kernel knows of the connection, or knew at its end.
    var figures: TCPFigures? { bytes?.figures ?? last }

    private func greet(over connected: ByteStream) {
        bytes = connected
        localAddress = connected.localAddress
        do {
            let context = try TLSContext.client(servers: .anybody, offering: Self.protocols)
            stream = try SecureStream(
                connected: connected, context: context, serverName: serverName, expecting: .anybody, identity: nil,
                delegate: self)
        } catch {
            finish(.notConnected)
        }
    }

    /// Names that nobody knows fill the greeting up: a server passes over them (RFC 7301 section 3.2).
    private static let protocols: [String] = {
        let filler = String(repeating: "x", count: 240)
        return [TLSContext.applicationProtocol, "http/1.1"]
            + (0..<13).map { "rollcall-probe-padding-\($0 % 10)\(filler.prefix(200))\($0)" }
    }()

    private func finish(_ outcome: Outcome) {
        guard let completion else { return }
        self.completion = nil
        cancel()
        completion(outcome)
    }

    /// Gives up.
    func cancel() {
        timer.cancel()
        confirmation.cancel()
        completion = nil
        last = figures
        dial?.cancel()
        if let stream { stream.reset() } else { bytes?.reset() }
        (dial, stream, bytes) = (nil, nil, nil)
    }

    // MARK: SecureStreamDelegate

    func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) { answered() }
    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {}
    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {}
    func secureStream(_ stream: SecureStream, ended reason: CloseReason) {
        switch reason {
        case .connectFailed, .failed: finish(.unanswered(figures))
        default: answered()
        }
    }

    /// Something came back. It counts when the other side has confirmed the whole greeting: what speaks first may have
    /// spoken before it came.
    private func answered() {
        guard let figures else { return finish(.answered(TCPFigures())) }
        guard figures.unconfirmedSegments > 0 else { return finish(.answered(figures)) }
        confirmation.start(after: .milliseconds(10)) { [weak self] in self?.answered() }
    }
}
