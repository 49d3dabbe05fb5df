import Foundation
import RollcallProtocol
import SecureTransport
import Testing

extension EndToEnd {
    @Suite("However the bytes are split")
    struct SplitTests {
        @Test("One byte at a time, in a record each")
        func byteByByte() async throws {
            let live = try await LiveFleet.shared.value
            let node = try WireClient(live.server, identity: try live.fleet.nodeIdentity())
            for request in [.register("slow-speaker"), .heartbeat(1), .ping("abc")] as [WireRequest] {
                let frame = node.frame(request)
                for byte in frame { node.send([byte]) }
                #expect(try node.answerToLast().status == 0)
            }
            #expect(node.responses.last?.ping.payload == Data("abc".utf8))
            node.close()
            try await live.checkBystander()
        }

        @Test("One byte at a time on the wire, the handshake too", arguments: [1, 7])
        func tinyPackets(_ pieces: Int) async throws {
            let live = try await LiveFleet.shared.value
            let relay = try Relay(to: live.server.port, pieces: pieces)
            let node = try WireClient(
                port: relay.port, context: try live.fleet.context(), identity: try live.fleet.nodeIdentity())
            #expect(try node.call(.register("tiny-\(pieces)")).status == 0)
            #expect(try node.call(.heartbeat(1)).status == 0)
            node.close()
            relay.end()
            try await live.checkBystander()
        }

        @Test("Many frames in one record, and one frame over many records")
        func manyAndLong() async throws {
            let live = try await LiveFleet.shared.value
            let node = try live.registeredNode("batch")
            let frames = (0..<200).flatMap { node.frame(.ping("\($0)")) }
            node.send(frames)
            #expect(try node.answer(to: 201).ping.payload == Data("199".utf8))
            #expect(node.responses.filter { $0.id > 1 && $0.status == 0 }.map(\.id) == Array(2...201))
            // 60 KiB are four records.
            let long = BrokenFrameTests.paddedPing(id: 1, bytes: 60 * 1024)
            let before = node.responses.count
            node.send(Array(long.dropLast(7)))
            node.send(Array(long.suffix(7)))
            #expect(node.wait { node.responses.count > before })
            #expect(node.responses.last?.id == 1 && node.responses.last?.status == 0)
            node.close()
            try await live.checkBystander()
        }

        @Test("A peer that has sent its last gets the answers to what it asked")
        func halfClosed() async throws {
            let live = try await LiveFleet.shared.value
            let relay = try Relay(to: live.server.port)
            let person = try WireClient(
                port: relay.port, context: try live.fleet.context(), identity: try live.fleet.operatorIdentity("alice"))
            let ids = (0..<20).map { _ in person.send(.with { $0.listNodes = .init() }) }
            // The relay must have carried them before it closes its half: the last but one answer shows it.
            let last = person.send(.ping())
            #expect(person.wait { person.responses.contains { $0.id == last } })
            relay.halfClose()
            for id in ids { #expect(try person.answer(to: id).status == 0) }
            #expect(person.waitForEnd() != nil)
            relay.end()

            let local = try RawSocket(path: live.fleet.data + "/rollcall.sock")
            let question = WireRequest.with {
                $0.id = 5
                $0.getStatus = .init()
            }
            local.write(FrameEncoder.frame(question))
            local.endOutput()
            var decoder = FrameDecoder(messageBytesMax: FrameLimits.responseBytesMax)
            var answers: [WireResponse] = []
            try decoder.decode(local.readAll().span) { message in
                var bytes: [UInt8] = []
                for position in 0..<message.count { bytes.append(message[position]) }
                if let answer = try? WireResponse(serializedBytes: bytes) { answers.append(answer) }
                return true
            }
            #expect(answers.map(\.id) == [5] && answers.first?.getStatus.fleet == "test")
            try await live.checkBystander()
        }

        @Test("Reset in the middle of a handshake, wherever that is")
        func resets() async throws {
            let live = try await LiveFleet.shared.value
            for bytes in [1, 5, 60, 200, 320, 600, 1000] {
                let relay = try Relay(to: live.server.port, cutAfter: bytes)
                let client = try WireClient(
                    port: relay.port, context: try live.fleet.context(), identity: try live.fleet.nodeIdentity())
                client.send(.register("cut"))
                #expect(client.waitForEnd() != nil)
                relay.end()
            }
            for _ in 0..<20 { try RawSocket(port: live.server.port).reset() }
            try await live.checkBystander()
        }
    }
}
