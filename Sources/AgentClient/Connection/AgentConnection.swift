public import EventLoop
public import RollcallProtocol
public import SecureTransport
internal import SwiftProtobuf

/// One connection to a server: looks up the name, tries its addresses in turn, shakes hands, and cuts the stream into
/// messages. Each step has its time limit, and an end says why in words. Confined to its loop.
public final class AgentConnection: AgentLink {
    /// How patient it is with one address.
    public struct Limits: Sendable {
        /// For TCP.
        public var connect: Duration
        /// For TLS, after that.
        public var handshake: Duration

        /// The defaults: long enough for three lost SYNs (1 + 2 + 4 s), short enough to try a second address within an
        /// agent's patience.
        public init(connect: Duration = .seconds(8), handshake: Duration = .seconds(8)) {
            self.connect = connect
            self.handshake = handshake
        }
    }

    private enum Stage {
        case lookingUp, connecting, handshaking, open, closed
    }

    /// Where it leads.
    public let endpoint: ServerEndpoint
    /// Facts of the TLS session once it is open; nil on a local socket.
    public private(set) var facts: TLSFacts?
    /// Who the server is by its certificate; nil on a local socket.
    public private(set) var peer: PeerIdentity?
    /// The address that is connected, or was tried last.
    public private(set) var address: SocketAddress?

    private let loop: EventLoop
    private let saved: SavedSession?
    private let limits: Limits
    private weak var delegate: (any AgentLinkDelegate)?
    private let timer: LoopTimer
    private var stage = Stage.lookingUp
    private var candidates: ArraySlice<SocketAddress> = []
    private var failures: [ClientError] = []
    private var secure: SecureStream?
    private var plain: ByteStream?
    private var decoder = FrameDecoder(messageBytesMax: FrameLimits.responseBytesMax)

    /// Begins to dial. The delegate is held weakly: it owns the connection. `saved` is what earlier connections to this
    /// server left: with it the server lets an agent in without looking at its certificate again.
    public init(
        dialling endpoint: ServerEndpoint, limits: Limits = Limits(), resuming saved: SavedSession? = nil,
        on loop: EventLoop, delegate: any AgentLinkDelegate
    ) {
        self.endpoint = endpoint
        self.saved = saved
        self.limits = limits
        self.loop = loop
        self.delegate = delegate
        timer = LoopTimer(on: loop)
        switch endpoint {
        case .local(let path):
            candidates = [SocketAddress(path: path)]
            // One turn later, so that nothing is heard before the caller holds this object.
            timer.start(after: .zero) { [weak self] in self?.tryNext() }
        case .tls(let name, _):
            timer.start(after: limits.connect) { [weak self] in
                self?.end(.nameNotFound(host: name.host, reason: "no name server answered in time"))
            }
            NameLookup.resolve(name.host, port: name.port, on: loop) { [weak self] result in self?.resolved(result) }
        }
    }

    deinit {
        secure?.reset()
        plain?.close()
    }

    // MARK: AgentLink

    /// Sends a request. Ignored unless open.
    public func send(_ request: WireRequest) {
        guard stage == .open else { return }
        let frame = FrameEncoder.frame(request)
        secure?.write(frame)
        plain?.write(frame.span)
    }

    /// Says goodbye in TLS and closes.
    public func close() {
        finish { secure, plain in
            secure?.close()
            plain?.finish()
        }
    }

    /// Drops the connection with a TCP reset, as a machine that loses its power and comes back does.
    public func reset() {
        finish { secure, plain in
            secure?.reset()
            plain?.close()
        }
    }

    /// Leaves what arrives in the kernel.
    public func pauseReading() {
        secure?.pauseReading()
        plain?.pauseReading()
    }

    /// Reads again.
    public func resumeReading() {
        secure?.resumeReading()
        plain?.resumeReading()
    }

    private func finish(_ body: (SecureStream?, ByteStream?) -> Void) {
        stage = .closed
        delegate = nil
        timer.cancel()
        body(secure, plain)
        secure = nil
        plain = nil
    }

    // MARK: dialling

    private func resolved(_ result: Result<[SocketAddress], LoopError>) {
        guard stage == .lookingUp, case .tls(let name, _) = endpoint else { return }
        switch result {
        case .success(let addresses) where !addresses.isEmpty:
            candidates = addresses[...]
            tryNext()
        case .success:
            end(.nameNotFound(host: name.host, reason: "it has none"))
        case .failure(let error):
            end(.nameNotFound(host: name.host, reason: error.reason))
        }
    }

