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

    /// Makes OpenSSL tell what is to be noted of every handshake of a server's context: the headers of records. The secrets come
    /// from where they are made (`KeyScheduleProvider`).
    static func take(of context: OpaquePointer) {
        unsafe SSL_CTX_set_msg_callback(context) { written, _, type, bytes, count, ssl, _ in
            guard type == SSL3_RT_HEADER, count == RecordLayer.headerBytes, let ssl = unsafe ssl,
                let bytes = unsafe bytes?.assumingMemoryBound(to: UInt8.self)
            else { return }
            unsafe HandshakeNotes.noteRecord(ssl, bytes, isWritten: written != 0)
        }
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

    /// A secret that was expanded under this label. OpenSSL makes each when it takes it into use.
    mutating func note(_ label: UnsafeRawBufferPointer, _ secret: UnsafeRawBufferPointer) {
        guard secret.count <= client.count else { return }
        if unsafe label.elementsEqual("c ap traffic".utf8) {
            unsafe withUnsafeMutableBytes(of: &client) { unsafe $0.copyMemory(from: secret) }
            clientBytes = secret.count
        } else if unsafe label.elementsEqual("s ap traffic".utf8) {
            unsafe withUnsafeMutableBytes(of: &server) { unsafe $0.copyMemory(from: secret) }
            serverBytes = secret.count
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
