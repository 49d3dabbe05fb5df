internal import COpenSSL

/// What is noted of one handshake so that its records can be taken over: the traffic secrets, and how many records each
/// of them has sealed. Hangs on the `SSL`, and is wiped with it.
@safe struct HandshakeNotes {
    /// The client's traffic secret, and its length; 0 until it is in use.
    var client = InlineArray<48, UInt8>(repeating: 0)
    var clientBytes = 0
    /// The server's.
    var server = InlineArray<48, UInt8>(repeating: 0)
    var serverBytes = 0
    /// Records that the server sealed with its traffic key: tickets.
    var sent: UInt64 = 0
    /// Records that OpenSSL opened with the client's traffic key: there should be none.
    var received: UInt64 = 0
    /// Bytes of all records that OpenSSL took in, by their headers.
    var recordBytes = 0

    /// Makes OpenSSL tell what is to be noted, for every handshake of a server's context.
    ///
    /// OpenSSL's key log prints five secrets of a handshake, 60,000 instructions each, and two are needed: those that come
    /// into use with a Finished message. So it is switched on there, and off again by the secret. That changes the context,
    /// which is why one of a server belongs to one loop.
    static func take(of context: OpaquePointer) {
        unsafe SSL_CTX_set_msg_callback(context) { written, _, type, bytes, count, ssl, _ in
            guard let ssl = unsafe ssl, let bytes = unsafe bytes?.assumingMemoryBound(to: UInt8.self) else { return }
            if type == SSL3_RT_HEADER, count == RecordLayer.headerBytes {
                unsafe HandshakeNotes.noteRecord(ssl, bytes, isWritten: written != 0)
            } else if type == SSL3_RT_HANDSHAKE, count > 0, unsafe Int32(bytes[0]) == SSL3_MT_FINISHED {
                unsafe SSL_CTX_set_keylog_callback(SSL_get_SSL_CTX(ssl), HandshakeNotes.onSecret)
            }
        }
    }

    private static let onSecret: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?) -> Void = { ssl, line in
        if let ssl = unsafe ssl, let line = unsafe line { unsafe HandshakeNotes.noteSecret(ssl, line) }
    }

    /// The notes of a handshake, made at the first call; nil when memory is short.
    static func of(_ ssl: OpaquePointer) -> UnsafeMutablePointer<HandshakeNotes>? {
        if let data = unsafe SSL_get_ex_data(ssl, slot) {
            return unsafe data.assumingMemoryBound(to: HandshakeNotes.self)
        }
        let notes = UnsafeMutablePointer<HandshakeNotes>.allocate(capacity: 1)
        unsafe notes.initialize(to: HandshakeNotes())
        guard unsafe SSL_set_ex_data(ssl, slot, notes) == 1 else {
            unsafe notes.deallocate()
            return nil
        }
        return unsafe notes
    }

    /// Wipes the notes and gives them back, before the `SSL` does: OpenSSL goes on with the connection.
    static func drop(_ ssl: OpaquePointer) {
        unsafe SSL_set_msg_callback(ssl, nil)
        guard let data = unsafe SSL_get_ex_data(ssl, slot) else { return }
        unsafe SSL_set_ex_data(ssl, slot, nil)
        unsafe wipe(data)
    }

    /// Where they hang. OpenSSL calls back when the `SSL` is freed.
    private static let slot: Int32 = unsafe CRYPTO_get_ex_new_index(
        CRYPTO_EX_INDEX_SSL, 0, nil, nil, nil,
        { _, data, _, _, _, _ in if let data = unsafe data { unsafe HandshakeNotes.wipe(data) } })

    private static func wipe(_ data: UnsafeMutableRawPointer) {
        unsafe OPENSSL_cleanse(data, MemoryLayout<HandshakeNotes>.size)
        unsafe data.deallocate()
    }

    /// A line of the form LABEL RANDOM SECRET, in hexadecimal (draft-ietf-tls-keylogfile). OpenSSL hands it over at the moment
    /// from which the secret is in use, and wipes its own copy.
    private static func noteSecret(_ ssl: OpaquePointer, _ line: UnsafePointer<CChar>) {
        let isClient = unsafe strncmp(line, "CLIENT_TRAFFIC_SECRET_0 ", 24) == 0
        guard unsafe isClient || strncmp(line, "SERVER_TRAFFIC_SECRET_0 ", 24) == 0, let notes = unsafe of(ssl),
            let space = unsafe strchr(line + 24, 0x20)
        else { return }
        unsafe SSL_CTX_set_keylog_callback(SSL_get_SSL_CTX(ssl), nil)
        let digits = unsafe UnsafeRawPointer(space + 1).assumingMemoryBound(to: UInt8.self)
        if isClient {
            unsafe notes.pointee.clientBytes = unsafe read(digits, into: &notes.pointee.client)
        } else {
            unsafe notes.pointee.serverBytes = unsafe read(digits, into: &notes.pointee.server)
        }
    }

    private static func read(_ digits: UnsafePointer<UInt8>, into secret: inout InlineArray<48, UInt8>) -> Int {
        var count = 0
        while count < secret.count, let high = digit(unsafe digits[2 * count]),
            let low = digit(unsafe digits[2 * count + 1])
        {
            secret[count] = high << 4 | low
            count += 1
        }
        return count
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x61...0x66: character - 0x61 + 10
        case 0x41...0x46: character - 0x41 + 10
        default: nil
        }
    }

    private static func noteRecord(_ ssl: OpaquePointer, _ header: UnsafePointer<UInt8>, isWritten: Bool) {
        guard let notes = unsafe of(ssl) else { return }
        if isWritten {
            if unsafe notes.pointee.serverBytes > 0 { unsafe notes.pointee.sent += 1 }
        } else {
            if unsafe notes.pointee.clientBytes > 0 { unsafe notes.pointee.received += 1 }
            unsafe notes.pointee.recordBytes += RecordLayer.headerBytes + Int(header[3]) << 8 + Int(header[4])
        }
    }
}
