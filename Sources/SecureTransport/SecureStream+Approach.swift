internal import EventLoop

extension SecureStream {
    /// What matters until the peer is in, or has failed to get in: a hundred bytes that thousands of idle connections need not
    /// have.
    final class Approach {
        let expectation: Expectation
        /// Client: filled by the session as long as the stream lives.
        let saved: SavedSession?
        var refusedCertificate: RefusedCertificate?
        var bytes: (received: UInt64, sent: UInt64) = (0, 0)

        init(_ expectation: Expectation = .anybody, saved: SavedSession? = nil) {
            self.expectation = expectation
            self.saved = saved
        }
    }

    /// Lets the stream hear of a connection that is dialled in its own initialiser.
    final class Relay: ByteStreamHandler {
        var target: SecureStream?

        func streamConnected(_ stream: ByteStream) {
            target?.streamConnected(stream)
            target = nil
        }
        func stream(_ stream: ByteStream, connectFailed error: LoopError) {
            target?.stream(stream, connectFailed: error)
            target = nil
        }
        func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {}
        func stream(_ stream: ByteStream, ended end: StreamEnd) { target = nil }
    }
}
