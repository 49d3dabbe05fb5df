internal import EventLoop
internal import RollcallProtocol
internal import SecureTransport

/// One look at a process server's data port: does TCP get there, and does TLS? Whose certificate answers does not matter,
/// only that TLS comes through: a proxy or a firewall takes TCP connections, too. Tries the host's addresses in turn.
/// Confined to its loop; it keeps itself alive until it has reported.
final class DataPathLook: SecureStreamDelegate {
    /// What was found: nil if TLS got through, else why not.
    typealias Report = (String?) -> Void

    private let host: String
    private let loop: EventLoop
    private let context: TLSContext
    private let timer: LoopTimer
    private var report: Report?
    private var candidates: ArraySlice<SocketAddress> = []
    private var stream: SecureStream?
    private var failure: String?
    private var isConnected = false

    /// Begins to look. `report` is called once, in a later turn, within `limit`.
    init(
        at host: String, port: UInt16, context: TLSContext, limit: Duration, on loop: EventLoop,
        report: @escaping Report
    ) {
        self.host = host
        self.loop = loop
        self.context = context
        self.report = report
        timer = LoopTimer(on: loop)
        timer.start(after: limit) {
            let began = self.stream?.handshakeBegan ?? false
            self.finish(
                self.failure ?? (began ? "the TLS handshake was not done" : "no TCP connection")
                    + " within \(limit.text)")
        }
        NameLookup.resolve(host, port: port, on: loop) { result in
            switch result {
            case .success(let addresses):
                self.candidates = addresses[...]
                self.tryNext()
            case .failure(let error): self.finish("no address for \(host): \(error.reason)")
            }
        }
    }

    private func tryNext() {
        guard report != nil else { return }
        guard let address = candidates.popFirst() else { return finish(failure ?? "\(host) has no address") }
        do {
            stream = try SecureStream(
                dialling: address, context: context, serverName: nil, expecting: .anybody, identity: nil, on: loop,
                delegate: self)
        } catch {
            finish("\(error)")
        }
    }

    func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?) { finish(nil) }
    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>) {}
    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>) {}

    func secureStream(_ stream: SecureStream, ended reason: CloseReason) {
        guard stream === self.stream else { return }
        switch reason {
        case .connectFailed(let error):
            // A refusal tells more than "network is unreachable" of the other address family.
            if failure == nil || error.isConnectionRefused { failure = error.reason }
        case .tls(_, let refusal?) where refusal.provesTLS: return finish(nil)
        case .tls(let text, _): failure = "TCP connects, and TLS does not: \(text)"
        case .reset: failure = "TCP connects, and is reset in the TLS handshake"
        case .closedByPeer, .endedWithoutClosing: failure = "TCP connects, and is closed in the TLS handshake"
        case .failed(let error): failure = error.reason
        case .tooSlow: failure = "it reads too slowly"
        }
        tryNext()
    }

    private func finish(_ why: String?) {
        guard let report else { return }
        self.report = nil
        timer.cancel()
        stream?.close()
        stream = nil
        report(why)
    }
}

extension TLSRefusal {
    /// Whether somebody answered who speaks TLS, though not with us.
    fileprivate var provesTLS: Bool {
        switch self {
        case .notTLS: false
        default: true
        }
    }
}
