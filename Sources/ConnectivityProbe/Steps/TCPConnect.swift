internal import EventLoop

/// Connects to one address. Confined to its loop; answers once.
final class TCPConnect: ByteStreamHandler {
    enum Outcome {
        case connected(ByteStream)
        case failed(LoopError)
        case tooLate
    }

    private let watch = Stopwatch()
    private let timer: LoopTimer
    private var stream: ByteStream?
    private var completion: ((Outcome, Duration) -> Void)?

    init(
        to address: SocketAddress, within limit: Duration, on loop: EventLoop,
        completion: @escaping (Outcome, Duration) -> Void
    ) {
        self.completion = completion
        timer = LoopTimer(on: loop)
        stream = ByteStream.connect(to: address, on: loop, handler: self)
        timer.start(after: limit) { [weak self] in
            self?.stream?.close()
            self?.finish(.tooLate)
        }
    }

    private func finish(_ outcome: Outcome) {
        guard let completion else { return }
        self.completion = nil
        timer.cancel()
        stream = nil
        completion(outcome, watch.elapsed)
    }

    func streamConnected(_ stream: ByteStream) { finish(.connected(stream)) }
    func stream(_ stream: ByteStream, connectFailed error: LoopError) { finish(.failed(error)) }
    func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {}
    func stream(_ stream: ByteStream, ended end: StreamEnd) {}

    /// What a failure to connect means: different words, because they have different remedies.
    static func check(_ error: LoopError, at address: SocketAddress, took: Duration) -> Check {
        let (symptom, words): (Symptom, String) =
            switch error.name {
            case "ECONNREFUSED": (.refused, "refused: the machine answers, nobody listens on port \(address.port)")
            case "ECONNRESET", "EPIPE", "ECONNABORTED":
                (.resetOnConnect, "reset while connecting: something took the connection and threw it away")
            case "ETIMEDOUT": (.filtered, "no answer at all: something drops the packets")
            case "ENETUNREACH", "ENETDOWN", "EADDRNOTAVAIL":
                (.noRoute, "no route: this machine does not know where to send the packets (\(error.name))")
            case "EHOSTUNREACH", "EHOSTDOWN", "ENONET":
                (.unreachable, "unreachable: a router, or this network's last hop, reports it (\(error.name))")
            case "EPERM", "EACCES":
                (.forbiddenHere, "forbidden by this machine's own rules (\(error.name))")
            case "EAFNOSUPPORT":
                (.familyMissing, "this machine has no \(address.family == .ipv6 ? "IPv6" : "IPv4")")
            default: (.tcpFailed, "\(error.reason) (\(error.name))")
            }
        return Check(.tcp, at: address, .failed, symptom, words, took: took)
    }
}
