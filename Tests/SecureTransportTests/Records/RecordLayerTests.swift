import TestSupport
import Testing

@testable import SecureTransport

/// What a peer may send after the handshake, and what the layer makes of it.
@Suite("Record layer")
struct RecordLayerTests {
    @Test("takes data of every length with every padding, in pieces of any size", arguments: RecordSuite.allCases)
    func dataAndPadding(_ suite: RecordSuite) throws {
        for pieces in [1, 2, 3, 5, 7, 21, 22, 1000, Int.max] {
            let bench = try RecordBench(suite)
            var sent: [UInt8] = []
            var wire: [UInt8] = []
            for length in [1, 2, 15, 16, 17, 100, 1000] {
                for padding in [0, 1, 15, 16, 255] {
                    let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ padding) }
                    sent += content
                    wire += bench.sealData(content, padding: padding)
                }
            }
            let event = bench.feed(wire, pieces: pieces)
            #expect(event == .needsMoreBytes)
            #expect(bench.data == sent, "in pieces of \(pieces)")
        }
    }

    @Test("takes data that ends in zeros, and data of zeros only")
    func zeros() throws {
        let bench = try RecordBench()
        let zeros = [UInt8](repeating: 0, count: 100)
        bench.feed(bench.sealData(zeros) + bench.sealData([5] + zeros, padding: 9))
        #expect(bench.data == zeros + [5] + zeros)
    }

    @Test("takes the longest record there may be, and what fills it up with padding", arguments: [0, 1, 100, 16_383])
    func longest(padding: Int) throws {
        let bench = try RecordBench()
        let content = [UInt8](repeating: 3, count: 16_384 - padding)
        for pieces in [999, Int.max] {
            bench.data = []
            let event = bench.feed(bench.sealData(content, padding: padding), pieces: pieces)
            #expect(event == .needsMoreBytes)
            #expect(bench.data == content)
        }
    }

    @Test("a stream cut in two at every byte is the same stream")
    func everyCut() throws {
        let make: (RecordBench) -> [UInt8] = { bench in
            bench.sealData([1, 2, 3]) + bench.seal(22, [24, 0])
                + { () -> [UInt8] in
                    let rest = bench.seal(22, [0, 1, 1])
                    _ = bench.ciphers.pointee.update(bench.suite, &bench.client)
                    return rest
                }() + bench.sealData([]) + bench.sealData([4, 5], padding: 3) + bench.seal(21, [1, 90])
                + bench.sealData([6]) + bench.seal(21, [1, 0])
        }
        let reference = try RecordBench()
        let wire = make(reference)
        for cut in 0...wire.count {
            let bench = try RecordBench()
            let same = make(bench)
            #expect(same == wire)
            var event = bench.feed(Array(wire[..<cut]))
            if event != .closed { event = bench.feed(Array(wire[cut...])) }
            #expect(event == .closed || cut == wire.count)
            #expect(bench.data == [1, 2, 3, 4, 5, 6], "cut at \(cut)")
        }
    }

    @Test("32 records without data in a row are let pass, and data starts the count anew")
    func barrenRecords() throws {
        let bench = try RecordBench()
        for _ in 0..<3 {
            var event = bench.feed((0..<32).flatMap { _ in bench.sealData([]) })
            #expect(event == .needsMoreBytes)
            event = bench.feed(bench.sealData([1]))
            #expect(event == .needsMoreBytes)
        }
        #expect(bench.data == [1, 1, 1])
    }

    @Test("shorter records, if the handshake agreed on them, bind both ends", arguments: [512, 1024, 2048, 4096])
    func shortRecords(_ most: Int) throws {
        let bench = try RecordBench(fragmentBytesMax: most)
        let content = [UInt8](repeating: 9, count: 3 * most + 1)
        let sealed = try #require(bench.write(content))
        let records = bench.open(sealed)
        #expect(records.map(\.content.count) == [most, most, most, 1])
        var event = bench.feed(bench.sealData([UInt8](repeating: 1, count: most)))
        #expect(event == .needsMoreBytes)
        event = bench.feed(bench.sealData([UInt8](repeating: 1, count: most + 1)))
        #expect(event == .failed(.refused(.tooMuchContent)))
    }

    @Test("what is written is what the peer opens", arguments: RecordSuite.allCases)
    func writing(_ suite: RecordSuite) throws {
        let bench = try RecordBench(suite, sent: 2)
        for length in [1, 16, 30, 16_383, 16_384, 16_385, 40_000] {
            let content = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 13) }
            let sealed = try #require(bench.write(content))
            let records = bench.open(sealed)
            #expect(records.allSatisfy { $0.type == 23 })
            #expect(records.flatMap(\.content) == content)
        }
    }

    @Test("writes nothing into too little room")
    func noRoom() throws {
        let bench = try RecordBench()
        let content: [UInt8] = [1, 2, 3]
        let least = RecordLayer.settlingBytesMax + RecordLayer.overheadBytes + 3
        for room in [0, 1, 22, 28, least - 1, least] {
            let output = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 1)
            defer { output.deallocate() }
            let result = content.withUnsafeBytes { bench.layer.pointee.write($0, into: output, &bench.ciphers.pointee) }
            #expect(result?.taken == (room < least ? 0 : 3))
            #expect(result?.written == (room < least ? 0 : 25))
        }
    }

    // MARK: the end

    @Test("after the peer's close_notify the rest is ignored, and this end may still write")
    func halfClosed() throws {
        let bench = try RecordBench()
        let event = bench.feed(bench.sealData([1]) + bench.seal(21, [1, 0]) + [21, 3, 3, 0, 2, 2, 40])
        #expect(event == .closed)
        let later = bench.feed([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
        #expect(later == .closed)
        #expect(bench.data == [1])
        let sealed = try #require(bench.write([7]))
        let answer = bench.open(sealed)
        #expect(answer.map(\.content) == [[7]])
        let last = bench.open(bench.sayGoodbye())
        #expect(last.map(\.type) == [21])
        #expect(last.map(\.content) == [[1, 0]])
    }

    @Test("after this end's close_notify nothing is written, whatever comes; what comes is still read")
    func goodbyeIsLast() throws {
        let bench = try RecordBench()
        let goodbye = bench.open(bench.sayGoodbye())
        #expect(goodbye.map(\.content) == [[1, 0]])
        let again = bench.sayGoodbye()
        #expect(again.isEmpty)
        let written = bench.write([1])
        #expect(written == nil)
        var event = bench.feed(bench.sealData([1]) + bench.sealKeyUpdate(asking: true) + bench.sealData([2]))
        #expect(event == .needsMoreBytes)
        #expect(bench.data == [1, 2])
        #expect(bench.settle().isEmpty)
        event = bench.feed([21, 0])
        #expect(event == .failed(.refused(.notEncrypted)))
        #expect(bench.settle().isEmpty)
    }

    @Test("once ended, it neither reads nor writes")
    func ended() throws {
        let bench = try RecordBench()
        bench.feed(Array(bench.sealData([1, 2, 3]).dropLast()))
        bench.layer.pointee.end(&bench.ciphers.pointee)
        let event = bench.feed(bench.sealData([1]))
        #expect(event == .closed)
        let written = bench.write([1])
        #expect(written == nil)
        #expect(bench.settle().isEmpty)
        #expect(bench.sayGoodbye().isEmpty)
    }

    @Test("random mutations of a valid stream are refused: nothing altered ever comes out", arguments: 0..<40)
    func mutations(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let bench = try RecordBench(chance.pick(RecordSuite.allCases))
            var wire: [UInt8] = []
            var contents: [UInt8] = []
            for _ in 0..<chance.below(6) {
                switch chance.below(4) {
                case 0: wire += bench.sealKeyUpdate(asking: chance.chance(percent: 50))
                case 1: wire += bench.sealData([])
                default:
                    let content = (0..<1 + chance.below(60)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
                    contents += content
                    wire += bench.sealData(content, padding: chance.below(9))
                }
            }
            let original = wire
            for _ in 0...chance.below(3) { Self.mutate(&wire, &chance) }
            let event = bench.feed(wire, pieces: chance.chance(percent: 50) ? 1 + chance.below(40) : .max)
            // A prefix of the truth is all that may come out.
            #expect(contents.starts(with: bench.data), "seed \(seed)")
            if wire == original { #expect(bench.data == contents) }
            if case .data = event { Issue.record("data was not taken") }
        }
    }

    private static func mutate(_ wire: inout [UInt8], _ chance: inout SeededGenerator) {
        guard !wire.isEmpty else { return wire.append(UInt8(truncatingIfNeeded: chance.next())) }
        let place = chance.below(wire.count)
        switch chance.below(6) {
        case 0: wire[place] ^= 1 << UInt8(chance.below(8))
        case 1: wire[place] = UInt8(truncatingIfNeeded: chance.next())
        case 2: wire.remove(at: place)
        case 3: wire.insert(UInt8(truncatingIfNeeded: chance.next()), at: place)
        case 4: wire.removeSubrange(place..<min(wire.count, place + 1 + chance.below(40)))
        default: wire.insert(contentsOf: wire[place..<min(wire.count, place + 1 + chance.below(60))], at: place)
        }
    }
}
