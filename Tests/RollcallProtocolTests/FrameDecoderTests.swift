import RollcallProtocol
import SwiftProtobuf
import Testing

@Suite("Frames")
struct FrameDecoderTests {
    private static func frames(_ payloads: [[UInt8]]) -> [UInt8] {
        payloads.flatMap { payload -> [UInt8] in
            let n = payload.count
            return [0, UInt8(n >> 24), UInt8(n >> 16 & 255), UInt8(n >> 8 & 255), UInt8(n & 255)] + payload
        }
    }

    private static func feed(_ decoder: inout FrameDecoder, _ bytes: [UInt8], into messages: inout [[UInt8]]) throws {
        var taken: [[UInt8]] = []
        try decoder.decode(bytes.span) { message in
            taken.append((0..<message.count).map { message[$0] })
            return true
        }
        messages += taken
    }

    @Test("come out whole whatever two pieces the bytes arrive in")
    func everySplit() throws {
        let payloads: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 300), [9]]
        let bytes = Self.frames(payloads)
        for cut in 0...bytes.count {
            var decoder = FrameDecoder()
            var messages: [[UInt8]] = []
            try Self.feed(&decoder, Array(bytes[..<cut]), into: &messages)
            try Self.feed(&decoder, Array(bytes[cut...]), into: &messages)
            #expect(messages == payloads)
            #expect(!decoder.isInsideFrame)
        }
    }

    @Test("come out whole byte by byte")
    func byteByByte() throws {
        let payloads: [[UInt8]] = [[], [1], Array(0...255), []]
        var decoder = FrameDecoder()
        var messages: [[UInt8]] = []
        for byte in Self.frames(payloads) { try Self.feed(&decoder, [byte], into: &messages) }
        #expect(messages == payloads)
    }

    @Test("that are compressed are refused at their first byte")
    func compressed() {
        var decoder = FrameDecoder()
        #expect(throws: FrameError.compressed) { try decoder.decode([1].span) { _ in true } }
    }

    @Test("with flags that mean nothing are refused")
    func flags() {
        var decoder = FrameDecoder()
        #expect(throws: FrameError.unknownFlags(71)) { try decoder.decode(Array("GET / HTTP".utf8).span) { _ in true } }
    }

    @Test("that are too long are refused by their header, before the message comes")
    func tooLong() {
        var decoder = FrameDecoder(messageBytesMax: 10)
        #expect(throws: FrameError.tooLong(bytes: 11, limit: 10)) {
            try decoder.decode([0, 0, 0, 0, 11].span) { _ in true }
        }
        var slow = FrameDecoder(messageBytesMax: 10)
        #expect(throws: FrameError.tooLong(bytes: 1 << 31 | 5, limit: 10)) {
            for byte: UInt8 in [0, 0x80, 0, 0, 5] { try slow.decode([byte].span) { _ in true } }
        }
    }

    @Test("before a broken one are delivered")
    func goodBeforeBad() {
        var decoder = FrameDecoder(messageBytesMax: 100)
        var seen = 0
        #expect(throws: FrameError.unknownFlags(2)) {
            try decoder.decode((Self.frames([[1], [2, 2]]) + [2, 0, 0, 0, 0]).span) { _ in
                seen += 1
                return true
            }
        }
        #expect(seen == 2)
    }

    @Test("stop when the reader has had enough")
    func stop() throws {
        var decoder = FrameDecoder()
        var seen = 0
        try decoder.decode(Self.frames([[1], [2], [3]]).span) { _ in
            seen += 1
            return seen < 2
        }
        #expect(seen == 2)
    }

    @Test("take a raised limit between two messages")
    func raisedLimit() throws {
        var decoder = FrameDecoder(messageBytesMax: 1)
        var messages: [[UInt8]] = []
        try Self.feed(&decoder, Self.frames([[1]]), into: &messages)
        decoder.messageBytesMax = 5
        try Self.feed(&decoder, Self.frames([[1, 2, 3, 4, 5]]), into: &messages)
        #expect(messages == [[1], [1, 2, 3, 4, 5]])
    }
}