    private func tryNext() {
        guard stage != .closed else { return }
        guard let address = candidates.popFirst() else { return end(whyAllFailed()) }
        self.address = address
        stage = .connecting
        decoder = FrameDecoder(messageBytesMax: FrameLimits.responseBytesMax)
        switch endpoint {
        case .local:
            plain = ByteStream.connect(to: address, on: loop, handler: self)
        case .tls(let name, let credentials):
            let isNumber = SocketAddress(host: name.host, port: name.port) != nil
            do {
                secure = try SecureStream(
                    dialling: address, context: credentials.context, serverName: isNumber ? nil : name.host,
                    expecting: .fleetServer(credentials.fleet), identity: credentials.identity, resuming: saved,
                    on: loop, delegate: self)
            } catch {
                return end(.outOfResources("\(error)"))
            }
        }
        // One limit for both: the stream does not tell when TCP is through, and what counts is when the server is.
        timer.start(after: limits.connect + limits.handshake) { [weak self] in self?.tooLate() }
    }

    private func tooLate() {
        let shaking = secure?.handshakeBegan ?? false
        let limit = limits.connect + limits.handshake
        failed(.tooLate(address: place, stage: shaking ? "TLS handshake" : "TCP connection", limit: limit))
    }

    /// This address led nowhere; perhaps the next does.
    private func failed(_ error: ClientError) {
        failures.append(error)
        secure?.reset()
        plain?.close()
        secure = nil
        plain = nil
        tryNext()
    }

    private func whyAllFailed() -> ClientError {
        if failures.count == 1 { return failures[0] }
        return .allFailed(host: "\(endpoint)", failures.map(\.description))
    }

    private var place: String { address.map { "\($0)" } ?? "\(endpoint)" }

    // MARK: open and ended

    private func opened() {
        stage = .open
        timer.cancel()
        delegate?.linkOpened(self)
    }

    private func end(_ error: ClientError) {
        guard stage != .closed else { return }
        let delegate = self.delegate
        finish { secure, plain in
            secure?.close()
            plain?.close()
        }
        delegate?.link(self, closed: error)
    }

    private func received(_ bytes: Span<UInt8>) {
        do throws(FrameError) {
            try decoder.decode(bytes) { message in
                deliver(message)
                return stage == .open
            }
        } catch {
            end(.badFrame(error.description))
        }
    }

    private func deliver(_ message: Span<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count)
        for index in message.indices { bytes.append(message[index]) }
        guard let response = try? WireResponse(serializedBytes: bytes) else {
            return end(.badFrame("a message that is not protobuf"))
        }
        delegate?.link(self, received: response)
    }
}

extension AgentConnection: SecureStreamDelegate {
    /// TLS is there; now it must be Rollcall's.
    public func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) {
        guard stream === secure else { return }
        self.facts = facts
        self.peer = peer
        guard case .tls(_, let credentials) = endpoint,
            facts.applicationProtocol == credentials.applicationProtocol
        else {
            return failed(.notRollcall(address: place, applicationProtocol: facts.applicationProtocol))
        }
        opened()
    }

    /// Bytes of responses.
    public func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {
        if stream === secure, stage == .open { received(bytes) }
    }

    /// Never on a dialling side.
    public func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {}

    /// The stream has ended, open or on its way.
    public func secureStream(_ stream: SecureStream, ended reason: CloseReason) {
        guard stream === secure else { return }
        let error: ClientError =
            switch reason {
            case .connectFailed(let error): .connectFailed(address: place, error)
            case .closedByPeer, .endedWithoutClosing: .closedByServer
            case .reset: .reset
            case .failed(let error): .broken(error.reason)
            case .tls(let text, let refusal): .handshakeFailed(address: place, reason: text, refusal)
            case .tooSlow: .broken("the server reads too slowly")
            }
        guard stage != .open else { return end(error) }
        switch error {
        case .connectFailed, .handshakeFailed: failed(error)
        default: failed(.handshakeFailed(address: place, reason: "\(error) during the TLS handshake", nil))
        }
    }
}

extension AgentConnection: ByteStreamHandler {
    /// The local socket is open.
    public func streamConnected(_ stream: ByteStream) {
        guard stream === plain else { return }
        stream.start(self)
        opened()
    }

    /// The local socket is not there, or not for this user.
    public func stream(_ stream: ByteStream, connectFailed error: LoopError) {
        guard stream === plain else { return }
        let path = place
        if error.isPermissionDenied { return end(.localSocketForbidden(path: path)) }
        end(
            error.isNotFound || error.isConnectionRefused
                ? .noLocalServer(path: path) : .connectFailed(address: path, error))
    }

    /// Bytes of responses.
    public func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {
        if stream === plain, stage == .open { received(bytes) }
    }

    /// The server has closed the local socket.
    public func stream(_ stream: ByteStream, ended end: StreamEnd) {
        guard stream === plain else { return }
        switch end {
        case .finished: self.end(.closedByServer)
        case .reset: self.end(.reset)
        case .failed(let error): self.end(.broken(error.reason))
        case .tooSlow: self.end(.broken("the server reads too slowly"))
        }
    }
}
