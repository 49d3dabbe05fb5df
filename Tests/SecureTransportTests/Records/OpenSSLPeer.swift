import COpenSSL
import TestSupport

@testable import SecureTransport

/// OpenSSL's own client, after a real handshake with a server whose records were taken over. Both ends in memory.
final class OpenSSLPeer {
    let fixture: TLSFixture
    private let serverContext: TLSContext
    private let clientContext: OpaquePointer
    let client: OpaquePointer
    /// Nil once its records were taken over.
    private(set) var server: OpaquePointer?
    let ciphers: UnsafeMutablePointer<RecordCiphers>
    private(set) var layer: UnsafeMutablePointer<RecordLayer>?
    /// The traffic secrets, if OpenSSL kept the records.
    private(set) var secrets: (client: [UInt8], server: [UInt8]) = ([], [])
    /// What the server's layer took of the client's data.
    var data: [UInt8] = []
    private let plain = UnsafeMutablePointer<UInt8>.allocate(capacity: RecordLayer.ciphertextBytesMax)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    private let toClient: OpaquePointer
    private let toServer: OpaquePointer

    struct Failed: Error {
        let what: String
    }

    /// - Parameters:
    ///   - suites: what the client offers.
    ///   - tickets: how many the server sends.
    ///   - early: data that the client sends in the same flight as its Finished.
    ///   - version: the only version the client knows.
    ///   - takesOver: whether the server's records are taken over; if not, its secrets are kept.
    ///   - setUp: what else the client does before.
    init(
        suites: String = "TLS_AES_256_GCM_SHA384", tickets: Int = 2, early: [UInt8] = [],
        version: Int32 = TLS1_3_VERSION,
        takesOver: Bool = true, setUp: (_ client: OpaquePointer) -> Void = { _ in }
    ) throws {
        fixture = try TLSFixture()
        serverContext = try fixture.server()
        HandshakeNotes.take(of: serverContext.raw)
        guard let ciphers = RecordCiphers(), let context = SSL_CTX_new(TLS_client_method()),
            let client = SSL_new(context), let server = SSL_new(serverContext.raw),
            let toClient = BIO_new(BIO_s_mem()), let toServer = BIO_new(BIO_s_mem())
        else { throw Failed(what: "memory") }
        self.ciphers = .allocate(capacity: 1)
        self.ciphers.initialize(to: ciphers)
        clientContext = context
        self.client = client
        self.server = server
        self.toClient = toClient
        self.toServer = toServer
        SSL_clear_options(server, UInt64(1) << 14)  // SSL_OP_NO_TICKET
        SSL_set_num_tickets(server, tickets)
        SSL_set_accept_state(server)
        SSL_set_connect_state(client)
        SSL_set_ciphersuites(client, suites)
        rollcall_ssl_set_versions(client, version, version)
        BIO_up_ref(toClient)
        BIO_up_ref(toServer)
        SSL_set_bio(client, toClient, toServer)
        SSL_set_bio(server, toServer, toClient)
        setUp(client)
        try shakeHands(early, takesOver: takesOver)
    }

    deinit {
        SSL_free(client)
        SSL_CTX_free(clientContext)
        if let server { SSL_free(server) }
        end()
        ciphers.pointee.free()
        ciphers.deallocate()
        plain.deallocate()
        output.deallocate()
    }

    /// Ends the layer, as a closed connection does.
    func end() {
        guard let layer else { return }
        layer.pointee.end(&ciphers.pointee)
        layer.deinitialize(count: 1)
        layer.deallocate()
        self.layer = nil
    }

