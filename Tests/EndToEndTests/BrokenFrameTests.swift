import Foundation
import RollcallProtocol
import SecureTransport
import Testing

extension EndToEnd {
    @Suite("Frames that are wrong, and frames from the future")
    struct BrokenFrameTests {
        /// What is wrong, the bytes, the status that says so.
        @Test(
            arguments: [
                ("longer than 64 KiB", [0, 0, 1, 0, 1], StatusCode.resourceExhausted),
                ("longer than memory", [0, 0xFF, 0xFF, 0xFF, 0xFF], .resourceExhausted),
                ("compressed", [1, 0, 0, 0, 2, 0x08, 0x01], .unimplemented),
                ("unknown flags", [0x80, 0, 0, 0, 0], .unimplemented),
                ("not protobuf", [0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF], .invalidArgument),
                ("cut in the middle of a field", [0, 0, 0, 0, 3, 0x2A, 0x10, 0x01], .invalidArgument),
                ("id 0", [0, 0, 0, 0, 2, 0x2A, 0x00], .invalidArgument),
            ] as [(String, [UInt8], StatusCode)])
        func `is told what is wrong, then closed`(_ what: String, _ bytes: [UInt8], _ status: StatusCode) async throws {
            let live = try await LiveFleet.shared.value
            let client = try live.registeredNode("broken-\(what.filter { $0 != " " })")
            client.send(bytes)
            let objection = try client.answer(to: 0)
            #expect(objection.status == status.rawValue, "\(what): \(objection)")
            #expect(!objection.message.isEmpty)
            #expect(client.waitForEnd() == .closedByPeer, "\(what)")
            try await live.checkBystander()
        }

        @Test("A stranger may send 8 KiB, a node 64 KiB")
        func lengths() async throws {
            let live = try await LiveFleet.shared.value
            let stranger = try WireClient(live.server)
            stranger.send([0, 0, 0, 0x20, 0x01])
            #expect(try stranger.answer(to: 0).status == StatusCode.resourceExhausted.rawValue)
            #expect(stranger.waitForEnd() == .closedByPeer)
            let node = try live.registeredNode("long")
            node.send(Self.paddedPing(id: 77, bytes: 64 * 1024))
            #expect(try node.answer(to: 77).status == 0)
            node.close()
        }

        @Test("An unknown method is UNIMPLEMENTED, unknown fields are ignored, and the connection lives on")
        func fromTheFuture() async throws {
            let live = try await LiveFleet.shared.value
            let node = try live.registeredNode("future")
            // Request { id: 71, method 30: {} }
            node.send([0, 0, 0, 0, 5, 0x08, 71, 0xF2, 0x01, 0x00])
            let unknown = try node.answer(to: 71)
            #expect(unknown.status == StatusCode.unimplemented.rawValue && !unknown.message.isEmpty)
            // Request { id: 72, ping: { payload: "x", field 100: 5 }, field 200: "hi" }
            let ping: [UInt8] = [0x0A, 1, 0x78, 0xA0, 0x06, 5]
            let message: [UInt8] = [0x08, 72, 0x2A, UInt8(ping.count)] + ping + [0xC2, 0x0C, 2, 0x68, 0x69]
            node.send([0, 0, 0, 0, UInt8(message.count)] + message)
            let answer = try node.answer(to: 72)
            #expect(answer.status == 0 && answer.ping.payload == Data("x".utf8))
            #expect(try node.call(.heartbeat(1)).status == 0)
            #expect(node.end == nil)
            node.close()
            try await live.checkBystander()
        }

        /// Ping with a field from the future, as long as it takes.
        static func paddedPing(id: UInt8, bytes: Int) -> [UInt8] {
            // id, an empty ping, then field 200 with a length of three bytes.
            let head: [UInt8] = [0x08, id, 0x2A, 0x00, 0xC2, 0x0C]
            let padding = bytes - head.count - 3
            let length: [UInt8] = [
                UInt8(padding & 0x7F) | 0x80, UInt8(padding >> 7 & 0x7F) | 0x80, UInt8(padding >> 14),
            ]
            let frame: [UInt8] = [0, 0, UInt8(bytes >> 16), UInt8(bytes >> 8 & 0xFF), UInt8(bytes & 0xFF)]
            return frame + head + length + [UInt8](repeating: 0x20, count: padding)
        }
    }
}
