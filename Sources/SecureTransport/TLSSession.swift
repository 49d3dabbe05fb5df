internal import COpenSSL
internal import EventLoop

/// What a finished handshake settled.
public struct TLSFacts: Equatable, Sendable {
    /// "TLSv1.3".
    public let version: String
    /// "TLS_AES_256_GCM_SHA384".
    public let cipherSuite: String
    /// "X25519", "P-256"; empty where not known.
    public let group: String
    /// The application protocol agreed on, or empty.
    public let applicationProtocol: String
    /// Whether the peer showed a certificate, in this handshake or in the one that this one resumes.
    public let hasPeerCertificate: Bool
    /// Whether it is the resumption of an earlier session.
    public let isResumed: Bool
    /// With `TLSContext.enrolmentProtocol`: 32 bytes that both ends of this connection have, and no other connection
    /// (RFC 9266, tls-exporter). Empty otherwise.
    public var channelBinding: [UInt8] = []
}

/// Owns one `SSL *` and turns its results into Swift. Each call ends in done, needs more bytes, or failed. Confined to
/// its loop: it reads and writes the loop's buffers.
///
/// A server's session may go on without the `SSL *` after the handshake (`TLSRecords`).
@safe struct TLSSession: ~Copyable {
    /// What changes lies at a fixed address, where it can be reached without exclusivity checks.
    private let state: UnsafeMutablePointer<State>

    @safe private struct State {
        /// Nil once its records were taken over.
        var ssl: OpaquePointer?
        var layer: UnsafeMutablePointer<RecordLayer>?
        /// Ciphertext that OpenSSL took in, if its records may be taken over.
        var bytesTaken: UInt32 = 0
        let takesRecords: Bool
    }

    private var ssl: OpaquePointer? {
        @inline(__always) get { unsafe state.pointee.ssl }
    }

    /// How far the handshake came.
    enum Progress {
        case done
        case needsMoreBytes
        case failed(TLSError)
    }

    /// What a read brought.
    enum ReadResult {
        /// So many bytes of plaintext in the loop's `plainIn`.
        case bytes(Int)
        case needsMoreBytes
        /// The peer said close_notify.
        case closed
        case failed(TLSError)
    }

    /// A session that has not begun its handshake.
    /// - Throws: `TLSError` when memory is short or the identity does not fit.
    static func make(
        _ context: TLSContext, identity: TLSIdentity?, on loop: EventLoop
    ) throws(TLSError) -> TLSSession {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        guard let ssl = unsafe SSL_new(context.raw) else { throw TLSError.take("make a TLS session") }
        let session = unsafe TLSSession(ssl, takesRecords: context.records == .own)
        try unsafe setUp(ssl, identity, on: loop)
        if context.isServer { unsafe SSL_set_accept_state(ssl) } else { unsafe SSL_set_connect_state(ssl) }
        unsafe SSL_set_verify(ssl, SSL_get_verify_mode(ssl), judge)
        return session
    }

