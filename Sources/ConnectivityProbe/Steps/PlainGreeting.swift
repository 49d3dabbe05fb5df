internal import EventLoop

/// Listens in plain text for what speaks first, and then asks as a browser would. Confined to its loop; answers once.
final class PlainGreeting: ByteStreamHandler {
    /// As much as is kept of what the other side says.
    static let bytesMax = 512

    private let timer: LoopTimer
    private let limit: Duration
    private let stream: ByteStream
    private let watch = Stopwatch()
    private var hasAsked = false
    private var bytes: [UInt8] = []
    private var completion: (([UInt8], Duration) -> Void)?

    init(
        over stream: ByteStream, within limit: Duration, completion: @escaping ([UInt8], Duration) -> Void
    ) {
        self.limit = limit
        self.stream = stream
        self.completion = completion
        timer = LoopTimer(on: stream.loop)
        stream.start(self)
        timer.start(after: limit) { [weak self] in self?.waitedEnough() }
    }

    private func waitedEnough() {
        guard bytes.isEmpty, !hasAsked else { return finish() }
        hasAsked = true
        stream.write(Array("HEAD / HTTP/1.0\r\n\r\n".utf8).span)
        timer.start(after: limit) { [weak self] in self?.finish() }
    }

    private func finish() {
        guard let completion else { return }
        self.completion = nil
        timer.cancel()
        stream.close()
        completion(bytes, watch.elapsed)
    }

    func streamConnected(_ stream: ByteStream) {}
    func stream(_ stream: ByteStream, connectFailed error: LoopError) { finish() }
    func stream(_ stream: ByteStream, ended end: StreamEnd) { finish() }
    func stream(_ stream: ByteStream, received incoming: Span<UInt8>) {
        for position in 0..<min(incoming.count, Self.bytesMax - bytes.count) { bytes.append(incoming[position]) }
        if bytes.contains(UInt8(ascii: "\n")) || bytes.count >= 16 { finish() }
    }

    // MARK: reading it

    /// The line for what was heard.
    static func check(_ bytes: [UInt8], at address: SocketAddress, took: Duration) -> Check {
        guard !bytes.isEmpty else {
            return Check(
                .banner, at: address, .unknown, nil, "says nothing in plain text either", took: took)
        }
        if String(decoding: bytes, as: UTF8.self).contains("Rollcall configuration server") {
            return Check(
                .banner, at: address, .failed, .tlsCutOnTheWay,
                "in plain text the Rollcall server itself answers: it is TLS that does not get through", took: took)
        }
        let status = firstLine(of: bytes).split(separator: " ").dropFirst().first
        let asksForPassword = bytes.starts(with: Array("HTTP/".utf8)) && status == "407"
        return Check(
            .banner, at: address, .failed, asksForPassword ? .proxyAuthentication : .notTLS,
            "\(kind(of: bytes)), it says “\(firstLine(of: bytes))”", took: took)
    }

    /// The first line, as text, cut to what fits on one.
    static func firstLine(of bytes: [UInt8]) -> String {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return String(decoding: line.prefix(100), as: UTF8.self)
    }

    /// What speaks like this.
    static func kind(of bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        for (beginning, kind) in beginnings where text.hasPrefix(beginning) { return kind }
        // MySQL: length (3 bytes), sequence 0, protocol version 10.
        if bytes.count > 5, bytes[3] == 0, bytes[4] == 10 { return "a MySQL or MariaDB server" }
        if bytes[0] == 0x15 || bytes[0] == 0x16 { return "a TLS server that refused the handshake" }
        return "another program"
    }

    private static let beginnings = [
        ("SSH-", "an SSH server"),
        ("HTTP/", "a web server without TLS"),
        ("<", "a web server without TLS"),
        ("220-", "a mail or FTP server"),
        ("220 ", "a mail or FTP server"),
        ("554 ", "a mail server"),
        ("* OK", "an IMAP server"),
        ("+OK", "a POP3 server"),
        ("RFB ", "a VNC server"),
        ("-ERR", "a Redis or POP3 server"),
        ("AMQP", "an AMQP broker"),
        ("This is a Rollcall", "a Rollcall server whose TLS did not get through"),
    ]
}
