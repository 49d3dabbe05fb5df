import COpenSSL
import CertificateAuthority
import EventLoop
import Foundation

/// A client straight on OpenSSL, for what our own client does not do: other versions, KeyUpdate, renegotiation. It has
/// memory BIOs of its own and nothing of SecureTransport.
final class OpenSSLClient: ByteStreamHandler {
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    private var stream: ByteStream?
    private(set) var isUp = false
    private(set) var isClosed = false
    private(set) var failure: String?
    private(set) var bytes: [UInt8] = []
    /// Types of the handshake messages that the server sent (SSL3_MT_…).
    private(set) var messages: [Int32] = []

    /// Dials with a node's certificate, or with none.
    init?(
        to address: SocketAddress, on loop: EventLoop, version: Int32 = TLS1_3_VERSION, suites: String? = nil,
        identity: IssuedIdentity? = nil
    ) {
        guard let context = SSL_CTX_new(TLS_client_method()), rollcall_ctx_set_versions(context, version, version) == 1,
            let ssl = SSL_new(context), let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem())
        else { return nil }
        (self.context, self.ssl, self.input, self.output) = (context, ssl, input, output)
        SSL_set0_rbio(ssl, input)
        SSL_set0_wbio(ssl, output)
        SSL_set_connect_state(ssl)
        SSL_set_msg_callback(ssl) { isWritten, _, type, bytes, count, _, client in
            guard isWritten == 0, type == SSL3_RT_HANDSHAKE, count > 0, let bytes, let client else { return }
            let message = bytes.load(as: UInt8.self)
            Unmanaged<OpenSSLClient>.fromOpaque(client).takeUnretainedValue().messages.append(Int32(message))
        }
        SSL_ctrl(ssl, SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, Unmanaged.passUnretained(self).toOpaque())
        if let suites, SSL_set_ciphersuites(ssl, suites) != 1 { return nil }
        if let identity, !show(identity) { return nil }
        stream = ByteStream.connect(to: address, on: loop, handler: self)
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
        ERR_clear_error()
    }

    private func show(_ identity: IssuedIdentity) -> Bool {
        func read(_ pem: String, _ use: (OpaquePointer) -> Bool) -> Bool {
            var pem = pem
            return pem.withUTF8 { bytes in
                guard let bio = rollcall_memory_bio(bytes.baseAddress, Int32(bytes.count)) else { return false }
                defer { BIO_free(bio) }
                return use(bio)
            }
        }
        return read(identity.certificatePEM) { bio in
            guard let certificate = PEM_read_bio_X509(bio, nil, nil, nil) else { return false }
            defer { X509_free(certificate) }
            return SSL_use_certificate(ssl, certificate) == 1
        }
            && read(identity.privateKeyPEM) { bio in
                guard let key = PEM_read_bio_PrivateKey(bio, nil, nil, nil) else { return false }
                defer { EVP_PKEY_free(key) }
                return SSL_use_PrivateKey(ssl, key) == 1
            }
    }

    /// Sends bytes.
    func write(_ bytes: [UInt8]) {
        ERR_clear_error()
        _ = SSL_write(ssl, bytes, Int32(bytes.count))
        flush()
    }

    /// Changes the keys it sends with, and asks the server to change its own if `both`.
    func updateKeys(both: Bool) {
        ERR_clear_error()
        _ = SSL_key_update(ssl, both ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED)
        _ = SSL_do_handshake(ssl)
        flush()
    }

    /// TLS 1.2: asks for a new handshake on this connection.
    func renegotiate() {
        ERR_clear_error()
        _ = SSL_renegotiate(ssl)
        _ = SSL_do_handshake(ssl)
        flush()
    }

    /// Says close_notify.
    func sayGoodbye() {
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
        flush()
    }

    /// Sends bytes past TLS.
    func writeRaw(_ bytes: [UInt8]) { stream?.write(bytes) }

    func close() { stream?.close() }

    // MARK: the stream below

    func streamConnected(_ stream: ByteStream) {
        stream.start(self)
        advance()
    }
    func stream(_ stream: ByteStream, connectFailed error: LoopError) { failure = "\(error)" }
    func stream(_ stream: ByteStream, ended end: StreamEnd) { isClosed = true }
    func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {
        _ = bytes.withUnsafeBytes { BIO_write(input, $0.baseAddress, Int32($0.count)) }
        advance()
    }

    private func advance() {
        ERR_clear_error()
        if !isUp {
            let result = SSL_do_handshake(ssl)
            if result != 1 { note(result) }
            flush()
            guard result == 1 else { return }
            isUp = true
        }
        var room = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = SSL_read(ssl, &room, Int32(room.count))
            guard count > 0 else {
                // Before `flush`, which drops the errors.
                note(count)
                return flush()
            }
            bytes += room.prefix(Int(count))
        }
    }

    private func note(_ result: Int32) {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: break
        case SSL_ERROR_ZERO_RETURN: isClosed = true
        // What fails once fails again, without a reason.
        default: failure = failure ?? ERR_reason_error_string(ERR_get_error()).map { String(cString: $0) } ?? "failed"
        }
    }

    private func flush() {
        var room = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = BIO_read(output, &room, Int32(room.count))
            guard count > 0 else { return ERR_clear_error() }
            stream?.write(Array(room.prefix(Int(count))))
        }
    }
}
