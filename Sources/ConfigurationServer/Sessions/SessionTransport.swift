internal import EventLoop
internal import SecureTransport

/// What carries a session's bytes: TLS on the port, or the operators' local socket.
enum SessionTransport {
    case secure(SecureStream)
    case local(ByteStream)

    func write(_ bytes: Span<UInt8>) {
        switch self {
        case .secure(let stream): stream.write(bytes)
        case .local(let stream): stream.write(bytes)
        }
    }

    /// Sends what waits, says goodbye, closes.
    func close() {
        switch self {
        case .secure(let stream): stream.close()
        case .local(let stream): stream.finish()
        }
    }

    /// Drops everything.
    func reset() {
        switch self {
        case .secure(let stream): stream.reset()
        case .local(let stream): stream.reset()
        }
    }

    /// Runs the body when the descriptor is given back.
    func whenClosed(_ body: @escaping () -> Void) {
        switch self {
        case .secure(let stream): stream.whenClosed(body)
        case .local(let stream): stream.whenClosed(body)
        }
    }

    /// Whether the peer began a TLS handshake.
    var handshakeBegan: Bool {
        switch self {
        case .secure(let stream): stream.handshakeBegan
        case .local: true
        }
    }

    /// What the kernel knows of the connection; nil once closed, and for local ones.
    var figures: TCPFigures? {
        switch self {
        case .secure(let stream): stream.figures
        case .local: nil
        }
    }

    /// Bytes that wait for a slow reader.
    var pendingBytes: Int {
        switch self {
        case .secure(let stream): stream.pendingBytes
        case .local(let stream): stream.pendingBytes
        }
    }
}
