/// Memory that all connections of one loop share, lent for the length of one callback. A connection that is idle owns
/// none of it: ten thousand idle connections cost what the loop's buffers cost once.
///
/// A plain struct at a fixed address, because OpenSSL's callbacks reach it without exclusivity checks
/// (a class with `var`s there costs 1,300 instructions a heartbeat).
@safe package struct LoopBuffers {
    /// Bytes one read takes at most: four full TLS records.
    package static let readBytesMax = 64 * 1024
    /// Ciphertext of one turn: what `plainOut` becomes, with room for record overhead.
    package static let cipherOutBytesMax = 128 * 1024
    /// One TLS record's plaintext (RFC 8446 section 5.1) and a little.
    package static let plainInBytesMax = 16 * 1024 + 256
    /// Answers that gather during one read before they are encrypted.
    package static let plainOutBytesMax = 16 * 1024

    /// What the last read brought.
    package let readBase: UnsafeMutableRawPointer
    /// Ciphertext that OpenSSL still has to take: a part of the read buffer.
    package var cipherIn: UnsafeRawPointer
    /// How much of it there is.
    package var cipherInCount = 0
    /// Ciphertext that OpenSSL wrote and that has still to be sent.
    package let cipherOut: UnsafeMutableRawPointer
    /// How much of it there is.
    package var cipherOutCount = 0
    /// Whose it is, if it is left there while its owner is told something: what that one says to it leaves with it. Alive as long
    /// as there is any.
    package var cipherOutOwner: Unmanaged<ByteStream>?
    /// Plaintext of one record.
    package let plainIn: UnsafeMutableRawPointer
    /// Answers to one read: they leave as one record and one write.
    package let plainOut: UnsafeMutableRawPointer
    /// How much of it there is.
    package var plainOutCount = 0
    /// OpenSSL's view of these buffers, one for all connections of the loop (saves 160 bytes each). Made and freed by
    /// SecureTransport.
    package var transport: OpaquePointer?
    package var freeTransport: ((OpaquePointer) -> Void)?
    /// What seals and opens TLS records, one for all connections of the loop. Made and freed by SecureTransport.
    package var recordCiphers: UnsafeMutableRawPointer?
    package var freeRecordCiphers: ((UnsafeMutableRawPointer) -> Void)?
    /// Issuer of the certificate that was refused last, for the message about it.
    package var refusedIssuer = ""
    /// Why it was, where it was revoked.
    package var refusedBecause = ""
    /// The `rollcall://` URI of the certificate that the peer of that refusal showed as its own, or empty.
    package var refusedURI = ""
    /// From when and until when that one is valid, in seconds since 1970-01-01 UTC; 0 and 0: no certificate was refused.
    package var refusedValidity: (from: Int64, until: Int64) = (0, 0)

    init() {
        unsafe readBase = .allocate(byteCount: Self.readBytesMax, alignment: 64)
        unsafe cipherIn = unsafe UnsafeRawPointer(readBase)
        unsafe cipherOut = .allocate(byteCount: Self.cipherOutBytesMax, alignment: 64)
        unsafe plainIn = .allocate(byteCount: Self.plainInBytesMax, alignment: 64)
        unsafe plainOut = .allocate(byteCount: Self.plainOutBytesMax, alignment: 64)
    }

    /// Sends what another stream has left in `cipherOut`.
    package mutating func makeRoom(for stream: ByteStream) {
        guard cipherOutCount > 0, let owner = unsafe cipherOutOwner?.takeUnretainedValue(), owner !== stream else {
            return
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: cipherOut, count: cipherOutCount)
        cipherOutCount = 0
        unsafe owner.write(bytes)
    }

    func deallocate() {
        unsafe readBase.deallocate()
        unsafe cipherOut.deallocate()
        unsafe plainIn.deallocate()
        unsafe plainOut.deallocate()
        if let transport = unsafe transport { unsafe freeTransport?(transport) }
        if let recordCiphers = unsafe recordCiphers { unsafe freeRecordCiphers?(recordCiphers) }
    }
}
