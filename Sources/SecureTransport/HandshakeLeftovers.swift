internal import COpenSSL
internal import Synchronization

/// What a finished TLS 1.3 handshake leaves in OpenSSL's object and no record needs: the session, and with it the peer's
/// certificate. On a server with client certificates that is 6.3 kB a connection, together with the verified chain, which
/// `TLSContext` drops as soon as it is verified.
///
/// `SSL_set_session` puts a shared, empty session in its place. It does so safely only if the object's method is that of its
/// context: the method is TLS 1.3's by then, the context's is the one for all versions, and OpenSSL would start the record
/// layer anew. So a context of that method comes first. The object still holds the first context (`session_ctx`), whose keys
/// and callbacks are those of tickets.
///
/// Right only after the handshake and its tickets, which are part of it (OpenSSL sends them before `SSL_do_handshake` is done),
/// and after identity and facts were taken. What is left: protocol, suite, verify result, records, KeyUpdate, alerts. What is
/// gone: the peer's certificate and chain, the session id, the resumption secret.
@safe final class HandshakeLeftovers: @unchecked Sendable {
    private let idle: OpaquePointer
    /// One for each suite, by its number, because the object asks its session which one is in use.
    private let empty = Mutex<[UInt32: Session]>([:])

    @safe private struct Session: @unchecked Sendable {
        let raw: OpaquePointer
    }

    /// Made with the first object, kept for good: one for the process, for it holds nothing of any certificate or key.
    private static let shared = Mutex<HandshakeLeftovers?>(nil)

    /// Drops the session of a server's object, if it speaks TLS 1.3. TLS 1.2 needs it to refuse a renegotiation.
    static func drop(from ssl: OpaquePointer) {
        guard unsafe SSL_version(ssl) == TLS1_3_VERSION, let suite = unsafe SSL_get_current_cipher(ssl) else { return }
        let leftovers = shared.withLock { shared in
            if shared == nil { shared = unsafe HandshakeLeftovers(methodOf: ssl) }
            return shared
        }
        unsafe leftovers?.replaceSession(of: ssl, suite)
        ErrorQueue.clear()
    }

    private init?(methodOf ssl: OpaquePointer) {
        guard let idle = unsafe SSL_CTX_new(SSL_get_ssl_method(ssl)) else { return nil }
        unsafe self.idle = idle
        unsafe _ = SSL_CTX_set_session_id_context(
            idle, TLSContext.sessionContext, UInt32(TLSContext.sessionContext.utf8.count))
    }

    private func replaceSession(of ssl: OpaquePointer, _ suite: OpaquePointer) {
        guard let session = unsafe emptySession(suite), unsafe SSL_set_SSL_CTX(ssl, idle) == idle else { return }
        let verdict = unsafe SSL_get_verify_result(ssl)
        unsafe _ = SSL_set_session(ssl, session.raw)
        unsafe SSL_set_verify_result(ssl, verdict)
    }

    private func emptySession(_ suite: OpaquePointer) -> Session? {
        let number = unsafe SSL_CIPHER_get_id(suite)
        return empty.withLock { empty in
            if let made = empty[number] { return made }
            guard let raw = unsafe SSL_SESSION_new() else { return nil }
            unsafe _ = SSL_SESSION_set_protocol_version(raw, TLS1_3_VERSION)
            unsafe _ = SSL_SESSION_set_cipher(raw, suite)
            let session = unsafe Session(raw: raw)
            empty[number] = session
            return session
        }
    }
}