    private func shakeHands(_ early: [UInt8], takesOver: Bool) throws {
        guard let server else { return }
        var taken = 0
        var clientIsDone = false
        for _ in 0..<10 {
            if !clientIsDone, SSL_do_handshake(client) == 1 {
                clientIsDone = true
                if !early.isEmpty { write(early) }
            }
            let before = BIO_ctrl_pending(toServer)
            let result = KeyScheduleProvider.noting(HandshakeNotes.of(server)) { SSL_do_handshake(server) }
            taken += before - BIO_ctrl_pending(toServer)
            if result == 1, clientIsDone { break }
        }
        guard SSL_is_init_finished(server) == 1, clientIsDone else {
            throw Failed(what: TLSError.take("handshake").description)
        }
        guard takesOver else {
            if let notes = HandshakeNotes.of(server) {
                secrets.client = (0..<notes.pointee.clientBytes).map { notes.pointee.client[$0] }
                secrets.server = (0..<notes.pointee.serverBytes).map { notes.pointee.server[$0] }
            }
            return
        }
        layer = RecordTakeover.attempt(server, bytesTaken: taken, &ciphers.pointee)
        guard layer != nil else { return }
        SSL_set_shutdown(server, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        SSL_free(server)
        self.server = nil
    }

    // MARK: the client

    func write(_ bytes: [UInt8]) {
        ERR_clear_error()
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { SSL_write(client, $0.baseAddress, Int32($0.count)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(Int(count))
        }
    }

    /// Reads what has come; `nil` when the client found something wrong.
    func read() -> [UInt8]? {
        ERR_clear_error()
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 20_000)
        while true {
            let count = SSL_read(client, &buffer, Int32(buffer.count))
            if count > 0 {
                bytes += buffer[..<Int(count)]
                continue
            }
            let error = SSL_get_error(client, count)
            return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_ZERO_RETURN ? bytes : nil
        }
    }

    /// What the client has sent and nobody has taken.
    func drain() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(toServer))
        let count = BIO_read(toServer, &bytes, Int32(bytes.count))
        return Array(bytes.prefix(max(0, Int(count))))
    }

    // MARK: OpenSSL's server, where it kept the records

    /// Feeds it; returns its data, and what it sent in return.
    func feedOpenSSL(_ bytes: [UInt8]) -> (data: [UInt8], failed: Bool, closed: Bool, sent: [UInt8]) {
        guard let server else { return ([], true, true, []) }
        BIO_write(toServer, bytes, Int32(bytes.count))
        var data: [UInt8] = []
        var failed = false
        var buffer = [UInt8](repeating: 0, count: 20_000)
        while true {
            ERR_clear_error()
            let count = SSL_read(server, &buffer, Int32(buffer.count))
            if count > 0 {
                data += buffer[..<Int(count)]
                continue
            }
            let error = SSL_get_error(server, count)
            failed = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_ZERO_RETURN
            break
        }
        var sent = [UInt8](repeating: 0, count: BIO_ctrl_pending(toClient))
        let count = BIO_read(toClient, &sent, Int32(sent.count))
        let isClosed = SSL_get_shutdown(server) & SSL_RECEIVED_SHUTDOWN != 0
        return (data, failed, isClosed, Array(sent.prefix(max(0, Int(count)))))
    }

    // MARK: the server

    /// Gives the server what the client sent, and the client what the server owes. Returns the last event.
    @discardableResult
    func deliver(pieces: Int = .max) -> RecordLayer.Event? {
        feed(drain(), pieces: pieces)
    }

    @discardableResult
    func feed(_ bytes: [UInt8], pieces: Int = .max) -> RecordLayer.Event? {
        guard let layer else { return nil }
        var event = RecordLayer.Event.needsMoreBytes
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            piece.withUnsafeBytes { raw in
                var input = raw
                while true {
                    event = layer.pointee.read(&input, into: plain, &ciphers.pointee)
                    guard case .data(let count) = event else { break }
                    data += UnsafeBufferPointer(start: plain, count: count)
                }
            }
            if event != .needsMoreBytes { break }
        }
        send(layer.pointee.settle(into: output, &ciphers.pointee))
        return event
    }

    /// Seals data and gives it to the client. False when nothing may be written any more.
    @discardableResult
    func answer(_ bytes: [UInt8]) -> Bool {
        guard let layer else { return false }
        var taken = 0
        while taken < bytes.count {
            let result = bytes[taken...].withUnsafeBytes { layer.pointee.write($0, into: output, &ciphers.pointee) }
            guard let result, result.taken > 0 else { return false }
            taken += result.taken
            send(result.written)
        }
        return true
    }

    func sayGoodbye() {
        guard let layer else { return }
        send(layer.pointee.sayGoodbye(into: output, &ciphers.pointee))
    }

    private func send(_ count: Int) {
        if count > 0 { BIO_write(toClient, output.baseAddress, Int32(count)) }
    }
}
