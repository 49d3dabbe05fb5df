internal import COpenSSL

/// What a client keeps of a server that let it in, so that it is let in again without showing its certificate: the newest
/// ticket and its secret, in memory only. One for each pair of client and server; confined to a loop.
///
/// Hand it to each `SecureStream` that dials that server. It fills itself, and empties itself when the server's certificate
/// expires. A server that does not know the ticket any more makes a full handshake of it, on the same connection.
@safe public final class SavedSession {
    private var raw: OpaquePointer?

    /// Nothing saved yet.
    public init() {}

    deinit { unsafe SSL_SESSION_free(raw) }

    /// Whether there is nothing to resume.
    public var isEmpty: Bool { unsafe raw == nil }

    /// Forgets the session: the next handshake is a full one.
    public func forget() {
        unsafe SSL_SESSION_free(raw)
        unsafe raw = nil
    }

    // MARK: for TLSSession

    /// Has a client's object offer what is saved, and save what it gets.
    func attach(to ssl: OpaquePointer) {
        unsafe _ = SSL_set_ex_data(ssl, Self.place, Unmanaged.passUnretained(self).toOpaque())
        guard let raw = unsafe raw else { return }
        // A resumption does not show the server's certificate again: its dates are ours to look at.
        if let server = unsafe SSL_SESSION_get0_peer(raw), unsafe X509_cmp_time(X509_get0_notAfter(server), nil) < 0 {
            return forget()
        }
        unsafe _ = SSL_set_session(ssl, raw)
    }

    /// The object outlives its owner's interest.
    static func detach(from ssl: OpaquePointer) { unsafe _ = SSL_set_ex_data(ssl, place, nil) }

    /// Lets a client's context hand out new sessions.
    static func install(on context: OpaquePointer) {
        unsafe rollcall_ctx_keep_client_sessions(context)
        unsafe SSL_CTX_sess_set_new_cb(context) { ssl, session in
            guard let ssl = unsafe ssl, let session = unsafe session,
                let data = unsafe SSL_get_ex_data(ssl, SavedSession.place)
            else { return 0 }
            let saved = unsafe Unmanaged<SavedSession>.fromOpaque(data).takeUnretainedValue()
            // Only TLS 1.3 keeps forward secrecy when it resumes.
            guard unsafe SSL_version(ssl) == TLS1_3_VERSION, unsafe SSL_SESSION_is_resumable(session) == 1 else {
                return 0
            }
            saved.forget()
            unsafe saved.raw = unsafe session
            return 1
        }
    }

    private static let place: Int32 = rollcall_ssl_ex_index()
}
