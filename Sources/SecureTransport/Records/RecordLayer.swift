/// The record layer of one established TLS 1.3 connection at its server (RFC 8446 section 5): ciphertext in, events out,
/// and back. It knows no socket, and owns no buffer but an unfinished record's. In fixed memory, confined to its loop.
///
/// What can come after the handshake: application data, alerts, KeyUpdate. Everything else is refused with the alert
/// that the RFC names; nothing is read after a refusal, after close_notify, or after an alert.
@safe struct RecordLayer: ~Copyable {
    /// Type, version, length.
    static let headerBytes = 5
    /// Most plaintext in one record (section 5.1).
    static let plaintextBytesMax = 1 << 14
    /// Most ciphertext in one record (section 5.2).
    static let ciphertextBytesMax = (1 << 14) + 256
    /// What a sealed record is longer than its content: header, content type, tag.
    static let overheadBytes = headerBytes + 1 + RecordCiphers.tagBytes
    /// Room for what may be owed before data, or instead of it: a KeyUpdate, or an alert.
    static let settlingBytesMax = overheadBytes + 5

    /// What reading brought.
    enum Event: Equatable {
        /// So many bytes of the peer's data, in the buffer.
        case data(Int)
        /// All input is taken, and no record is complete.
        case needsMoreBytes
        /// The peer said close_notify. This end may still write.
        case closed
        /// The connection is over. `settle` writes the alert, if one is owed.
        case failed(RecordFault)
    }

    private enum ContentType {
        static let alert: UInt8 = 21
        static let handshake: UInt8 = 22
        static let applicationData: UInt8 = 23
    }

    // There is one for each connection: 248 bytes, in an order that leaves no gaps.
    private var receiving = TrafficKeys()
    private var sending = TrafficKeys()
    private let fragmentMax: UInt16
    private let suite: RecordSuite
    private var isWritingOver = false
    private var alertOwed: TLSAlert?
    private var owesKeyUpdate = false
    /// A KeyUpdate of the peer's was asked for with this one's, and has not come.
    private var awaitsKeyUpdate = false
    private var askForKeyUpdate = false
    private var barrenRecords: UInt8 = 0
    private var keyUpdate = KeyUpdateReader()
    private var readEnd: ReadEnd?
    /// The unfinished record: its header, then a block with header and body.
    private var header = InlineArray<5, UInt8>(repeating: 0)
    private var partialCount: UInt16 = 0
    private var partial: UnsafeMutablePointer<UInt8>?

    /// Most plaintext in one record, both ways: less than 2^14 if the handshake agreed so (RFC 6066 section 4).
    private var fragmentBytesMax: Int { Int(fragmentMax) }

    private enum ReadEnd {
        case closed
        case failed(RecordFault)
    }

    /// A layer without keys.
    init(suite: RecordSuite, fragmentBytesMax: Int = RecordLayer.plaintextBytesMax) {
        self.suite = suite
        fragmentMax = UInt16(min(fragmentBytesMax, Self.plaintextBytesMax))
    }

    /// Takes the keys of the handshake, and how many records each has sealed. Call it once, before anything else, where
    /// the layer will stay: it is not moved afterwards, so that no copy of a key is left behind.
    mutating func begin(
        receiving: UnsafeRawBufferPointer, received: UInt64, sending: UnsafeRawBufferPointer, sent: UInt64,
        _ ciphers: inout RecordCiphers
    ) -> Bool {
        guard ciphers.prepare(suite) else { return false }
        return unsafe self.receiving.begin(suite, secret: receiving, after: received, &ciphers.schedule)
            && self.sending.begin(suite, secret: sending, after: sent, &ciphers.schedule)
    }

    /// Wipes the keys and gives back the unfinished record. Nothing can be read or written afterwards.
    mutating func end(_ ciphers: inout RecordCiphers) {
        stopReading(.closed, &ciphers)
        stopWriting(&ciphers)
    }

    deinit { unsafe partial?.deallocate() }

    /// Whether `settle` has something to write.
    @inline(__always)
    var owesSomething: Bool { owesKeyUpdate || askForKeyUpdate || alertOwed != nil }

    // MARK: reading

