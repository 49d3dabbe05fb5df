@testable import SecureTransport

// What libFuzzer calls (Scripts/fuzz.sh builds and runs it; not part of `swift build`).
//
// Noise alone would never get past the first tag. So the input is a little program: seal this as the client would, alter
// it, cut it into pieces, write, say goodbye. A model that knows the client's keys and what it sealed says what may come
// out: the truth, in order, and nothing behind the first thing that is not.

/// One run of such a program.
struct RecordProgram {
    private var input: UnsafeBufferPointer<UInt8>.SubSequence
    private let bench: RecordBench
    /// What the client sealed as data, and nobody altered.
    private var truth: [UInt8] = []
    /// Whether the client's stream is honest so far: the layer must not have refused anything then.
    private var isHonest = true
    private var peerSaidGoodbye = false
    /// The handshake message that has begun.
    private var message: [UInt8] = []
    private var barren = 0
    private var wroteGoodbye = false

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = bytes.first, let suite = RecordSuite(rawValue: 0x1301 + UInt16(first % 3)) else { return nil }
        let limits = RecordLimits(recordsBeforeUpdate: first & 0x80 == 0 ? 1 << 23 : 4)
        guard let bench = try? RecordBench(suite, limits: limits) else { return nil }
        self.bench = bench
        input = bytes.dropFirst()
    }

    private mutating func byte() -> UInt8 { input.popFirst() ?? 0 }

    private mutating func bytes(_ count: Int) -> [UInt8] {
        let taken = Array(input.prefix(count))
        input = input.dropFirst(count)
        return taken
    }

    mutating func run() {
        while !input.isEmpty {
            let pieces = Int(byte())
            switch byte() % 8 {
            case 0: honest(23, bytes(Int(byte())), padding: Int(byte()), pieces)
            case 1:
                honest(22, byte() % 4 == 0 ? bytes(Int(byte() % 8)) : [24, 0, 0, 1, byte() % 3], padding: 0, pieces)
            case 2: honest(21, bytes(Int(byte() % 4)), padding: Int(byte() % 4), pieces)
            case 3: honest(max(1, byte()), bytes(Int(byte())), padding: 0, pieces)
            case 4:
                isHonest = false
                feed(bytes(1 + Int(byte())), pieces)
            case 5:
                var record = bench.sealData(bytes(1 + Int(byte())))
                let place = Int(byte()) % record.count
                let change = byte()
                record[place] ^= change
                if change == 0 { return }
                isHonest = false
                feed(record, pieces)
            case 6: write(bytes(Int(byte())))
            default:
                check(bench.open(bench.sayGoodbye()), mayBeEmpty: true)
                wroteGoodbye = true
            }
        }
        precondition(truth.starts(with: bench.data), "something came out that nobody sealed")
    }

    /// Seals something, notes what it means, and feeds it.
    private mutating func honest(_ type: UInt8, _ content: [UInt8], padding: Int, _ pieces: Int) {
        let record = bench.seal(type, content, padding: padding)
        let wasHonest = isHonest && !peerSaidGoodbye
        var expectedEnd = false
        var updates = false
        if type == 23, message.isEmpty {
            if isHonest, !peerSaidGoodbye { truth += content }
            barren = content.isEmpty ? barren + 1 : 0
        } else if type == 22, !content.isEmpty {
            message += content
            if message.count < 5 {
                expectedEnd = ![24, 0, 0, 1].starts(with: message)
            } else {
                updates = message == [24, 0, 0, 1, 0] || message == [24, 0, 0, 1, 1]
                expectedEnd = !updates
                message = []
            }
            barren += 1
        } else if type == 21, content.count == 2, message.isEmpty, content[1] == 0 || content[1] == 90 {
            if content[1] == 0 { peerSaidGoodbye = true } else { barren += 1 }
        } else {
            expectedEnd = true
        }
        if barren > 32 || expectedEnd { isHonest = false }
        let event = feed(record, pieces)
        if wasHonest, isHonest {
            precondition(
                event == (peerSaidGoodbye ? .closed : .needsMoreBytes), "an honest record was refused: \(event)")
            precondition(bench.data == truth, "honest data was lost")
        }
        if wasHonest, !isHonest {
            guard case .failed = event else { preconditionFailure("a wrong record was taken: \(event)") }
        }
        if updates, isHonest { _ = bench.ciphers.pointee.update(bench.suite, &bench.client) }
    }

    @discardableResult
    private mutating func feed(_ bytes: [UInt8], _ pieces: Int) -> RecordLayer.Event {
        let event = bench.feed(bytes, pieces: pieces == 0 ? .max : pieces)
        check(bench.open(bench.settle()), mayBeEmpty: true)
        return event
    }

    private mutating func write(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, let sealed = bench.write(bytes) else { return }
        precondition(!wroteGoodbye, "written after the goodbye")
        let records = bench.open(sealed)
        check(records, mayBeEmpty: false)
        precondition(records.filter { $0.type == 23 }.flatMap(\.content) == bytes, "written wrongly")
    }

    /// All that the server sends opens with the client's copy of its keys.
    private func check(_ records: [(type: UInt8, content: [UInt8])], mayBeEmpty: Bool) {
        precondition(mayBeEmpty || !records.isEmpty)
        precondition(records.allSatisfy { [21, 22, 23].contains($0.type) }, "the client cannot open it")
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    if var program = RecordProgram(UnsafeBufferPointer(start: start, count: count)) { program.run() }
    return 0
}
