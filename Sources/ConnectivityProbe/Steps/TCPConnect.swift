internal import EventLoop

/// Connects to one address. Confined to its loop; answers once.
final class TCPConnect {
    enum Outcome {
        case connected(ByteStream)
        case failed(LoopError, UnreachableReport?)
        case tooLate
    }

    private let watch = Stopwatch()
    private let timer: LoopTimer
    private var dial: DiagnosticDial?
    private var completion: ((Outcome, Duration) -> Void)?

    init(
        to address: SocketAddress, _ options: DialOptions = DialOptions(), within limit: Duration, on loop: EventLoop,
        completion: @escaping (Outcome, Duration) -> Void
    ) {
        self.completion = completion
        timer = LoopTimer(on: loop)
        dial = DiagnosticDial(to: address, options, on: loop) { [weak self] outcome in
            switch outcome {
            case .connected(let stream): self?.finish(.connected(stream))
            case .failed(let error, let report): self?.finish(.failed(error, report))
            }
        }
        timer.start(after: limit) { [weak self] in
            self?.dial?.cancel()
            self?.finish(.tooLate)
        }
    }

    private func finish(_ outcome: Outcome) {
        guard let completion else { return }
        self.completion = nil
        timer.cancel()
        dial = nil
        completion(outcome, watch.elapsed)
    }
}
