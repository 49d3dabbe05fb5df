import Registry
import TestSupport
import Testing

/// One session on one path, as a test drives it: beats each interval, held up by what the test says.
private struct Path {
    var liveness: Liveness
    let slot: LivenessSlot
    var interval: Duration
    var sequence: UInt64 = 0
    /// When the next is sent, on the sender's clock.
    var sent = t0
    /// Sender's clock less ours.
    var clockError = Duration.zero
    var heard = t0

    init(interval: Duration = .seconds(30), tuning: DeadlineTuning = DeadlineTuning(floor: 0, ceiling: 100)) {
        liveness = Liveness(tuning)
        self.interval = interval
        slot = liveness.admit(session(1), interval: interval, bootTag: 0, at: t0)
    }

    /// One beat, sent an interval and `stalled` after the last, under way for `delay`.
    mutating func beat(delay: Duration = .milliseconds(5), stalled: Duration = .zero) {
        sent = sent + interval + stalled
        sequence += 1
        // In order, as TCP has it.
        heard = max(heard, sent + delay)
        _ = liveness.heartbeat(
            slot, sequence: sequence, bootTag: 0,
            sentUnixMilliseconds: UInt64((sent + clockError).unixMilliseconds), at: heard)
    }

    mutating func beat(times: Int, delay: Duration = .milliseconds(5)) {
        for _ in 0..<times { beat(delay: delay) }
    }

    /// How long after the last sign of life it would be suspect, in intervals.
    var patience: Double {
        let silence = (liveness.deadline(of: slot) ?? heard) - heard
        return Double(silence.inNanoseconds) / Double(interval.inNanoseconds)
    }
}

@Suite("What a path teaches")
struct PathMemoryTests {
    @Test("a quick path is suspect soon, at thirty seconds and at a tenth of one", arguments: [100, 30_000])
    func quickPath(milliseconds: Int) {
        var path = Path(interval: .milliseconds(milliseconds))
        let unknown = path.patience
        path.beat(times: 20_000, delay: .milliseconds(milliseconds / 1_000))
        #expect(path.patience < 1.1, "\(path.patience)")
        #expect(path.patience < unknown)
    }

    @Test("outages are remembered for tens of thousands of beats, and forgotten in the end")
    func longMemory() {
        var path = Path()
        for _ in 0..<100 {
            path.beat(times: 24)
            path.beat(delay: .seconds(90))
            path.beat(times: 3)
        }
        let scarred = path.patience
        #expect(scarred > 3, "\(scarred)")
        path.beat(times: 10_000)
        #expect(path.patience > 2, "\(path.patience)")
        path.beat(times: 3_000_000)
        #expect(path.patience < 1.3, "\(path.patience)")
    }

    @Test("a burst of lateness makes patient at once, and for a few beats only")
    func unrest() {
        var path = Path()
        path.beat(times: 5_000)
        let calm = path.patience
        for _ in 0..<4 { path.beat(delay: .seconds(3)) }
        #expect(path.patience > calm + 0.15, "\(path.patience), \(calm)")
        path.beat(times: 30)
        #expect(path.patience < calm + 0.05, "\(path.patience), \(calm)")
    }

    @Test("a sender that stalls and arms its timer again moves its schedule, not the next deadline")
    func stalledSender() {
        var path = Path()
        path.beat(times: 5_000)
        let calm = path.patience
        path.beat(stalled: .seconds(4))
        path.beat(times: 25)
        #expect(abs(path.patience - calm) < 0.1, "\(path.patience), \(calm)")
    }

    @Test("after a clump the next beat is due by its stamp, not an interval after the clump")
    func clump() {
        var path = Path()
        path.beat(times: 5_000)
        // Held up for 70 s, and two more behind it: the last of the three was sent 10 s before they arrive.
        path.beat(delay: .seconds(70))
        path.beat()
        path.beat()
        let due = path.sent + path.interval
        let deadline = path.liveness.deadline(of: path.slot) ?? t0
        #expect(deadline > due)
        #expect(deadline - path.heard < path.interval * 3)
    }

