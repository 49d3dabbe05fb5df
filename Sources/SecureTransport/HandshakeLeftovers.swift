internal import COpenSSL
internal import Synchronization

/// What a finished TLS 1.3 handshake leaves in OpenSSL's object and no record needs: the session, and with it the peer's
/// certificate. On a server with client certificates that is 6.3 kB a connection, together with the verified chain, which
/// `TLSContext` drops as soon as it is verified.
///
/// A shared, empty session takes its place (`SessionExchange`).
///
/// Right only after the handshake and its tickets, which are part of it (OpenSSL sends them before `SSL_do_handshake` is done),
/// and after identity and facts were taken. What is left: protocol, suite, verify result, records, KeyUpdate, alerts. What is
/// gone: the peer's certificate and chain, the session id, the resumption secret.
@safe final class HandshakeLeftovers: @unchecked Sendable {
    /// One for each suite, by its number, because the object asks its session which one is in use.
    private let empty = Mutex<[UInt32: Session]>([:])

    @safe private struct Session: @unchecked Sendable {
        let raw: OpaquePointer
    }

    /// For good: it holds nothing of any certificate or key.
    private static let shared = HandshakeLeftovers()

    /// Drops the session of a server's object, if it speaks TLS 1.3. TLS 1.2 needs it to refuse a renegotiation.
    static func drop(from ssl: OpaquePointer) {
        guard unsafe SSL_version(ssl) == TLS1_3_VERSION, let suite = unsafe SSL_get_current_cipher(ssl) else { return }
        if let session = unsafe shared.emptySession(suite) {
            unsafe _ = SessionExchange.replace(of: ssl, by: session.raw)
        }
        ErrorQueue.clear()
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
