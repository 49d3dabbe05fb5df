internal import COpenSSL

/// OpenSSL's queue of errors of the calling thread. `SSL_get_error` takes whatever lies there for the fault of the call
/// before it, so it has to be empty before each of those calls.
///
/// It is kept so by construction, because clearing it before each read and write costs 780 instructions a heartbeat: every
/// function of this target that calls OpenSSL leaves the queue empty, and in debug builds each one checks that it found it so.
enum ErrorQueue {
    /// Drops what lies there.
    @inline(__always)
    static func clear() { ERR_clear_error() }

    /// Checks in debug builds that the last function left nothing.
    @inline(__always)
    static func assertEmpty() {
        assert(ERR_peek_error() == 0, "an error was left on OpenSSL's queue: \(TLSError.take("left behind").reasons)")
    }
}
