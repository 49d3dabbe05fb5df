import Testing

@testable import SecureTransport

/// What a peer must not send after the handshake, each with the alert that RFC 8446 names.
@Suite("Records are refused")
struct RecordRefusalTests {
    /// Something wrong, how a client that has the keys makes it, and what it comes to.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let refusal: RecordRefusal
        let bytes: @Sendable (RecordBench) -> [UInt8]

        init(_ what: String, _ refusal: RecordRefusal, _ bytes: @escaping @Sendable (RecordBench) -> [UInt8]) {
            testDescription = what
            self.refusal = refusal
            self.bytes = bytes
        }
    }

    static let wrongs = [
        // Outside the encryption.
        Wrong("a plain alert", .notEncrypted) { _ in [21, 3, 3, 0, 2, 2, 40] },
        Wrong("a plain handshake message", .notEncrypted) { _ in [22, 3, 3, 0, 5, 24, 0, 0, 1, 0] },
        Wrong("change_cipher_spec after the handshake", .notEncrypted) { _ in [20, 3, 3, 0, 1, 1] },
        Wrong("a content type that does not exist", .notEncrypted) { _ in [99, 3, 3, 0, 1, 1] },
        Wrong("an SSL 2 record", .notEncrypted) { _ in [0x80, 0x2e, 1, 3, 1] },
        Wrong("plain text", .notEncrypted) { _ in Array("GET / HTTP/1.1\r\n\r\n".utf8) },
        Wrong("a length of 2^14 + 257", .tooLong) { _ in [23, 3, 3, 0x41, 1] },
        Wrong("a length of 65,535", .tooLong) { _ in [23, 3, 3, 0xff, 0xff] },
        // The encryption itself.
        Wrong("no body", .altered) { _ in [23, 3, 3, 0, 0] },
        Wrong("a body shorter than a tag", .altered) { _ in [23, 3, 3, 0, 15] + [UInt8](repeating: 7, count: 15) },
        Wrong("a body of a tag's length that is none", .altered) { _ in
            [23, 3, 3, 0, 16] + [UInt8](repeating: 7, count: 16)
        },
        Wrong("noise", .altered) { _ in [23, 3, 3, 1, 0] + [UInt8](repeating: 7, count: 256) },
        Wrong("a record sent twice", .altered) { bench in
            let record = bench.sealData([1, 2, 3])
            return record + record
        },
        Wrong("two records in the wrong order", .altered) { bench in
            let first = bench.sealData([1])
            return bench.sealData([2]) + first
        },
        Wrong("a record left out", .altered) { bench in
            _ = bench.sealData([1])
            return bench.sealData([2])
        },
        Wrong("a header that was changed on its way", .altered) { bench in
            var record = bench.sealData([1])
            record[2] = 4
            return record
        },
        Wrong("the server's own record sent back", .altered) { bench in
            let record = bench.write([1, 2, 3]) ?? []
            _ = bench.open(record)
            return record
        },
        Wrong("the next key without a KeyUpdate", .altered) { bench in
            _ = bench.sealKeyUpdate(asking: false)
            return bench.sealData([1])
        },
        Wrong("the old key after a KeyUpdate", .altered) { bench in
            let update = bench.seal(22, [24, 0, 0, 1, 0])
            return update + bench.sealData([1])
        },
        // Inside it.
        Wrong("2^14 + 1 bytes of content", .tooMuchContent) { $0.sealData([UInt8](repeating: 1, count: 16_385)) },
        Wrong("2^14 bytes of content and one of padding", .tooMuchContent) {
            $0.sealData([UInt8](repeating: 1, count: 16_384), padding: 1)
        },
        Wrong("as much padding as a record can hold", .tooMuchContent) {
            $0.sealData([1], padding: 16_384 + 256 - 16 - 2)
        },
        Wrong("nothing at all, sealed", .withoutType) { $0.seal(inner: []) },
        Wrong("zeros only", .withoutType) { $0.seal(inner: [UInt8](repeating: 0, count: 100)) },
        Wrong("2^14 + 1 zeros", .withoutType) { $0.seal(inner: [UInt8](repeating: 0, count: 16_385)) },
        Wrong("a sealed change_cipher_spec", .unknownType) { $0.seal(20, [1]) },
        Wrong("a sealed heartbeat of RFC 6520", .unknownType) { $0.seal(24, [1, 0, 0]) },
        Wrong("a type that does not exist", .unknownType) { $0.seal(255, [1]) },
        Wrong("an empty alert", .emptyAlert) { $0.seal(21, []) },
        Wrong("an empty alert with padding", .emptyAlert) { $0.seal(21, [], padding: 100) },
        Wrong("an alert of one byte", .cutAlert) { $0.seal(21, [2]) },
        Wrong("two alerts in one record", .cutAlert) { $0.seal(21, [1, 90, 1, 0]) },
        // Handshake messages.
        Wrong("an empty handshake record", .emptyHandshake) { $0.seal(22, []) },
        Wrong("a NewSessionTicket, which only servers send", .notKeyUpdate) { $0.seal(22, [4, 0, 0, 1, 0]) },
        Wrong("a ClientHello: renegotiation", .notKeyUpdate) { $0.seal(22, [1, 0, 0, 1, 0]) },
        Wrong("a second Finished", .notKeyUpdate) { $0.seal(22, [20, 0, 0, 32] + [UInt8](repeating: 1, count: 32)) },
        Wrong("a Certificate nobody asked for", .notKeyUpdate) { $0.seal(22, [11, 0, 0, 4, 0, 0, 0, 0]) },
        Wrong("a KeyUpdate of no bytes", .keyUpdateLength) { $0.seal(22, [24, 0, 0, 0]) },
        Wrong("a KeyUpdate of two bytes", .keyUpdateLength) { $0.seal(22, [24, 0, 0, 2, 0, 0]) },
        Wrong("a KeyUpdate of 257 bytes", .keyUpdateLength) { $0.seal(22, [24, 0, 1, 1, 0]) },
        Wrong("a KeyUpdate of 65,537 bytes", .keyUpdateLength) { $0.seal(22, [24, 1, 0, 1, 0]) },
        Wrong("a KeyUpdate of 16 MB", .keyUpdateLength) { $0.seal(22, [24, 0xff, 0xff, 0xff, 0]) },
        Wrong("a KeyUpdate that asks for 2", .keyUpdateValue) { $0.seal(22, [24, 0, 0, 1, 2]) },
        Wrong("a KeyUpdate that asks for 255", .keyUpdateValue) { $0.seal(22, [24, 0, 0, 1, 255]) },
        Wrong("two KeyUpdates in one record", .behindKeyUpdate) { $0.seal(22, [24, 0, 0, 1, 0, 24, 0, 0, 1, 0]) },
        Wrong("the beginning of another message behind a KeyUpdate", .behindKeyUpdate) {
            $0.seal(22, [24, 0, 0, 1, 0, 24])
        },
        Wrong("data in the middle of a KeyUpdate", .withinKeyUpdate) {
            $0.seal(22, [24, 0, 0]) + $0.sealData([1])
        },
        Wrong("empty data in the middle of a KeyUpdate", .withinKeyUpdate) {
            $0.seal(22, [24, 0, 0]) + $0.sealData([])
        },
        Wrong("an alert in the middle of a KeyUpdate", .withinKeyUpdate) { $0.seal(22, [24]) + $0.seal(21, [1, 0]) },
        // Too much of something.
        Wrong("33 empty records in a row", .tooManyBarren) { bench in (0..<33).flatMap { _ in bench.sealData([]) } },
        Wrong("33 KeyUpdates in a row", .tooManyBarren) { bench in
            (0..<33).flatMap { _ in bench.sealKeyUpdate(asking: true) }
        },
        Wrong("33 times user_canceled", .tooManyBarren) { bench in (0..<33).flatMap { _ in bench.seal(21, [1, 90]) } },
        Wrong("empty records, KeyUpdates and alerts by turns", .tooManyBarren) { bench in
            (0..<11).flatMap { _ in bench.sealData([]) + bench.sealKeyUpdate(asking: false) + bench.seal(21, [1, 90]) }
        },
    ]

    @Test("with the right alert, and nothing is read or written afterwards", arguments: wrongs, RecordSuite.allCases)
    func refused(_ wrong: Wrong, _ suite: RecordSuite) throws {
        let bench = try RecordBench(suite)
        let bytes = wrong.bytes(bench)
        let event = bench.feed(bytes)
        #expect(event == .failed(.refused(wrong.refusal)))
        #expect(bench.alert() == wrong.refusal.alert.rawValue)
        #expect(bench.settle().isEmpty)
        let written = bench.write([1])
        #expect(written == nil)
        let goodbye = bench.sayGoodbye()
        #expect(goodbye.isEmpty)
        let count = bench.data.count
        let again = bench.feed(bench.sealData([1]))
        #expect(again == event)
        #expect(bench.data.count == count)
    }

    @Test("the same when they come byte by byte", arguments: wrongs)
    func byteByByte(_ wrong: Wrong) throws {
        let whole = try RecordBench()
        let event = whole.feed(wrong.bytes(whole))
        let split = try RecordBench()
        let splitEvent = split.feed(wrong.bytes(split), pieces: 1)
        #expect(splitEvent == event)
        #expect(split.data == whole.data)
    }

    @Test("each of them by some case above")
    func complete() {
        let covered = Set(Self.wrongs.map(\.refusal))
        let elsewhere: Set<RecordRefusal> = [.keyWornOut, .noNewKey]
        #expect(covered.union(elsewhere) == Set(RecordRefusal.allCases))
        for refusal in RecordRefusal.allCases { #expect(!refusal.description.isEmpty) }
    }

    @Test("a wrong header at once: nobody waits for a body that will not be taken")
    func earlyRefusal() throws {
        let type = try RecordBench()
        let atFirstByte = type.feed([21])
        #expect(atFirstByte == .failed(.refused(.notEncrypted)))
        let length = try RecordBench()
        let atFourthByte = length.feed([23, 3, 3, 0x41])
        #expect(atFourthByte == .needsMoreBytes)
        let atFifthByte = length.feed([1])
        #expect(atFifthByte == .failed(.refused(.tooLong)))
    }

    @Test("every alert but close_notify and user_canceled ends it, whatever its level", arguments: [UInt8(1), 2, 77])
    func alerts(level: UInt8) throws {
        for number in UInt8.min...UInt8.max where number != 0 && number != 90 {
            let bench = try RecordBench(.aes128GCM)
            let event = bench.feed(bench.seal(21, [level, number]))
            #expect(event == .failed(.alerted(number)))
            // It is not answered (section 6.2).
            #expect(bench.settle().isEmpty)
            let written = bench.write([1])
            #expect(written == nil)
        }
    }
}
