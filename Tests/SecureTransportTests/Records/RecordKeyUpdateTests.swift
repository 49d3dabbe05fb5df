import Testing

@testable import SecureTransport

/// KeyUpdate (RFC 8446 sections 4.6.3 and 7.2), and how long a key may be used (section 5.5).
@Suite("KeyUpdate")
struct RecordKeyUpdateTests {
    @Test("of the peer's changes its key; one that asks is answered, and changes ours", arguments: RecordSuite.allCases)
    func both(_ suite: RecordSuite) throws {
        let bench = try RecordBench(suite)
        for round in UInt8(0)..<20 {
            let asking = round.isMultiple(of: 3)
            let event = bench.feed(
                bench.sealData([round]) + bench.sealKeyUpdate(asking: asking) + bench.sealData([round, round]))
            #expect(event == .needsMoreBytes)
            let owed = bench.open(bench.settle())
            #expect(owed.map(\.type) == (asking ? [22] : []))
            #expect(owed.map(\.content) == (asking ? [[24, 0, 0, 1, 0]] : []))
            let sealed = try #require(bench.write([round]))
            let answer = bench.open(sealed)
            #expect(answer.map(\.content) == [[round]])
        }
        #expect(bench.data == (UInt8(0)..<20).flatMap { [$0, $0, $0] })
    }

    @Test("is answered before the next data, also when nobody settled in between")
    func answeredBeforeData() throws {
        let bench = try RecordBench()
        bench.feed(bench.sealKeyUpdate(asking: true))
        let sealed = try #require(bench.write([1]))
        let records = bench.open(sealed)
        #expect(records.map(\.type) == [22, 23])
        #expect(records.map(\.content) == [[24, 0, 0, 1, 0], [1]])
    }

    @Test("asked for several times is answered once")
    func answeredOnce() throws {
        let bench = try RecordBench()
        bench.feed((0..<10).flatMap { _ in bench.sealKeyUpdate(asking: true) })
        let owed = bench.open(bench.settle())
        #expect(owed.count == 1)
        #expect(bench.settle().isEmpty)
    }

    @Test("may come in pieces, a record each")
    func pieces() throws {
        let message: [UInt8] = [24, 0, 0, 1, 1]
        for cuts in 0..<16 {
            let bench = try RecordBench()
            var piece: [UInt8] = []
            for (index, byte) in message.enumerated() {
                piece.append(byte)
                guard index == 4 || cuts & 1 << index != 0 else { continue }
                let event = bench.feed(bench.seal(22, piece, padding: index))
                #expect(event == .needsMoreBytes)
                piece = []
            }
            _ = bench.ciphers.pointee.update(bench.suite, &bench.client)
            let event = bench.feed(bench.sealData([1]))
            #expect(event == .needsMoreBytes)
            #expect(bench.data == [1])
            let owed = bench.open(bench.settle())
            #expect(owed.count == 1)
        }
    }

    @Test("comes of itself when our key has sealed as much as it may")
    func ownLimit() throws {
        let bench = try RecordBench(limits: RecordLimits(recordsBeforeUpdate: 5, recordsMax: 100, barrenRecordsMax: 32))
        var records: [(type: UInt8, content: [UInt8])] = []
        for round in UInt8(0)..<23 {
            let sealed = try #require(bench.write([round]))
            records += bench.open(sealed)
        }
        #expect(records.filter { $0.type == 23 }.flatMap(\.content) == (0..<23).map { UInt8($0) })
        let updates = records.filter { $0.type == 22 }
        #expect(updates.count == 4)
        // Nobody is asked for anything: the peer's key is not worn.
        #expect(updates.allSatisfy { $0.content == [24, 0, 0, 1, 0] })
    }

    @Test("is asked for once when the peer's key has sealed as much as it should")
    func asking() throws {
        let bench = try RecordBench(limits: RecordLimits(recordsBeforeUpdate: 5, recordsMax: 9, barrenRecordsMax: 32))
        for _ in 0..<4 { bench.feed(bench.sealData([1])) }
        #expect(bench.settle().isEmpty)
        bench.feed(bench.sealData([1]))
        let asked = bench.open(bench.settle())
        #expect(asked.map(\.content) == [[24, 0, 0, 1, 1]])
        bench.feed(bench.sealData([1]))
        #expect(bench.settle().isEmpty)
        // The peer does as it is told, and the count starts anew.
        var event = bench.feed(bench.sealKeyUpdate(asking: false))
        #expect(event == .needsMoreBytes)
        for _ in 0..<4 {
            event = bench.feed(bench.sealData([1]))
            #expect(event == .needsMoreBytes)
        }
        #expect(bench.settle().isEmpty)
    }

    @Test("that was asked for and does not come ends the connection before the key is worn out")
    func wornOut() throws {
        let bench = try RecordBench(limits: RecordLimits(recordsBeforeUpdate: 5, recordsMax: 9, barrenRecordsMax: 32))
        for _ in 0..<8 { bench.feed(bench.sealData([1])) }
        _ = bench.open(bench.settle())
        let event = bench.feed(bench.sealData([1]) + bench.sealData([2]))
        #expect(event == .failed(.refused(.keyWornOut)))
        #expect(bench.alert() == TLSAlert.unexpectedMessage.rawValue)
    }

    @Test("limits are those of the RFC, and far from where a record's number would wrap")
    func limits() throws {
        let limits = RecordLimits()
        #expect(Double(limits.recordsMax) <= 23_726_566.5)  // 2^24.5
        #expect(limits.recordsBeforeUpdate < limits.recordsMax / 2)
        // At the real limit, with the real numbers.
        let last = limits.recordsBeforeUpdate - 1
        let bench = try RecordBench(received: limits.recordsMax - 1, sent: last)
        let before = try #require(bench.write([1]))
        #expect(bench.open(before).map(\.type) == [23])
        let after = try #require(bench.write([2]))
        #expect(bench.open(after).map(\.type) == [22, 23])
        let event = bench.feed(bench.sealData([1]))
        #expect(event == .needsMoreBytes || event == .failed(.refused(.keyWornOut)))
    }
}
