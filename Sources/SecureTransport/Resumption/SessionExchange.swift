internal import COpenSSL
internal import Synchronization

/// Puts another session into the place of a server object's own, at the end of a TLS 1.3 handshake.
///
/// `SSL_set_session` does so safely only if the object's method is that of its context: the method is TLS 1.3's by then, the
/// context's is the one for all versions, and OpenSSL would start the record layer anew. So a context of that method comes
/// first. Keys and callbacks of tickets are still those of the first context, which the object keeps as `session_ctx`.
enum SessionExchange {
    @safe private struct Context: @unchecked Sendable {
        let raw: OpaquePointer
    }

    /// Made with the first object and kept for good: it holds nothing of any certificate or key.
    private static let shared = Mutex<Context?>(nil)

    /// False if memory is short; the object is then as it was.
    static func replace(of ssl: OpaquePointer, by session: OpaquePointer) -> Bool {
        let context = unsafe shared.withLock { shared in
            if shared == nil, let made = unsafe SSL_CTX_new(SSL_get_ssl_method(ssl)) {
                let name = TLSContext.sessionContext
                unsafe _ = SSL_CTX_set_session_id_context(made, name, UInt32(name.utf8.count))
                shared = unsafe Context(raw: made)
            }
            return unsafe shared?.raw
        }
        guard let context = unsafe context, unsafe SSL_set_SSL_CTX(ssl, context) == context else { return false }
        let verdict = unsafe SSL_get_verify_result(ssl)
        unsafe _ = SSL_set_session(ssl, session)
        unsafe SSL_set_verify_result(ssl, verdict)
        return true
    }
}
