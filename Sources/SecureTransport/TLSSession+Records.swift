internal import COpenSSL
internal import EventLoop

/// Who runs the records of established TLS 1.3 connections at a server.
public enum TLSRecords: String, Sendable, CaseIterable {
    /// The record layer of this target. OpenSSL shakes hands, hands over, and its object is freed: an idle connection is 10 kB
    /// smaller, and a heartbeat costs a third less of user time.
    case own
    /// OpenSSL, to the end, as with TLS 1.2.
    case openssl
}

/// The records of a connection that OpenSSL has handed over.
extension TLSSession {
    /// The cipher contexts of a loop, made at the first call; nil when memory is short.
    static func recordCiphers(
        of buffers: UnsafeMutablePointer<LoopBuffers>
    ) -> UnsafeMutablePointer<RecordCiphers>? {
        if let made = unsafe buffers.pointee.recordCiphers {
            return unsafe made.assumingMemoryBound(to: RecordCiphers.self)
        }
        guard let ciphers = RecordCiphers() else { return nil }
        let made = UnsafeMutablePointer<RecordCiphers>.allocate(capacity: 1)
        unsafe made.initialize(to: ciphers)
        unsafe buffers.pointee.recordCiphers = UnsafeMutableRawPointer(made)
        unsafe buffers.pointee.freeRecordCiphers = { raw in
            let ciphers = unsafe raw.assumingMemoryBound(to: RecordCiphers.self)
            unsafe ciphers.pointee.free()
            unsafe ciphers.deallocate()
        }
        return unsafe made
    }

    /// Reads plaintext of one record into the loop's `plainIn`.
    @inline(__always)
    static func read(
        _ layer: UnsafeMutablePointer<RecordLayer>, _ buffers: UnsafeMutablePointer<LoopBuffers>
    ) -> ReadResult {
        guard let ciphers = unsafe recordCiphers(of: buffers) else { return .failed(outOfMemory) }
        var input = unsafe UnsafeRawBufferPointer(
            start: buffers.pointee.cipherIn, count: buffers.pointee.cipherInCount)
        let plain = unsafe buffers.pointee.plainIn.assumingMemoryBound(to: UInt8.self)
        let event = unsafe layer.pointee.read(&input, into: plain, &ciphers.pointee)
        unsafe buffers.pointee.cipherInCount = input.count
        if let rest = input.baseAddress { unsafe buffers.pointee.cipherIn = unsafe rest }
        if case .data(let count) = event { return .bytes(count) }
        unsafe settle(layer, buffers)
        switch event {
        case .data(let count): return .bytes(count)
        case .needsMoreBytes: return .needsMoreBytes
        case .closed: return .closed
        case .failed(let fault): return .failed(error(fault))
        }
    }

    /// Writes what the layer owes: the answer to a KeyUpdate, or an alert.
    private static func settle(
        _ layer: UnsafeMutablePointer<RecordLayer>, _ buffers: UnsafeMutablePointer<LoopBuffers>
    ) {
        guard let ciphers = unsafe recordCiphers(of: buffers) else { return }
        unsafe buffers.pointee.cipherOutCount += layer.pointee.settle(into: room(buffers), &ciphers.pointee)
    }

    /// Encrypts at most one record into the loop's `cipherOut`.
    @inline(__always)
    static func write(
        _ layer: UnsafeMutablePointer<RecordLayer>, _ bytes: UnsafeRawBufferPointer,
        _ buffers: UnsafeMutablePointer<LoopBuffers>
    ) -> Int? {
        guard let ciphers = unsafe recordCiphers(of: buffers),
            let result = unsafe layer.pointee.write(bytes, into: room(buffers), &ciphers.pointee)
        else { return nil }
        unsafe buffers.pointee.cipherOutCount += result.written
        return result.taken
    }

    /// Writes close_notify, and forgets the keys: nothing is read or written afterwards.
    static func end(
        _ layer: UnsafeMutablePointer<RecordLayer>, sayingGoodbye: Bool, _ buffers: UnsafeMutablePointer<LoopBuffers>
    ) {
        guard let ciphers = unsafe recordCiphers(of: buffers) else { return }
        if sayingGoodbye {
            unsafe buffers.pointee.cipherOutCount += layer.pointee.sayGoodbye(into: room(buffers), &ciphers.pointee)
        }
        unsafe layer.pointee.end(&ciphers.pointee)
    }

    @inline(__always)
    private static func room(_ buffers: UnsafeMutablePointer<LoopBuffers>) -> UnsafeMutableRawBufferPointer {
        let used = unsafe buffers.pointee.cipherOutCount
        return unsafe UnsafeMutableRawBufferPointer(
            start: buffers.pointee.cipherOut + used, count: LoopBuffers.cipherOutBytesMax - used)
    }

    private static var outOfMemory: TLSError { TLSError(operation: "TLS read", reasons: ["out of memory"]) }

    private static func error(_ fault: RecordFault) -> TLSError {
        switch fault {
        case .refused(let refusal):
            return TLSError(operation: "TLS read", reasons: [refusal.description])
        case .alerted(let number):
            let alert = unsafe String(cString: SSL_alert_desc_string_long(Int32(number)))
            return TLSError(operation: "TLS read", reasons: [alert], refusal: .peerAlert(alert))
        }
    }
}
