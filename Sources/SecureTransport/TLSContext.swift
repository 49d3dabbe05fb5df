internal import COpenSSL

/// What all TLS sessions of one kind share: versions, suites, ALPN, own certificate, trusted authorities. Made once, never
/// changed afterwards (a reload makes a new one). A client's is used from every loop; each loop of a server has its own,
/// because what a handshake's records need is noted by way of its context (`HandshakeNotes`).
@safe public final class TLSContext: @unchecked Sendable {
    let raw: OpaquePointer
    let isServer: Bool
    /// Who runs the records after a handshake.
    let records: TLSRecords

    /// The application protocol (RFC 7301) of agents and operators.
    public static let applicationProtocol = "rollcall/1"
    /// That of machines without a certificate, which come to get one and may do nothing else. TLS 1.3 only: what they prove is
    /// bound to the connection (RFC 9266).
    public static let enrolmentProtocol = "rollcall-enroll/1"

    /// Whom a session trusts.
    public enum Trust: Sendable {
        /// The authorities in this PEM text.
        case authorities(pem: String, source: String)
        /// Anybody: the peer's certificate is read but not checked. Only for looking, never for talking.
        case anybody
    }

    /// For 1.2; 1.3 has suites of its own. Forward secrecy and authenticated encryption only.
    private static let cipherList =
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305"
    private static let groups = "X25519:P-256:P-384"
    /// What resumed sessions must have been made for.
    static let sessionContext = "rollcall"

    /// Checks a client's certificate as OpenSSL does, and drops the chain that it built: the object would keep it, 5 kB a
    /// connection, and only the verdict is asked for.
    private static let verify: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { store, _ in
        let passed = unsafe X509_verify_cert(store)
        unsafe X509_STORE_CTX_set0_verified_chain(store, nil)
        return passed
    }

