import EventLoop
import Registry
import RollcallProtocol

/// The heartbeat's path in pieces, each run a known number of times, for a profiler that counts instructions and
/// allocations: `Benchmarks/micro.py` runs it so and compares the counts with those kept. Prints the pieces' names in their
/// order; run without a profiler it only proves that they work.
///
/// With the words `fleet N` it lives through some minutes of a fleet instead (`FleetOfSessions`).
@main
struct MicroBenchmarks {
    /// Sessions of the loop, as many as one process may have connections here.
    static let sessions = 10_000
    /// Times each piece is run: the difference is what is counted, so that what happens once falls out.
    static let (few, many) = (20_000, 60_000)

    static func main() {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "fleet",
            let sessions = Int(CommandLine.arguments[2]), sessions > 0
        {
            return print(FleetOfSessions.report(sessions: sessions))
        }
        var sum: UInt64 = 0
        for piece in pieces() {
            sum &+= piece.run(few)
            rollcall_mark()
            sum &+= piece.run(few)
            rollcall_mark()
            sum &+= piece.run(many)
            rollcall_mark()
            print("\(piece.name)\t\(many - few)")
        }
        // So that nothing of it can be left out.
        print("sum\t\(sum)")
    }

    struct Piece {
        var name: String
        /// Runs it so many times; the result depends on all of them.
        var run: (Int) -> UInt64
    }

    static func pieces() -> [Piece] {
        let frame = Self.frame()
        let message = Array(frame[FrameLimits.headerBytes...])
        let loop = LoopOfSessions(count: sessions)
        let index = WaitingDeadlines(count: sessions)
        return [
            Piece(name: "nothing (the loop around it)") { times in
                var sum: UInt64 = 0
                for time in 0..<times { sum &+= opaque(UInt64(time)) }
                return sum
            },
            Piece(name: "an array made and dropped (one allocation)") { times in makeArrays(times) },
            Piece(name: "frame decoder") { times in decodeFrames(frame, times) },
            Piece(name: "frame decoder, frame in two parts") { times in decodeSplitFrames(frame, times) },
            Piece(name: "heartbeat decode") { times in decodeHeartbeats(message, times) },
            Piece(name: "heartbeat answer") { times in encodeAnswers(times) },
            Piece(name: "registry heartbeat") { times in loop.beat(times) },
            Piece(name: "deadline index, due and hung again") { times in index.turn(times) },
            Piece(name: "frame to answer") { times in loop.answer(frame, times) },
        ]
    }

    /// A heartbeat that tells nothing new, as an agent sends it, in its frame.
    static func frame() -> [UInt8] {
        var heartbeat: [UInt8] = [0x08, 0x96, 0x01, 0x11]
        heartbeat += (0..<8).map { UInt8(0xA0 + $0) }
        heartbeat += [0x19] + (0..<8).map { UInt8(0x10 + $0) }
        let message: [UInt8] = [0x08, 0xD2, 0x09, 0x3A, UInt8(heartbeat.count)] + heartbeat
        return [0, 0, 0, 0, UInt8(message.count)] + message
    }

    /// The compiler does not see through it.
    @inline(never)
    static func opaque<Value>(_ value: Value) -> Value { value }

    /// Shows that an allocation would be seen.
    @inline(never)
    static func makeArrays(_ times: Int) -> UInt64 {
        var sum: UInt64 = 0
        for time in 0..<times { sum &+= opaque([UInt64](repeating: UInt64(time), count: time % 3 + 1)).last ?? 0 }
        return sum
    }

    @inline(never)
    static func decodeFrames(_ frame: [UInt8], _ times: Int) -> UInt64 {
        var decoder = FrameDecoder()
        var sum: UInt64 = 0
        for _ in 0..<times {
            do throws(FrameError) {
                try decoder.decode(frame.span) { message in
                    sum &+= UInt64(message.count)
                    return true
                }
            } catch {
                return 0
            }
        }
        return sum
    }

    @inline(never)
    static func decodeSplitFrames(_ frame: [UInt8], _ times: Int) -> UInt64 {
        var decoder = FrameDecoder()
        var sum: UInt64 = 0
        let middle = frame.count / 2
        for _ in 0..<times {
            do throws(FrameError) {
                try decoder.decode(frame.span.extracting(..<middle)) { _ in true }
                try decoder.decode(frame.span.extracting(middle...)) { message in
                    sum &+= UInt64(message.count)
                    return true
                }
            } catch {
                return 0
            }
        }
        return sum
    }

