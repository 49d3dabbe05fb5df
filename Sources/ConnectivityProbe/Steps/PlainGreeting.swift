internal import ErrorCatalogue
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
        // An alert may have a sentence behind it.
        let isAlert = bytes.first == 21
        if bytes.contains(UInt8(ascii: "\n")) || bytes.count >= 16 && !isAlert { finish() }
    }

    // MARK: reading it

    /// The line for what was heard.
    static func check(_ bytes: [UInt8], at address: SocketAddress, took: Duration) -> Check {
        guard !bytes.isEmpty else {
            return Check(
                .banner, at: address, .unknown, nil, Phrase("says nothing in plain text either", "用純文字也一言不發"),
                took: took)
        }
        let said = String(decoding: bytes, as: UTF8.self)
        if said.contains("Rollcall configuration server") {
            if let limit = said.firstRange(of: "at its limit: ") {
                let words = said[limit.upperBound...].prefix { $0 != "." && !$0.isNewline }
                return Check(
                    .banner, at: address, .failed, .atLimit,
                    Phrase("the Rollcall server says that \(words)", "Rollcall 伺服器說：\(words)"), took: took)
            }
            return Check(
                .banner, at: address, .failed, .tlsCutOnTheWay,
                Phrase(
                    "in plain text the Rollcall server itself answers: it is TLS that does not get through",
                    "用純文字時 Rollcall 伺服器本身有回答：通不過的是 TLS"), took: took)
        }
        let status = firstLine(of: bytes).split(separator: " ").dropFirst().first
        let asksForPassword = bytes.starts(with: Array("HTTP/".utf8)) && status == "407"
        return Check(
            .banner, at: address, .failed, asksForPassword ? .proxyAuthentication : .notTLS,
            kind(of: bytes) + Phrase(", it says “\(firstLine(of: bytes))”", "，它說“\(firstLine(of: bytes))”"), took: took)
    }

    /// The first line, as text, cut to what fits on one.
    static func firstLine(of bytes: [UInt8]) -> String {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return String(decoding: line.prefix(100), as: UTF8.self)
    }

    /// What speaks like this.
    static func kind(of bytes: [UInt8]) -> Phrase {
        let text = String(decoding: bytes, as: UTF8.self)
        for (beginning, kind) in beginnings where text.hasPrefix(beginning) { return kind }
        // MySQL: length (3 bytes), sequence 0, protocol version 10.
        if bytes.count > 5, bytes[3] == 0, bytes[4] == 10 {
            return Phrase("a MySQL or MariaDB server", "MySQL 或 MariaDB 伺服器")
        }
        if bytes[0] == 0x15 || bytes[0] == 0x16 {
            return Phrase("a TLS server that refused the handshake", "拒絕交握的 TLS 伺服器")
        }
        return Phrase("another program", "別的程式")
    }

    private static let beginnings = [
        ("SSH-", Phrase("an SSH server", "SSH 伺服器")),
        ("HTTP/", Phrase("a web server without TLS", "沒有 TLS 的網頁伺服器")),
        ("<", Phrase("a web server without TLS", "沒有 TLS 的網頁伺服器")),
        ("220-", Phrase("a mail or FTP server", "郵件或 FTP 伺服器")),
        ("220 ", Phrase("a mail or FTP server", "郵件或 FTP 伺服器")),
        ("554 ", Phrase("a mail server", "郵件伺服器")),
        ("* OK", Phrase("an IMAP server", "IMAP 伺服器")),
        ("+OK", Phrase("a POP3 server", "POP3 伺服器")),
        ("RFB ", Phrase("a VNC server", "VNC 伺服器")),
        ("-ERR", Phrase("a Redis or POP3 server", "Redis 或 POP3 伺服器")),
        ("AMQP", Phrase("an AMQP broker", "AMQP 訊息代理")),
    ]
}