    private init(_ ssl: OpaquePointer, takesRecords: Bool) {
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(ssl: ssl, takesRecords: takesRecords))
    }

    private static func setUp(_ ssl: OpaquePointer, _ identity: TLSIdentity?, on loop: EventLoop) throws(TLSError) {
        guard let bio = unsafe LoopBIO.of(loop) else { throw TLSError.take("make a TLS session") }
        // One reference for reading and one for writing; SSL_free gives both back.
        unsafe _ = BIO_up_ref(bio)
        unsafe _ = BIO_up_ref(bio)
        unsafe SSL_set0_rbio(ssl, bio)
        unsafe SSL_set0_wbio(ssl, bio)
        unsafe SSL_set_ex_data(ssl, 0, loop.buffers)
        guard let identity else { return }
        guard unsafe SSL_use_certificate(ssl, identity.certificate) == 1,
            unsafe SSL_use_PrivateKey(ssl, identity.key) == 1
        else { throw TLSError.take("use the identity's certificate") }
    }

    /// Hears of each certificate of the chain, the peer's own last. Keeps the issuer of one that does not pass, for the
    /// message about it, because OpenSSL forgets the certificate; asks the gate about the peer's own.
    private static let judge: @convention(c) (Int32, OpaquePointer?) -> Int32 = { passed, store in
        guard let certificate = unsafe X509_STORE_CTX_get_current_cert(store),
            let ssl = unsafe OpaquePointer(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx())),
            let data = unsafe SSL_get_ex_data(ssl, 0)
        else { return passed }
        let buffers = unsafe data.assumingMemoryBound(to: LoopBuffers.self)
        if passed == 0 {
            unsafe buffers.pointee.refusedIssuer = unsafe CertificateReader.issuer(of: certificate)
            unsafe noteRefused(store, in: buffers)
        } else if unsafe X509_STORE_CTX_get_error_depth(store) == 0 {
            guard let objection = unsafe CertificateGate.judge(certificate, on: ssl) else { return passed }
            unsafe buffers.pointee.refusedIssuer = unsafe CertificateReader.issuer(of: certificate)
            unsafe buffers.pointee.refusedBecause = objection
            unsafe noteRefused(store, in: buffers)
            unsafe X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REVOKED)
            return 0
        }
        return passed
    }

    /// The peer's own certificate, which need not be the one at fault: it says who was refused.
    private static func noteRefused(_ store: OpaquePointer?, in buffers: UnsafeMutablePointer<LoopBuffers>) {
        guard let own = unsafe X509_STORE_CTX_get0_cert(store) else { return }
        unsafe buffers.pointee.refusedURI = unsafe CertificateReader.identityURI(of: own)
        unsafe buffers.pointee.refusedValidity = unsafe CertificateReader.validity(of: own)
    }

    deinit {
        if let ssl = unsafe ssl {
            unsafe SavedSession.detach(from: ssl)
            unsafe SSL_free(ssl)
            ErrorQueue.clear()
        }
        if let layer = unsafe state.pointee.layer { unsafe RecordLayer.free(layer) }
        unsafe state.deallocate()
    }

    /// Client: offers what an earlier session left, and keeps what this one leaves. Before the handshake.
    func resume(_ saved: SavedSession) {
        defer { ErrorQueue.clear() }
        if let ssl = unsafe ssl { unsafe saved.attach(to: ssl) }
    }

    /// Client: the name to ask for (SNI), and the name or address to insist on in the certificate, if any.
    func dial(serverName: String?, insistingOn host: String?) {
        defer { ErrorQueue.clear() }
        if let serverName { unsafe _ = rollcall_set_server_name(ssl, serverName) }
        if let host {
            let parameters = unsafe SSL_get0_param(ssl)
            if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1 {
                unsafe _ = X509_VERIFY_PARAM_set1_host(parameters, host, 0)
            }
        }
    }

    /// Advances the handshake as far as the bytes received so far allow.
    func advanceHandshake(_ buffers: UnsafeMutablePointer<LoopBuffers>) -> Progress {
        ErrorQueue.assertEmpty()
        // A handshake that goes well may leave errors that it got over.
        defer { ErrorQueue.clear() }
        unsafe buffers.pointee.refusedValidity = (0, 0)
        let available = unsafe buffers.pointee.cipherInCount
        let notes = unsafe state.pointee.takesRecords ? ssl.flatMap { unsafe HandshakeNotes.of($0) } : nil
        let result = unsafe KeyScheduleProvider.noting(notes) { unsafe SSL_do_handshake(ssl) }
        unsafe state.pointee.bytesTaken &+= UInt32(available - buffers.pointee.cipherInCount)
        if result == 1 { return .done }
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMoreBytes
        default:
            let verdict = unsafe SSL_get_verify_result(ssl)
            let issuer = unsafe buffers.pointee.refusedIssuer
            // Who trusts anybody fails for another reason than the certificate, whatever a check would have said.
            // Nor does one that was checked in the session that this one resumes.
            let isChecking = unsafe SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE && SSL_session_reused(ssl) == 0
            let refusal: TLSRefusal? =
                isChecking
                ? .from(
                    verifyResult: verdict, certificateIssuer: issuer, because: unsafe buffers.pointee.refusedBecause)
                : nil
            return .failed(.take("TLS handshake", refusal: refusal))
        }
    }

    /// Reads plaintext of at most one record into the loop's `plainIn`.
    @inline(__always)
    func read(_ buffers: UnsafeMutablePointer<LoopBuffers>) -> ReadResult {
        if let layer = unsafe state.pointee.layer { return unsafe Self.read(layer, buffers) }
        ErrorQueue.assertEmpty()
        let count = unsafe SSL_read(ssl, buffers.pointee.plainIn, Int32(LoopBuffers.plainInBytesMax))
        if count > 0 { return .bytes(Int(count)) }
        switch unsafe SSL_get_error(ssl, count) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMoreBytes
        case SSL_ERROR_ZERO_RETURN: return .closed
        default: return .failed(.take("TLS read"))
        }
    }

    /// Whether there is something to read, or to settle by reading, without more bytes.
    @inline(__always)
    var hasPending: Bool {
        if let layer = unsafe state.pointee.layer { return unsafe layer.pointee.owesSomething }
        return unsafe SSL_has_pending(ssl) == 1
    }

    /// Encrypts at most 16 KiB into the loop's `cipherOut`. Returns how many bytes it took, or nil if the session failed.
    @inline(__always)
    func write(_ bytes: UnsafeRawBufferPointer, _ buffers: UnsafeMutablePointer<LoopBuffers>) -> Int? {
        if let layer = unsafe state.pointee.layer { return unsafe Self.write(layer, bytes, buffers) }
        ErrorQueue.assertEmpty()
        let count = unsafe SSL_write(ssl, bytes.baseAddress, Int32(bytes.count))
        if count > 0 { return Int(count) }
        switch unsafe SSL_get_error(ssl, count) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return 0
        default:
            ErrorQueue.clear()
            return nil
        }
    }

    /// Server: the name the peer asked for (SNI), or empty. Known once its first message was read.
    func serverName() -> String {
        guard let ssl = unsafe ssl, let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else {
            return ""
        }
        return unsafe String(cString: name)
    }

    /// Writes close_notify, if the handshake got that far. Nothing is read or written afterwards.
    func sayGoodbye(_ buffers: UnsafeMutablePointer<LoopBuffers>) {
        if let layer = unsafe state.pointee.layer { return unsafe Self.end(layer, sayingGoodbye: true, buffers) }
        if unsafe SSL_is_init_finished(ssl) == 1 { unsafe _ = SSL_shutdown(ssl) }
        ErrorQueue.clear()
    }

    /// Forgets the keys, without a goodbye: nothing is read or written afterwards.
    func forgetKeys(_ buffers: UnsafeMutablePointer<LoopBuffers>) {
        if let layer = unsafe state.pointee.layer { unsafe Self.end(layer, sayingGoodbye: false, buffers) }
    }

    /// The handshake is done. A server takes the records from OpenSSL and frees its object, if that is what the context is for and
    /// nothing is in doubt; else it drops what only the handshake needed. Identity and facts are to be taken before.
    func leaveHandshake(asServer: Bool, _ buffers: UnsafeMutablePointer<LoopBuffers>) {
        guard let ssl = unsafe ssl else { return }
        defer { ErrorQueue.clear() }
        if asServer, unsafe takeRecords(from: ssl, buffers) { return }
        // A record's header and body with one call of the BIO. Not before: what follows the handshake is then still in
        // the loop's buffer, for whoever takes the records over.
        unsafe SSL_set_read_ahead(ssl, 1)
        if asServer { unsafe HandshakeLeftovers.drop(from: ssl) }
    }

    private func takeRecords(from ssl: OpaquePointer, _ buffers: UnsafeMutablePointer<LoopBuffers>) -> Bool {
        guard unsafe state.pointee.takesRecords, let ciphers = unsafe Self.recordCiphers(of: buffers),
            let layer = unsafe RecordTakeover.attempt(ssl, bytesTaken: Int(state.pointee.bytesTaken), &ciphers.pointee)
        else { return false }
        unsafe state.pointee.layer = unsafe layer
        unsafe state.pointee.ssl = nil
        // Without this OpenSSL would take the session for a broken one, and forget it.
        unsafe SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        unsafe SSL_free(ssl)
        return true
    }

    /// "TLSv1.3": what a finished handshake settled. Nothing else is taken over from OpenSSL.
    var version: String { unsafe ssl.map { unsafe String(cString: SSL_get_version($0)) } ?? "TLSv1.3" }

    /// What the handshake settled.
    func facts() -> TLSFacts {
        defer { ErrorQueue.clear() }
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &length)
        let chosen = unsafe UnsafeBufferPointer(start: name, count: Int(length))
        let group = Int32(truncatingIfNeeded: unsafe rollcall_negotiated_group(ssl))
        let applicationProtocol = unsafe String(decoding: unsafe chosen, as: UTF8.self)
        return TLSFacts(
            version: version,
            cipherSuite: unsafe SSL_get_current_cipher(ssl).map { unsafe String(cString: SSL_CIPHER_get_name($0)) }
                ?? "",
            group: Self.groupName(group),
            applicationProtocol: applicationProtocol,
            hasPeerCertificate: unsafe SSL_get0_peer_certificate(ssl) != nil
                || ssl.map({ unsafe Resumption.knowsPeer(of: $0) }) == true,
            isResumed: unsafe SSL_session_reused(ssl) == 1,
            channelBinding: applicationProtocol == TLSContext.enrolmentProtocol ? channelBinding() : [])
    }

    /// RFC 9266 section 4.2. Only TLS 1.3 keeps two connections from having the same.
    private func channelBinding() -> [UInt8] {
        guard unsafe SSL_version(ssl) == TLS1_3_VERSION else { return [] }
        let label = "EXPORTER-Channel-Binding"
        var binding = [UInt8](repeating: 0, count: 32)
        let done = unsafe SSL_export_keying_material(
            ssl, &binding, binding.count, label, label.utf8.count, nil, 0, 0)
        return done == 1 ? binding : []
    }

    /// Who the peer is by its certificate, which the handshake checked, or the one that it resumes. Nil without a certificate
    /// or a `rollcall://` URI.
    func peerIdentity() -> PeerIdentity? {
        defer { ErrorQueue.clear() }
        guard let ssl = unsafe ssl else { return nil }
        guard let certificate = unsafe SSL_get0_peer_certificate(ssl) else {
            return unsafe Resumption.identity(of: ssl)
        }
        return unsafe CertificateReader.identity(of: certificate)
    }

    /// The peer's chain as it sent it, its own certificate first. Clients only: a server has dropped it.
    func peerChain() -> [CertificateFacts] {
        defer { ErrorQueue.clear() }
        let chain = unsafe SSL_get_peer_cert_chain(ssl)
        return (0..<(unsafe rollcall_chain_count(chain))).compactMap { index in
            unsafe rollcall_chain_at(chain, index).map { unsafe CertificateReader.facts(of: $0) }
        }
    }

    private static func groupName(_ nid: Int32) -> String {
        switch nid {
        case NID_X25519: "X25519"
        case NID_X9_62_prime256v1: "P-256"
        case NID_secp384r1: "P-384"
        default: unsafe OBJ_nid2sn(nid).map { unsafe String(cString: $0) } ?? ""
        }
    }
}
