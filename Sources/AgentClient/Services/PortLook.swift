internal import EventLoop
internal import RollcallProtocol

/// One look at a TCP port: does something take connections there? Tries the host's addresses in turn. Confined to its
/// loop; it keeps itself alive until it has reported.
final class PortLook: ByteStreamHandler {
    private let name: String
    private let host: String
    private let port: UInt16
    private let loop: EventLoop
    private let timer: LoopTimer
    private let limit: Duration
    private var report: ((WireServiceReport) -> Void)?
    private var candidates: ArraySlice<SocketAddress> = []
    private var stream: ByteStream?
    private var failure: LoopError?

    /// Begins to look. `report` is called once, in a later turn, within `limit`.
    init(
        name: String, host: String, port: UInt16, limit: Duration, on loop: EventLoop,
        report: @escaping (WireServiceReport) -> Void
    ) {
        self.name = name
        self.host = host
        self.port = port
        self.loop = loop
        self.limit = limit
        self.report = report
        timer = LoopTimer(on: loop)
        timer.start(after: limit) { self.finish(.stopped, "no answer within \(limit.text)") }
        NameLookup.resolve(host, port: port, on: loop) { result in
            switch result {
            case .success(let addresses):
                self.candidates = addresses[...]
                self.tryNext()
            case .failure(let error):
                self.finish(.unspecified, "not known: no address for \(host), \(error.reason)")
            }
        }
    }

    private func tryNext() {
        guard report != nil else { return }
        if let address = candidates.popFirst() {
            stream = ByteStream.connect(to: address, on: loop, handler: self)
        } else if let failure, failure.isConnectionRefused || failure.isTimedOut || failure.isConnectionReset {
            finish(.stopped, failure.reason)
        } else {
            finish(.unspecified, "not known: \(failure?.reason ?? "\(host) has no address")")
        }
    }

    func streamConnected(_ stream: ByteStream) { finish(.running, "takes connections") }

    func stream(_ stream: ByteStream, connectFailed error: LoopError) {
        // A refusal tells more than "network is unreachable" of the other address family.
        if failure?.isConnectionRefused != true { failure = error }
        tryNext()
    }

    func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {}
    func stream(_ stream: ByteStream, ended end: StreamEnd) {}

    private func finish(_ state: WireServiceState, _ words: String) {
        guard let report else { return }
        self.report = nil
        stream?.close()
        stream = nil
        timer.cancel()
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        report(.watched(name, state, "\(place): \(words)"))
    }
}
