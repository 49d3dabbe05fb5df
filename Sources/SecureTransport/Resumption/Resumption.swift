internal import COpenSSL

/// Lets nodes come back over TLS 1.3 without showing their certificate again: a ticket carries who they are, sealed by the
/// server, and no certificate, for decoding and checking one is most of what a mutual handshake costs in OpenSSL 3.0.
///
/// What stays as it was: each resumption makes a fresh Diffie-Hellman exchange (`psk_dhe_ke` only), so that neither ticket nor
/// ticket key opens recorded traffic; the revocation list, the certificate's dates and the trusted authorities are asked each
/// time; early data stays off. Whoever is objected to gets a full handshake, whose refusal says why. Only nodes get tickets:
/// operators and strangers are few. TLS 1.2 is not resumed, because its tickets give up forward secrecy.
/// `docs/decisions/0004-resumption.md` has the whole argument.
///
/// How: OpenSSL asks `prepareTicket` before it seals a ticket. After a full handshake the session holds the certificate then; it is
/// replaced by its copy without (`SessionEncoding`). One object a context; used from every loop.
@safe final class Resumption: @unchecked Sendable {
    private let keys: TicketKeyRing
    private let gate: CertificateGate
    private let authority: UInt64
    /// A resumed handshake proves knowledge of the ticket's secret, not of the certificate's key. Once a week the key itself has
    /// to be proven: as long as RFC 8446 section 4.6.1 lets a ticket live.
    static let proofLife: Int64 = 7 * 86_400

    /// Resumes with tickets of these keys what the authorities in this PEM text vouched for.
    init(keys: TicketKeyRing, gate: CertificateGate, authorityPEM: String) {
        self.keys = keys
        self.gate = gate
        authority = Self.tag(of: authorityPEM)
    }

    /// Switches it on for a context, which keeps this object until its last connection is gone.
    func install(on context: OpaquePointer) {
        let me = unsafe Unmanaged.passRetained(self).toOpaque()
        unsafe SSL_CTX_set_ex_data(context, Self.place, me)
        unsafe rollcall_ctx_allow_tickets(context)
        unsafe _ = SSL_CTX_set_timeout(context, Int(keys.life.components.seconds))
        unsafe _ = SSL_CTX_set_session_ticket_cb(context, Self.onIssue, Self.onOpen, me)
        unsafe _ = rollcall_ctx_set_ticket_keys(context, Self.onKey)
    }

    /// Who a resumed connection's peer is; nil for one that was not resumed, and for strangers.
    static func identity(of ssl: OpaquePointer) -> PeerIdentity? {
        guard unsafe SSL_is_server(ssl) == 1, let session = unsafe SSL_get_session(ssl) else { return nil }
        return unsafe ticketIdentity(in: session)?.peer
    }

    /// Whether a resumed connection's session says who its peer is, without reading it.
    static func knowsPeer(of ssl: OpaquePointer) -> Bool {
        guard unsafe SSL_is_server(ssl) == 1, let session = unsafe SSL_get_session(ssl) else { return false }
        return unsafe carriesIdentity(session)
    }

    /// Has the handshake that is under way end with a ticket, if its context makes any.
    static func offerTicket(on ssl: OpaquePointer) {
        guard unsafe Resumption.of(ssl) != nil else { return }
        unsafe _ = SSL_set_num_tickets(ssl, 1)
    }

    // MARK: what OpenSSL asks

    /// Where a context keeps this object; released with the context.
    private static let place: Int32 = unsafe rollcall_ctx_ex_index { _, object, _, _, _, _ in
        guard let object = unsafe object else { return }
        unsafe Unmanaged<Resumption>.fromOpaque(object).release()
    }

    /// Where a connection keeps it while its ticket is made: the context it was made with lives as long as it does.
    private static let connectionPlace = rollcall_ssl_ex_index()

    private static func of(_ ssl: OpaquePointer) -> Resumption? {
        if let kept = unsafe SSL_get_ex_data(ssl, connectionPlace) { return unsafe from(kept) }
        return unsafe SSL_get_SSL_CTX(ssl).flatMap { unsafe from(SSL_CTX_get_ex_data($0, place)) }
    }

    private static func from(_ argument: UnsafeMutableRawPointer?) -> Resumption? {
        guard let argument = unsafe argument else { return nil }
        return unsafe Unmanaged<Resumption>.fromOpaque(argument).takeUnretainedValue()
    }

    private static let onIssue: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { ssl, argument in
        if let ssl = unsafe ssl, unsafe SSL_version(ssl) == TLS1_3_VERSION {
            // The context may be exchanged below, and the keys are asked for after that.
            unsafe _ = SSL_set_ex_data(ssl, Resumption.connectionPlace, argument)
            unsafe Resumption.from(argument)?.prepareTicket(of: ssl)
        }
        // 0 would end the connection. A session that is not fit for a ticket gets no key, and so none is sent.
        return 1
    }

