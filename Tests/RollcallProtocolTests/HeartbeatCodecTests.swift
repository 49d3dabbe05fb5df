import RollcallProtocol
import SwiftProtobuf
import Testing

@Suite("Plain heartbeats")
struct HeartbeatCodecTests {
    private static func request(
        id: UInt64 = 300, sequence: UInt64 = 7, _ change: (inout WireHeartbeatRequest) -> Void = { _ in }
    ) throws -> [UInt8] {
        var request = WireRequest()
        request.id = id
        request.heartbeat.sequence = sequence
        request.heartbeat.bootTag = 0x0123_4567_89AB_CDEF
        request.heartbeat.sentUnixMs = 1_764_000_000_123
        change(&request.heartbeat)
        return try request.serializedBytes()
    }

    private static func read(_ bytes: [UInt8]) -> PlainHeartbeat? { PlainHeartbeat(bytes.span) }

    @Test("are read as the general decoder reads them", arguments: [1, 127, 128, 300, 1 << 40, UInt64.max])
    func same(number: UInt64) throws {
        let plain = try #require(try Self.read(Self.request(id: number, sequence: number)))
        #expect(plain.requestID == number)
        #expect(plain.sequence == number)
        #expect(plain.bootTag == 0x0123_4567_89AB_CDEF)
        #expect(plain.sentUnixMilliseconds == 1_764_000_000_123)
    }

    @Test("that carry news are left to the general decoder")
    func news() throws {
        #expect(try Self.read(Self.request { $0.services = [WireServiceReport()] }) == nil)
        #expect(try Self.read(Self.request { $0.load.cpuShare = 1 }) == nil)
        #expect(try Self.read(Self.request { $0.sequence = 0 }) == nil)
        var ping = WireRequest()
        ping.id = 1
        ping.ping = WirePingRequest()
        let bytes: [UInt8] = try ping.serializedBytes()
        #expect(Self.read(bytes) == nil)
    }

    @Test("cut short or with anything behind them are not plain")
    func broken() throws {
        let whole = try Self.request()
        for count in 0..<whole.count { #expect(Self.read(Array(whole[..<count])) == nil) }
        #expect(Self.read(whole + [0x20, 1]) == nil)
    }

    @Test("with every possible broken byte are nil or what the general decoder says")
    func mutations() throws {
        let whole = try Self.request(id: 3, sequence: 5)
        for position in whole.indices {
            for value in UInt8.min...UInt8.max {
                var bytes = whole
                bytes[position] = value
                guard let plain = Self.read(bytes) else { continue }
                let general = try WireRequest(serializedBytes: bytes)
                #expect(plain.requestID == general.id && plain.sequence == general.heartbeat.sequence)
                #expect(plain.bootTag == general.heartbeat.bootTag)
                #expect(plain.sentUnixMilliseconds == general.heartbeat.sentUnixMs)
            }
        }
    }

    @Test(
        "are answered with what the general encoder would write",
        arguments: [1, 127, 128, UInt64.max], [0, 1, 30_000, UInt32.max])
    func answer(id: UInt64, interval: UInt32) throws {
        for inFull in [false, true] {
            let answer = HeartbeatAnswer(requestID: id, intervalMilliseconds: interval, reportInFull: inFull)
            var response = WireResponse()
            response.id = id
            response.heartbeat.heartbeatIntervalMs = interval
            response.heartbeat.reportInFull = inFull
            #expect(answer.array == FrameEncoder.frame(response))
            #expect(answer.count <= HeartbeatAnswer.bytesMax)
        }
    }
}