    /// A server's: shows the chain, and asks clients for a certificate of the authorities. A client without one is let
    /// in and has no identity; one with a wrong one is refused.
    /// - Parameters:
    ///   - certificateChainFile: the server's certificate, then its issuers', PEM.
    ///   - keyFile: its private key, PEM.
    ///   - clients: whose certificates are good.
    ///   - gate: asked about each of them, whether it was revoked.
    ///   - tickets: keys with which nodes get tickets to come back; nil: everybody shows its certificate each time.
    ///   - records: who runs them after a TLS 1.3 handshake.
    /// - Returns: the context.
    /// - Throws: `TLSError` naming the file or part at fault.
    public static func server(
        certificateChainFile: String, keyFile: String, clients: Trust, gate: CertificateGate? = nil,
        tickets: TicketKeyRing? = nil, records: TLSRecords = .own
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(isServer: true, records: records)
        defer { ErrorQueue.clear() }
        guard unsafe SSL_CTX_use_certificate_chain_file(context.raw, certificateChainFile) == 1 else {
            throw TLSError.take("read the certificate \(certificateChainFile)")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(context.raw, keyFile, SSL_FILETYPE_PEM) == 1 else {
            throw TLSError.take("read the private key \(keyFile)")
        }
        guard unsafe SSL_CTX_check_private_key(context.raw) == 1 else {
            throw TLSError.take("\(keyFile) does not belong to \(certificateChainFile)")
        }
        try context.trust(clients)
        let gate = gate ?? CertificateGate { _ in nil }
        unsafe gate.install(on: context.raw)
        if let tickets, case .authorities(let pem, _) = clients {
            unsafe Resumption(keys: tickets, gate: gate, authorityPEM: pem).install(on: context.raw)
        }
        unsafe SSL_CTX_set_alpn_select_cb(context.raw, { unsafe TLSContext.alpnSelect($0, $1, $2, $3, $4, $5) }, nil)
        return context
    }

    /// A client's: checks that the server's certificate comes from the authorities.
    /// - Parameters:
    ///   - servers: whom to trust.
    ///   - offering: application protocols, most wanted first; none: ALPN is not used.
    /// - Returns: the context.
    /// - Throws: `TLSError` naming the part at fault.
    public static func client(
        servers: Trust, offering: [String] = [TLSContext.applicationProtocol]
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(isServer: false, records: .openssl)
        defer { ErrorQueue.clear() }
        try context.trust(servers)
        unsafe SavedSession.install(on: context.raw)
        let list = offering.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !list.isEmpty {
            unsafe _ = SSL_CTX_set_alpn_protos(context.raw, list, UInt32(list.count))
        }
        return context
    }

    /// A newcomer's, to enrol with: TLS 1.3 only, and no trust in anybody, unless it has an authority's certificate already.
    /// - Throws: `TLSError` naming the part at fault.
    public static func enrolment(trusting servers: Trust) throws(TLSError) -> TLSContext {
        let context = try client(servers: servers, offering: [enrolmentProtocol])
        unsafe _ = rollcall_ctx_set_versions(context.raw, TLS1_3_VERSION, TLS1_3_VERSION)
        return context
    }

    private init(isServer: Bool, records: TLSRecords) throws(TLSError) {
        self.records = records
        _ = RecordBufferPool.isInstalled
        ErrorQueue.clear()
        let method = unsafe isServer ? TLS_server_method() : TLS_client_method()
        let query = records == .own && KeyScheduleProvider.isLoaded ? KeyScheduleProvider.query : nil
        guard let raw = unsafe SSL_CTX_new_ex(nil, query, method) else { throw TLSError.take("make a TLS context") }
        unsafe self.raw = raw
        self.isServer = isServer
        unsafe rollcall_ctx_harden(raw)
        let done =
            unsafe rollcall_ctx_set_versions(raw, TLS1_2_VERSION, TLS1_3_VERSION) == 1
            && SSL_CTX_set_cipher_list(raw, Self.cipherList) == 1 && rollcall_ctx_set_groups(raw, Self.groups) == 1
        guard done else { throw TLSError.take("set up TLS") }
        if records == .own { unsafe HandshakeNotes.take(of: raw) }
    }

    deinit { unsafe SSL_CTX_free(raw) }

    /// Speaks TLS 1.2 only, as old agents do. For tests, before the context is used.
    func limitToTLS12() { unsafe _ = rollcall_ctx_set_versions(raw, TLS1_2_VERSION, TLS1_2_VERSION) }

    private func trust(_ whom: Trust) throws(TLSError) {
        switch whom {
        case .anybody:
            unsafe SSL_CTX_set_verify(raw, SSL_VERIFY_NONE, nil)
        case .authorities(let pem, let source):
            ErrorQueue.clear()
            var text = pem
            let raw = unsafe self.raw
            let count = text.withUTF8 { bytes -> Int32 in
                guard let bio = unsafe rollcall_memory_bio(bytes.baseAddress, Int32(bytes.count)) else { return -1 }
                defer { unsafe BIO_free(bio) }
                return unsafe rollcall_store_add_pem(SSL_CTX_get_cert_store(raw), bio)
            }
            guard count > 0 else {
                let error = TLSError.take("read the authority's certificate \(source)")
                throw error.reasons.isEmpty
                    ? TLSError(operation: error.operation, reasons: ["it holds no certificate in PEM form"]) : error
            }
            // On the server: ask, but do not insist; who shows none has no identity and may only ping.
            unsafe SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nil)
            unsafe _ = SSL_CTX_set_session_id_context(raw, Self.sessionContext, UInt32(Self.sessionContext.utf8.count))
            if isServer { unsafe SSL_CTX_set_cert_verify_callback(raw, Self.verify, nil) }
        }
    }

    /// Chooses rollcall/1, else enrolment, or HTTP/1.1 so that a browser gets an honest page; refuses those who offer only other
    /// things.
    private static func alpnSelect(
        _ ssl: OpaquePointer?, _ out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
        _ outLength: UnsafeMutablePointer<UInt8>?,
        _ offered: UnsafePointer<UInt8>?, _ offeredLength: UInt32, _: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let out = unsafe out, let outLength = unsafe outLength, let offered = unsafe offered else {
            return SSL_TLSEXT_ERR_ALERT_FATAL
        }
        let list = unsafe UnsafeBufferPointer(start: offered, count: Int(offeredLength))
        for wanted in [applicationProtocol, enrolmentProtocol, "http/1.1"] {
            var position = 0
            while position < list.count {
                let length = unsafe Int(list[position])
                let name = position + 1
                guard name + length <= list.count else { break }
                if unsafe list[name..<name + length].elementsEqual(wanted.utf8) {
                    if wanted == enrolmentProtocol {
                        guard unsafe SSL_version(ssl) == TLS1_3_VERSION else { return SSL_TLSEXT_ERR_ALERT_FATAL }
                        // Chosen before the server would ask for a certificate: here it does not.
                        unsafe SSL_set_verify(ssl, SSL_VERIFY_NONE, nil)
                    }
                    unsafe out.pointee = offered + name
                    unsafe outLength.pointee = UInt8(length)
                    return SSL_TLSEXT_ERR_OK
                }
                position = name + length
            }
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }
}
