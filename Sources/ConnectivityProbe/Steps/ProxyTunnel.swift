internal import ErrorCatalogue
internal import EventLoop

/// Asks an HTTP proxy for a way through (RFC 9110 section 9.3.6). Confined to its loop; answers once.
final class ProxyTunnel: ByteStreamHandler {
    /// What the proxy said.
    enum Outcome: Equatable {
        /// The way is open.
        case open
        /// Its status line, and whether it wants a user and a password.
        case refused(status: Int, line: String)
        /// What answered is no HTTP proxy.
        case notHTTP(String)
        case closed
        case tooLate
    }

    /// A status line and some headers; a proxy's page of excuses is not read.
    static let answerBytesMax = 4096

    private let timer: LoopTimer
    private let stream: ByteStream
    private let watch = Stopwatch()
    private var bytes: [UInt8] = []
    private var completion: ((Outcome, Duration) -> Void)?

    init(
        over stream: ByteStream, to host: String, port: UInt16, within limit: Duration,
        completion: @escaping (Outcome, Duration) -> Void
    ) {
        self.stream = stream
        self.completion = completion
        timer = LoopTimer(on: stream.loop)
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        stream.start(self)
        stream.write(Array("CONNECT \(place) HTTP/1.1\r\nHost: \(place)\r\n\r\n".utf8).span)
        timer.start(after: limit) { [weak self] in self?.finish(.tooLate) }
    }

    private func finish(_ outcome: Outcome) {
        guard let completion else { return }
        self.completion = nil
        timer.cancel()
        if outcome == .open { stream.pauseReading() } else { stream.close() }
        completion(outcome, watch.elapsed)
    }

    func streamConnected(_ stream: ByteStream) {}
    func stream(_ stream: ByteStream, connectFailed error: LoopError) { finish(.closed) }
    func stream(_ stream: ByteStream, ended end: StreamEnd) {
        finish(bytes.isEmpty ? .closed : Self.read(bytes) ?? .closed)
    }
    func stream(_ stream: ByteStream, received incoming: Span<UInt8>) {
        for position in 0..<min(incoming.count, Self.answerBytesMax - bytes.count) { bytes.append(incoming[position]) }
        if let outcome = Self.read(bytes) { finish(outcome) }
    }

    /// Reads an answer; nil: it is not all there yet.
    static func read(_ bytes: [UInt8]) -> Outcome? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("HTTP/") || "HTTP/".hasPrefix(text) else {
            return .notHTTP(PlainGreeting.firstLine(of: bytes))
        }
        guard text.contains("\r\n\r\n") || text.contains("\n\n") || bytes.count >= answerBytesMax else { return nil }
        let line = PlainGreeting.firstLine(of: bytes)
        let fields = line.split(separator: " ", maxSplits: 2)
        guard fields.count > 1, let status = Int(fields[1]) else { return .notHTTP(line) }
        return (200...299).contains(status) ? .open : .refused(status: status, line: line)
    }

    /// The line for what it said.
    static func check(_ outcome: Outcome, at address: SocketAddress, for place: String, took: Duration) -> Check {
        let (state, symptom, words): (CheckState, Symptom?, Phrase) =
            switch outcome {
            case .open: (.passed, nil, Phrase("it connects to \(place)", "它連上了 \(place)"))
            case .refused(407, let line): (.failed, .proxyAuthentication, Phrase("it says “\(line)”", "它說“\(line)”"))
            case .refused(_, let line):
                (.failed, .proxyRefuses, Phrase("it says “\(line)” to \(place)", "它對 \(place) 說“\(line)”"))
            case .notHTTP(let line):
                (
                    .failed, .proxyRefuses,
                    Phrase("no HTTP proxy listens there: it says “\(line)”", "在那裡接聽的不是 HTTP Proxy：它說“\(line)”")
                )
            case .closed:
                (
                    .failed, .proxyRefuses,
                    Phrase("it hangs up on the request for \(place)", "它收到對 \(place) 的要求就掛斷")
                )
            case .tooLate:
                (
                    .failed, .proxyRefuses,
                    Phrase("it takes the request for \(place), and does not answer", "它收下對 \(place) 的要求，卻不回答")
                )
            }
        return Check(.proxy, at: address, state, symptom, words, took: took)
    }
}
