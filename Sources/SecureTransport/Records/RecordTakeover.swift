internal import COpenSSL

/// Takes an established connection's records from OpenSSL, when it is beyond doubt where it stands; else OpenSSL keeps it.
///
/// Beyond doubt means: TLS 1.3 with one of its three suites, the handshake finished as a server's, both traffic secrets seen, every
/// byte that OpenSSL took in belongs to a record that it has dealt with, none of those was sealed with the client's
/// traffic key, and all that OpenSSL wrote has left it. Then the next byte of the client begins record 0 of its key, and this end's
/// next record has the number that was counted.
enum RecordTakeover {
    /// The layer that goes on from here, in memory of its own; nil if OpenSSL must keep the connection. The `SSL` can be freed
    /// afterwards, and the notes are gone in either case.
    static func attempt(
        _ ssl: OpaquePointer, bytesTaken: Int, _ ciphers: inout RecordCiphers
    ) -> UnsafeMutablePointer<RecordLayer>? {
        defer { unsafe HandshakeNotes.drop(ssl) }
        guard let suite = unsafe suite(of: ssl), unsafe isSettled(ssl, bytesTaken: bytesTaken, suite),
            let notes = unsafe HandshakeNotes.of(ssl)
        else { return nil }
        let layer = UnsafeMutablePointer<RecordLayer>.allocate(capacity: 1)
        unsafe layer.initialize(to: RecordLayer(suite: suite, fragmentBytesMax: fragmentBytesMax(of: ssl)))
        let length = suite.secretBytes
        let began = unsafe withUnsafeBytes(of: &notes.pointee.client) { client in
            unsafe withUnsafeBytes(of: &notes.pointee.server) { server in
                unsafe layer.pointee.begin(
                    receiving: UnsafeRawBufferPointer(rebasing: client[..<length]), received: 0,
                    sending: UnsafeRawBufferPointer(rebasing: server[..<length]), sent: notes.pointee.sent, &ciphers)
            }
        }
        if began { return unsafe layer }
        unsafe layer.pointee.end(&ciphers)
        unsafe RecordLayer.free(layer)
        return nil
    }

    private static func suite(of ssl: OpaquePointer) -> RecordSuite? {
        guard unsafe SSL_version(ssl) == TLS1_3_VERSION, let cipher = unsafe SSL_get_current_cipher(ssl) else {
            return nil
        }
        return RecordSuite(rawValue: unsafe SSL_CIPHER_get_protocol_id(cipher))
    }

    private static func isSettled(_ ssl: OpaquePointer, bytesTaken: Int, _ suite: RecordSuite) -> Bool {
        guard let notes = unsafe HandshakeNotes.of(ssl) else { return false }
        return unsafe SSL_is_server(ssl) == 1 && SSL_is_init_finished(ssl) == 1 && SSL_get_shutdown(ssl) == 0
            && SSL_has_pending(ssl) == 0 && SSL_want(ssl) == SSL_NOTHING
            && SSL_get_early_data_status(ssl) != SSL_EARLY_DATA_ACCEPTED
            && notes.pointee.clientBytes == suite.secretBytes && notes.pointee.serverBytes == suite.secretBytes
            && notes.pointee.received == 0 && notes.pointee.recordBytes == bytesTaken
    }

    /// The client may have asked for shorter records (RFC 6066 section 4).
    private static func fragmentBytesMax(of ssl: OpaquePointer) -> Int {
        switch unsafe SSL_get_session(ssl).map({ unsafe SSL_SESSION_get_max_fragment_length($0) }) ?? 0 {
        case 1: 512
        case 2: 1024
        case 3: 2048
        case 4: 4096
        default: RecordLayer.plaintextBytesMax
        }
    }
}

extension RecordLayer {
    /// Gives a layer's memory back, wiped, whether it was ended or not.
    static func free(_ layer: UnsafeMutablePointer<RecordLayer>) {
        unsafe layer.deinitialize(count: 1)
        unsafe OPENSSL_cleanse(layer, MemoryLayout<RecordLayer>.size)
        unsafe layer.deallocate()
    }
}