    /// Takes from the input until it has data or an end. The plaintext is in `plain`, which has room for
    /// `ciphertextBytesMax`, when the event says how much; otherwise what stands there is worth nothing.
    @inline(__always)
    mutating func read(
        _ input: inout UnsafeRawBufferPointer, into plain: UnsafeMutablePointer<UInt8>, _ ciphers: inout RecordCiphers
    ) -> Event {
        while true {
            if let readEnd {
                // After the end of what the peer says, the rest is ignored (section 6.1).
                unsafe input = UnsafeRawBufferPointer(start: nil, count: 0)
                switch readEnd {
                case .closed: return .closed
                case .failed(let fault): return .failed(fault)
                }
            }
            if partialCount == 0, input.count >= Self.headerBytes, let base = input.baseAddress {
                // The common case: the whole record lies there.
                let record = unsafe base.assumingMemoryBound(to: UInt8.self)
                if let refusal = unsafe Self.refusal(ofHeader: record) {
                    refuse(refusal, &ciphers)
                    continue
                }
                let length = unsafe Self.bodyCount(record)
                if input.count >= Self.headerBytes + length {
                    unsafe input = UnsafeRawBufferPointer(rebasing: input[(Self.headerBytes + length)...])
                    if let count = unsafe open(record, length, into: plain, &ciphers) { return .data(count) }
                    continue
                }
            }
            guard unsafe gather(&input, &ciphers) else {
                if readEnd != nil { continue }
                return .needsMoreBytes
            }
            guard let record = unsafe partial else { continue }
            unsafe partial = nil
            partialCount = 0
            defer { unsafe record.deallocate() }
            if let count = unsafe open(record, Self.bodyCount(record), into: plain, &ciphers) { return .data(count) }
        }
    }

    @inline(__always)
    private static func bodyCount(_ header: UnsafePointer<UInt8>) -> Int {
        unsafe Int(header[3]) << 8 | Int(header[4])
    }

    /// What is wrong with a header, before any of the body is waited for. The version is not looked at (section 5.1), but the
    /// tag covers it.
    @inline(__always)
    private static func refusal(ofHeader header: UnsafePointer<UInt8>) -> RecordRefusal? {
        guard unsafe header[0] == ContentType.applicationData else {
            return .notEncrypted
        }
        guard unsafe bodyCount(header) <= ciphertextBytesMax else {
            return .tooLong
        }
        return nil
    }

    /// Puts input to an unfinished record. True when the record is complete.
    private mutating func gather(_ input: inout UnsafeRawBufferPointer, _ ciphers: inout RecordCiphers) -> Bool {
        while Int(partialCount) < Self.headerBytes {
            guard let byte = unsafe input.first else { return false }
            header[Int(partialCount)] = byte
            partialCount += 1
            unsafe input = UnsafeRawBufferPointer(rebasing: input.dropFirst())
            // A wrong type is refused at the first byte, a wrong length at the last: neither waits for the rest.
            guard partialCount == 1 || Int(partialCount) == Self.headerBytes else { continue }
            let refusal = unsafe withUnsafeBytes(of: &header) { bytes in
                let header = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress
                return unsafe header.flatMap { unsafe Self.refusal(ofHeader: $0) }
            }
            if let refusal {
                refuse(refusal, &ciphers)
                return false
            }
        }
        let length = Int(header[3]) << 8 | Int(header[4])
        let whole = Self.headerBytes + length
        let block: UnsafeMutablePointer<UInt8>
        if let begun = unsafe partial {
            unsafe block = begun
        } else {
            unsafe block = .allocate(capacity: whole)
            for index in 0..<Self.headerBytes { unsafe block[index] = header[index] }
            unsafe partial = unsafe block
        }
        let count = min(input.count, whole - Int(partialCount))
        if count > 0, let base = input.baseAddress {
            unsafe UnsafeMutableRawPointer(block + Int(partialCount)).copyMemory(from: base, byteCount: count)
            partialCount += UInt16(count)
            unsafe input = UnsafeRawBufferPointer(rebasing: input[count...])
        }
        return Int(partialCount) == whole
    }

