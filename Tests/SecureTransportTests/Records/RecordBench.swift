@testable import SecureTransport

/// A server's record layer, and a client that holds the same secrets and seals whatever a test wants.
final class RecordBench {
    let suite: RecordSuite
    let ciphers: UnsafeMutablePointer<RecordCiphers>
    let layer: UnsafeMutablePointer<RecordLayer>
    /// What the layer gave out as the peer's data.
    var data: [UInt8] = []
    /// What the client seals with, and what it opens the server's records with.
    var client = TrafficKeys()
    var server = TrafficKeys()
    private let plain = UnsafeMutablePointer<UInt8>.allocate(capacity: RecordLayer.ciphertextBytesMax)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 15, alignment: 16)

    struct Failed: Error {}

    init(
        _ suite: RecordSuite = .aes256GCM, limits: RecordLimits = RecordLimits(),
        fragmentBytesMax: Int = RecordLayer.plaintextBytesMax, received: UInt64 = 0, sent: UInt64 = 0,
        secrets: (client: [UInt8], server: [UInt8])? = nil
    ) throws {
        self.suite = suite
        guard let made = RecordCiphers() else { throw Failed() }
        ciphers = .allocate(capacity: 1)
        ciphers.initialize(to: made)
        ciphers.pointee.limits = limits
        layer = .allocate(capacity: 1)
        layer.initialize(to: RecordLayer(suite: suite, fragmentBytesMax: fragmentBytesMax))
        let up = secrets?.client ?? Self.secret(suite, 7)
        let down = secrets?.server ?? Self.secret(suite, 99)
        let began = up.withUnsafeBytes { up in
            down.withUnsafeBytes { down in
                layer.pointee.begin(receiving: up, received: received, sending: down, sent: sent, &ciphers.pointee)
                    && client.begin(suite, secret: up, after: received, &ciphers.pointee.schedule)
                    && server.begin(suite, secret: down, after: sent, &ciphers.pointee.schedule)
            }
        }
        guard began else { throw Failed() }
    }

    deinit {
        layer.pointee.end(&ciphers.pointee)
        layer.deinitialize(count: 1)
        layer.deallocate()
        ciphers.pointee.free()
        ciphers.deallocate()
        plain.deallocate()
        output.deallocate()
    }

    static func secret(_ suite: RecordSuite, _ seed: UInt8) -> [UInt8] {
        (0..<suite.secretBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) &+ seed }
    }

    // MARK: the client

    /// A record with this inner plaintext, whatever it is.
    func seal(inner: [UInt8], version: UInt8 = 3) -> [UInt8] {
        let length = inner.count + RecordCiphers.tagBytes
        var record =
            [23, 3, version, UInt8(length >> 8), UInt8(truncatingIfNeeded: length)] + inner
            + [UInt8](repeating: 0, count: RecordCiphers.tagBytes)
        _ = record.withUnsafeMutableBufferPointer {
            ciphers.pointee.seal(suite, &client, record: $0.baseAddress!, count: inner.count)
        }
        return record
    }

    func seal(_ type: UInt8, _ content: [UInt8], padding: Int = 0) -> [UInt8] {
        seal(inner: content + [type] + [UInt8](repeating: 0, count: padding))
    }

    func sealData(_ content: [UInt8], padding: Int = 0) -> [UInt8] { seal(23, content, padding: padding) }

    /// A KeyUpdate, and the client's next key.
    func sealKeyUpdate(asking: Bool) -> [UInt8] {
        let record = seal(22, [24, 0, 0, 1, asking ? 1 : 0])
        _ = ciphers.pointee.update(suite, &client)
        return record
    }

    /// Opens the server's records; follows its KeyUpdates.
    func open(_ records: [UInt8]) -> [(type: UInt8, content: [UInt8])] {
        var opened: [(type: UInt8, content: [UInt8])] = []
        var rest = records[...]
        while rest.count >= 5 {
            let length = Int(rest[rest.startIndex + 3]) << 8 | Int(rest[rest.startIndex + 4])
            let record = Array(rest.prefix(5 + length))
            rest = rest.dropFirst(5 + length)
            let count = record.withUnsafeBufferPointer {
                ciphers.pointee.open(suite, &server, record: $0.baseAddress!, bodyCount: length, into: plain)
            }
            guard let count else {
                opened.append((0, []))
                break
            }
            var inner = Array(UnsafeBufferPointer(start: plain, count: count))
            let type = inner.removeLast()
            if type == 22, inner.first == 24 { _ = ciphers.pointee.update(suite, &server) }
            opened.append((type, inner))
        }
        return opened
    }

    // MARK: the server

    /// Feeds bytes in pieces, until all are taken or it is over. Returns the last event.
    @discardableResult
    func feed(_ bytes: [UInt8], pieces: Int = .max) -> RecordLayer.Event {
        var event = RecordLayer.Event.needsMoreBytes
        var rest = bytes[...]
        while !rest.isEmpty {
            // A copy of its own, so that a read beyond its end is seen by the sanitizer.
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
        return event
    }

    /// What the server owes, sealed.
    func settle() -> [UInt8] {
        let count = layer.pointee.settle(into: output, &ciphers.pointee)
        return Array(output[..<count])
    }

    /// Seals data, all of it; nil when nothing may be written any more.
    func write(_ bytes: [UInt8]) -> [UInt8]? {
        var sealed: [UInt8] = []
        var taken = 0
        repeat {
            let result = bytes[taken...].withUnsafeBytes {
                layer.pointee.write($0, into: output, &ciphers.pointee)
            }
            guard let result, result.taken > 0 || bytes.isEmpty else { return nil }
            taken += result.taken
            sealed += output[..<result.written]
        } while taken < bytes.count
        return sealed
    }

    func sayGoodbye() -> [UInt8] {
        let count = layer.pointee.sayGoodbye(into: output, &ciphers.pointee)
        return Array(output[..<count])
    }

    /// The alert that the server says goodbye with.
    func alert() -> UInt8? {
        let records = open(settle())
        return records.count == 1 && records[0].type == 21 && records[0].content.count == 2
            ? records[0].content[1] : nil
    }
}