    private static let onKey:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, OpaquePointer?, OpaquePointer?,
            Int32
        ) -> Int32 = { ssl, name, vector, cipher, mac, isSealing in
            guard let ssl = unsafe ssl, let name = unsafe name, let vector = unsafe vector, let cipher = unsafe cipher,
                let mac = unsafe mac, unsafe SSL_version(ssl) == TLS1_3_VERSION, let me = unsafe Resumption.of(ssl)
            else { return 0 }
            return unsafe isSealing == 1
                ? me.seal(ssl, name, vector, cipher, mac) : me.open(name, vector, cipher, mac)
        }

    private static let onOpen:
        @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafePointer<UInt8>?, Int, SSL_TICKET_STATUS, UnsafeMutableRawPointer?
        ) -> SSL_TICKET_RETURN = { ssl, session, _, _, status, argument in
            guard let ssl = unsafe ssl, let session = unsafe session,
                status == SSL_TICKET_SUCCESS || status == SSL_TICKET_SUCCESS_RENEW,
                unsafe Resumption.from(argument)?.admits(session) == true
            else { return SSL_TICKET_RETURN_IGNORE_RENEW }
            unsafe offerTicket(on: ssl)
            return SSL_TICKET_RETURN_USE_RENEW
        }

    // MARK: issuing

    /// Makes the session fit for a ticket: identity in, certificate out, life cut to what the certificate has left.
    private func prepareTicket(of ssl: OpaquePointer) {
        guard var session = unsafe SSL_get_session(ssl) else { return }
        if let certificate = unsafe SSL_SESSION_get0_peer(session) {
            guard let peer = unsafe CertificateReader.identity(of: certificate), case .node = peer.kind,
                peer.serialNumber.count <= 255, let bare = unsafe Self.copyWithoutPeer(session)
            else { return }
            defer { unsafe SSL_SESSION_free(bare) }
            let identity = TicketIdentity(peer: peer, provenAt: Self.now, authority: authority).bytes
            guard unsafe SSL_SESSION_set1_ticket_appdata(bare, identity, identity.count) == 1,
                unsafe SessionExchange.replace(of: ssl, by: bare)
            else { return }
            unsafe session = unsafe bare
        }
        guard let identity = unsafe Self.ticketIdentity(in: session) else { return }
        let left = min(identity.peer.notAfterUnixSeconds, identity.provenAt + Self.proofLife) - Self.now
        unsafe _ = SSL_SESSION_set_timeout(session, Int(min(keys.life.components.seconds, max(0, left))))
    }

    private func seal(
        _ ssl: OpaquePointer, _ name: UnsafeMutablePointer<UInt8>, _ vector: UnsafeMutablePointer<UInt8>,
        _ cipher: OpaquePointer, _ mac: OpaquePointer
    ) -> Int32 {
        guard let session = unsafe SSL_get_session(ssl), unsafe SSL_SESSION_get0_peer(session) == nil,
            unsafe SSL_SESSION_get_timeout(session) > 0, unsafe Self.carriesIdentity(session),
            let key = keys.sealing
        else { return 0 }
        return unsafe key.seal(name, vector, cipher, mac) ? 1 : 0
    }

    private static func copyWithoutPeer(_ session: OpaquePointer) -> OpaquePointer? {
        let count = Int(unsafe i2d_SSL_SESSION(session, nil))
        guard count > 0 else { return nil }
        var der = [UInt8](repeating: 0, count: count)
        defer { unsafe der.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }
        unsafe der.withUnsafeMutableBufferPointer { bytes in
            var position = bytes.baseAddress
            unsafe _ = i2d_SSL_SESSION(session, &position)
        }
        guard var bare = SessionEncoding.withoutPeer(der) else { return nil }
        defer { unsafe bare.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }
        return unsafe bare.withUnsafeBufferPointer { bytes in
            var position = bytes.baseAddress
            return unsafe d2i_SSL_SESSION(nil, &position, bytes.count)
        }
    }

    // MARK: opening

    private func open(
        _ name: UnsafePointer<UInt8>, _ vector: UnsafePointer<UInt8>, _ cipher: OpaquePointer, _ mac: OpaquePointer
    ) -> Int32 {
        guard let key = unsafe keys.key(named: name) else { return 0 }
        return unsafe key.open(vector, cipher, mac) ? 1 : 0
    }

    /// Whether what a ticket says still holds. OpenSSL has checked the seal, and checks the life after this.
    private func admits(_ session: OpaquePointer) -> Bool {
        guard unsafe SSL_SESSION_get0_peer(session) == nil, let identity = unsafe Self.ticketIdentity(in: session)
        else {
            return false
        }
        let now = Self.now
        return identity.authority == authority && identity.peer.notAfterUnixSeconds > now
            && identity.provenAt + Self.proofLife > now && identity.provenAt <= now + 60
            && gate.objection(to: identity.peer) == nil
    }

    /// Whether a session carries an identity, without reading it.
    private static func carriesIdentity(_ session: OpaquePointer) -> Bool {
        var data: UnsafeMutableRawPointer?
        var count = 0
        return unsafe SSL_SESSION_get0_ticket_appdata(session, &data, &count) == 1 && count > 0
    }

    private static func ticketIdentity(in session: OpaquePointer) -> TicketIdentity? {
        var data: UnsafeMutableRawPointer?
        var count = 0
        guard unsafe SSL_SESSION_get0_ticket_appdata(session, &data, &count) == 1, let data = unsafe data, count > 0
        else { return nil }
        return unsafe TicketIdentity(Array(UnsafeRawBufferPointer(start: data, count: count)))
    }

    // MARK: small things

    /// The wall clock, as OpenSSL reads it for a session's life.
    private static var now: Int64 { Int64(time(nil)) }

    /// Half of SHA-256's first half over the authorities' text: another text, and every ticket of before is void.
    private static func tag(of pem: String) -> UInt64 {
        var digest = [UInt8](repeating: 0, count: 64)
        let text = Array(pem.utf8)
        unsafe _ = EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil)
        return digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