    /// Opens one record. Returns how much data it brought; nil if it brought none, or an end.
    @inline(__always)
    private mutating func open(
        _ record: UnsafePointer<UInt8>, _ bodyCount: Int, into plain: UnsafeMutablePointer<UInt8>,
        _ ciphers: inout RecordCiphers
    ) -> Int? {
        guard
            var count = unsafe ciphers.open(suite, &receiving, record: record, bodyCount: bodyCount, into: plain)
        else {
            refuse(.altered, &ciphers)
            return nil
        }
        guard count <= fragmentBytesMax + 1 else {
            refuse(.tooMuchContent, &ciphers)
            return nil
        }
        // Padding is zeros behind the content type (section 5.4).
        while count > 0, unsafe plain[count - 1] == 0 { count -= 1 }
        guard count > 0 else {
            refuse(.withoutType, &ciphers)
            return nil
        }
        let type = unsafe plain[count - 1]
        count -= 1
        if type == ContentType.applicationData, count > 0, !keyUpdate.isBegun {
            barrenRecords = 0
            if receiving.sequence >= ciphers.limits.recordsBeforeUpdate { watchReceivingKey(&ciphers) }
            return count
        }
        let content = unsafe UnsafeBufferPointer(start: plain, count: count)
        if let refusal = unsafe handle(type, content, &ciphers) { refuse(refusal, &ciphers) }
        return nil
    }

    /// Asks for a new key well before the peer's is worn out, and ends the connection of a peer that goes on with it.
    private mutating func watchReceivingKey(_ ciphers: inout RecordCiphers) {
        if receiving.sequence >= ciphers.limits.recordsMax {
            refuse(.keyWornOut, &ciphers)
        } else if !awaitsKeyUpdate, !askForKeyUpdate {
            askForKeyUpdate = true
        }
    }

    /// What is not plain data.
    private mutating func handle(
        _ type: UInt8, _ content: UnsafeBufferPointer<UInt8>, _ ciphers: inout RecordCiphers
    ) -> RecordRefusal? {
        if keyUpdate.isBegun, type != ContentType.handshake {
            return .withinKeyUpdate
        }
        switch type {
        case ContentType.applicationData: break
        case ContentType.alert:
            guard content.count == 2 else {
                // An empty alert is a record of its own kind (section 5.4), any other length a message that is cut.
                return content.isEmpty ? .emptyAlert : .cutAlert
            }
            switch TLSAlert(rawValue: unsafe content[1]) {
            case .closeNotify:
                stopReading(.closed, &ciphers)
                return nil
            case .userCanceled: break
            default:
                // Whatever its level says (section 6.2). It is not answered.
                stopReading(.failed(.alerted(unsafe content[1])), &ciphers)
                stopWriting(&ciphers)
                return nil
            }
        case ContentType.handshake:
            guard !content.isEmpty else { return .emptyHandshake }
            if let refusal = unsafe keyUpdate(content, &ciphers) { return refusal }
        default: return .unknownType
        }
        barrenRecords += 1
        return barrenRecords <= ciphers.limits.barrenRecordsMax
            ? nil : .tooManyBarren
    }

    /// The one handshake message that may come: KeyUpdate, in one piece or in several (section 4.6.3).
    private mutating func keyUpdate(
        _ content: UnsafeBufferPointer<UInt8>, _ ciphers: inout RecordCiphers
    ) -> RecordRefusal? {
        for index in content.indices {
            switch keyUpdate.take(unsafe content[index]) {
            case .unfinished: continue
            case .refused(let refusal): return refusal
            case .complete(let wantsOne):
                // What follows would be sealed with the old key (section 5.1).
                guard index == content.count - 1 else { return .behindKeyUpdate }
                awaitsKeyUpdate = false
                askForKeyUpdate = false
                // One answer will do for several (section 4.6.3).
                if wantsOne, !isWritingOver { owesKeyUpdate = true }
                return ciphers.update(suite, &receiving) ? nil : .noNewKey
            }
        }
        return nil
    }

    // MARK: writing