    @inline(never)
    static func decodeHeartbeats(_ message: [UInt8], _ times: Int) -> UInt64 {
        var sum: UInt64 = 0
        for _ in 0..<times {
            guard let beat = PlainHeartbeat(message.span) else { return 0 }
            sum &+= opaque(beat.sequence)
        }
        return sum
    }

    @inline(never)
    static func encodeAnswers(_ times: Int) -> UInt64 {
        var sum: UInt64 = 0
        for time in 0..<times {
            let answer = HeartbeatAnswer(
                requestID: UInt64(time % 8192 + 128), intervalMilliseconds: 30_000, reportInFull: false)
            sum &+= opaque(UInt64(answer.bytes[answer.count - 1]))
        }
        return sum
    }
}

/// A loop's sessions and their clocks, as the server has them: the clocks at an address of their own.
final class LoopOfSessions {
    private let liveness = LoopOwned(Liveness())
    private var slots: [LivenessSlot] = []
    private let interval = Duration.seconds(30)
    /// From one beat to the next, of whichever session: each beats when it is due.
    private let stepNanoseconds: Int64
    private var now = Instant(nanoseconds: 1_790_000_000_000_000_000)

    init(count: Int) {
        stepNanoseconds = interval.inNanoseconds / Int64(count)
        for number in 0..<count {
            slots.append(Self.admit(UInt64(number), each: interval, to: &liveness.value, at: now))
        }
    }

    /// Takes a session in that beats each interval.
    static func admit(
        _ number: UInt64, each interval: Duration, to liveness: inout Liveness, at now: Instant
    ) -> LivenessSlot {
        liveness.admit(SessionID(loop: 0, number: number), interval: interval, at: now)
    }

    @inline(never)
    func beat(_ times: Int) -> UInt64 {
        var sum: UInt64 = 0
        for time in 0..<times {
            // Everybody once in thirty seconds.
            now = Instant(nanoseconds: now.nanoseconds &+ 30_000_000_000 / Int64(slots.count))
            let reply = liveness.value.heartbeat(
                slots[time % slots.count], sequence: UInt64(time / slots.count), bootTag: 7,
                sentUnixMilliseconds: UInt64(now.unixMilliseconds) &- 3, at: now)
            if reply == .acknowledged { sum &+= 1 }
        }
        return sum
    }

    /// What the server does with a heartbeat between TLS and TLS, as `Session` does it.
    @inline(never)
    func answer(_ frame: [UInt8], _ times: Int) -> UInt64 {
        var (sum, now) = (UInt64(0), self.now)
        defer { self.now = now }
        for time in 0..<times {
            now = Instant(nanoseconds: now.nanoseconds &+ stepNanoseconds)
            let slot = slots[time % slots.count]
            do throws(FrameError) {
                let bytes = frame.span
                var position = 0
                while let message = try FrameDecoder.wholeMessage(
                    in: bytes, at: position, messageBytesMax: FrameLimits.messageBytesMax)
                {
                    position = message.upperBound
                    guard let beat = PlainHeartbeat(bytes.extracting(message)) else { return 0 }
                    let reply = liveness.value.heartbeat(
                        slot, sequence: beat.sequence, bootTag: beat.bootTag,
                        sentUnixMilliseconds: beat.sentUnixMilliseconds, at: now)
                    let answer = HeartbeatAnswer(
                        requestID: beat.requestID, intervalMilliseconds: 30_000, reportInFull: reply != .acknowledged)
                    sum &+= MicroBenchmarks.opaque(UInt64(answer.bytes[answer.count - 1]))
                }
            } catch {
                return 0
            }
        }
        return sum
    }
}

/// Deadlines of that many sessions; each turn the next one comes up and is hung again.
final class WaitingDeadlines {
    private var deadlines = DeadlineIndex()
    private let period = Duration.seconds(45)

    init(count: Int) {
        for number in 0..<count {
            deadlines.hang(Int32(number), noLaterThan: Instant(nanoseconds: Int64(number) * 4_500_000))
        }
    }

    @inline(never)
    func turn(_ times: Int) -> UInt64 {
        var sum: UInt64 = 0
        for _ in 0..<times {
            guard let next = deadlines.nextDeadline, let index = deadlines.popDue(at: next) else { return 0 }
            deadlines.hang(index, noLaterThan: next + period)
            sum &+= UInt64(index)
        }
        return sum
    }
}

/// How often it was called; callgrind writes down what it has counted each time.
nonisolated(unsafe) private var marks = 0

@_cdecl("rollcall_mark")
@inline(never)
public func rollcall_mark() { marks += 1 }