    @Test("a sender's clock that is set is not mistaken for a late path", arguments: [-3_600, -20, 20, 3_600])
    func clockStep(seconds: Int) {
        var path = Path()
        path.beat(times: 5_000)
        let calm = path.patience
        path.clockError = .seconds(seconds)
        path.beat()
        path.beat()
        #expect(abs(path.patience - calm) < 0.05, "\(path.patience), \(calm)")
    }

    @Test("an agent that sends no stamp is judged by its arrivals")
    func noStamp() {
        var liveness = Liveness(DeadlineTuning(floor: 0, ceiling: 100))
        let slot = liveness.admit(session(1), interval: .seconds(30), at: t0)
        var now = t0
        for sequence in 1...2_000 as ClosedRange<UInt64> {
            now = now + .seconds(30)
            _ = liveness.heartbeat(slot, sequence: sequence, bootTag: 0, sentUnixMilliseconds: 0, at: now)
        }
        let silence = (liveness.deadline(of: slot) ?? now) - now
        #expect(silence > .seconds(30) && silence < .seconds(40))
    }

    @Test("what is known of outages survives a change of interval, in seconds")
    func changedInterval() {
        var path = Path(interval: .seconds(30), tuning: DeadlineTuning(margin: 100, floor: 0, ceiling: 100))
        for _ in 0..<50 {
            path.beat(times: 99)
            path.beat(delay: .seconds(90))
            path.beat(times: 3)
        }
        let before = path.patience * 30
        path.liveness.setInterval(.seconds(15), of: path.slot)
        path.interval = .seconds(15)
        path.beat(times: 50)
        let after = path.patience * 15
        #expect(after > before * 0.4 && after < before * 1.5, "\(before) s, \(after) s")
    }

    @Test("limits hold whatever was learned")
    func limits() {
        var path = Path(tuning: DeadlineTuning(floor: 1.2, ceiling: 2))
        path.beat(times: 20_000)
        #expect(path.patience >= 1.2 && path.patience < 1.21)
        for _ in 0..<200 {
            path.beat(delay: .seconds(120))
            path.beat(times: 6)
        }
        #expect(path.patience <= 2)
    }

    @Test("more margin is more patient")
    func margins() {
        let patience = [0.01, 1, 100].map { margin in
            var path = Path(tuning: DeadlineTuning(margin: margin, floor: 0, ceiling: 100))
            for _ in 0..<20 {
                path.beat(times: 99)
                path.beat(delay: .seconds(60))
                path.beat(times: 2)
            }
            return path.patience
        }
        #expect(patience == patience.sorted())
        #expect(patience[0] < patience[2])
    }

    @Test(
        "time that the server itself lost does not count as silence, and its memory of paths goes to the next connection"
    )
    func forgiving() throws {
        var path = Path(tuning: DeadlineTuning(floor: 1.5, ceiling: 1.5))
        path.beat(times: 10)
        let deadline = try #require(path.liveness.deadline(of: path.slot))
        path.liveness.forgive(.seconds(600))
        let later = try #require(path.liveness.deadline(of: path.slot))
        #expect(later - deadline >= .seconds(599))
        let gone = path.liveness.disconnect(path.slot)
        let words = try #require(gone)
        #expect(words.path.beatCount == 10)
        var registry = Registry.withNodes(1)
        _ = registry.connectionLost(session(1), .reset, lastHeard: t0, path: words.path, at: t0 + .seconds(1))
        #expect(registry.takePath(of: session(1)) == nil)
        _ = registry.register(registration(1, session: 9), at: t0 + .seconds(2))
        #expect(registry.takePath(of: session(9)) == words.path)
        #expect(registry.takePath(of: session(9)) == nil)
    }

    @Test("it fits a cache line")
    func size() {
        #expect(MemoryLayout<PathMemory>.stride <= 64)
    }
}