    /// Seals up to one record of data into `output`, and what is owed before it. Returns how much data it took and how
    /// much it wrote: nothing of both if there is no room. Nil when nothing may be written any more.
    @inline(__always)
    mutating func write(
        _ data: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, _ ciphers: inout RecordCiphers
    ) -> (taken: Int, written: Int)? {
        guard !isWritingOver else { return nil }
        let count = min(data.count, fragmentBytesMax)
        guard output.count >= Self.settlingBytesMax + Self.overheadBytes + count else { return (0, 0) }
        if sending.sequence >= ciphers.limits.recordsBeforeUpdate { owesKeyUpdate = true }
        var written = 0
        if owesKeyUpdate || askForKeyUpdate { written = unsafe settle(into: output, &ciphers) }
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: output[written...])
        guard
            let length = unsafe seal(
                ContentType.applicationData, UnsafeRawBufferPointer(rebasing: data[..<count]), into: rest, &ciphers)
        else { return nil }
        return (count, written + length)
    }

    /// Writes what is owed: the KeyUpdate that was asked for, one that asks for the peer's, or the alert that says why it is
    /// over. Call it after every `read` that did not bring data. Returns how much it wrote; with too little room it stays owed.
    mutating func settle(into output: UnsafeMutableRawBufferPointer, _ ciphers: inout RecordCiphers) -> Int {
        guard !isWritingOver, owesSomething,
            output.count >= Self.settlingBytesMax
        else { return 0 }
        if let alertOwed {
            self.alertOwed = nil
            // A level says nothing any more (section 6); "warning" for a goodbye is what older peers expect.
            let message: InlineArray<2, UInt8> = [alertOwed == .closeNotify ? 1 : 2, alertOwed.rawValue]
            let written = unsafe withUnsafeBytes(of: message) {
                unsafe seal(ContentType.alert, $0, into: output, &ciphers)
            }
            stopWriting(&ciphers)
            return written ?? 0
        }
        // An answer must not ask (section 4.6.3): if this end wants to ask, too, it does so next time.
        let asks = !owesKeyUpdate
        if asks {
            askForKeyUpdate = false
            awaitsKeyUpdate = true
        }
        owesKeyUpdate = false
        let message: InlineArray<5, UInt8> = [KeyUpdateReader.type, 0, 0, 1, asks ? 1 : 0]
        let written = unsafe withUnsafeBytes(of: message) {
            unsafe seal(ContentType.handshake, $0, into: output, &ciphers)
        }
        if !isWritingOver, !ciphers.update(suite, &sending) { stopWriting(&ciphers) }
        return written ?? 0
    }

    /// Writes close_notify, once; nothing is written after it. Returns how much it wrote.
    mutating func sayGoodbye(into output: UnsafeMutableRawBufferPointer, _ ciphers: inout RecordCiphers) -> Int {
        guard !isWritingOver, output.count >= Self.settlingBytesMax else { return 0 }
        if alertOwed == nil { alertOwed = .closeNotify }
        return unsafe settle(into: output, &ciphers)
    }

    /// Seals one record at the start of the output, which has room for it. Returns its length; nil if OpenSSL fails, and
    /// nothing is written any more.
    @inline(__always)
    private mutating func seal(
        _ type: UInt8, _ content: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
        _ ciphers: inout RecordCiphers
    ) -> Int? {
        guard let record = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        let count = content.count + 1
        let length = count + RecordCiphers.tagBytes
        // The outer header looks like TLS 1.2's (section 5.2).
        unsafe record[0] = ContentType.applicationData
        unsafe record[1] = 3
        unsafe record[2] = 3
        unsafe record[3] = UInt8(length >> 8)
        unsafe record[4] = UInt8(truncatingIfNeeded: length)
        if let source = content.baseAddress {
            unsafe UnsafeMutableRawPointer(record + Self.headerBytes).copyMemory(from: source, byteCount: content.count)
        }
        unsafe record[Self.headerBytes + content.count] = type
        guard unsafe ciphers.seal(suite, &sending, record: record, count: count) else {
            stopWriting(&ciphers)
            return nil
        }
        return Self.headerBytes + length
    }

    // MARK: ending

    private mutating func refuse(_ refusal: RecordRefusal, _ ciphers: inout RecordCiphers) {
        if !isWritingOver { alertOwed = refusal.alert }
        stopReading(.failed(.refused(refusal)), &ciphers)
    }

    private mutating func stopReading(_ end: ReadEnd, _ ciphers: inout RecordCiphers) {
        if readEnd == nil { readEnd = end }
        ciphers.wipe(suite, &receiving)
        unsafe partial?.deallocate()
        unsafe partial = nil
        partialCount = 0
    }

    private mutating func stopWriting(_ ciphers: inout RecordCiphers) {
        isWritingOver = true
        alertOwed = nil
        owesKeyUpdate = false
        askForKeyUpdate = false
        ciphers.wipe(suite, &sending)
    }
}
