import Glibc
import Registry

/// What a loop does in a fleet of any size, in virtual time: beats come each minute, spread evenly, from sessions in no order;
/// a tick each 10 ms. One session falls silent in the second minute. What beats and ticks take is measured in processor time, which
/// other programs do not lengthen; the report is one line of JSON.
struct FleetOfSessions {
    static let interval = Duration.seconds(60)
    static let tickPeriod = Duration.milliseconds(10)
    private static let ticksPerInterval = 6_000
    /// Odd and near the golden section of 2³²: a walk over all sessions that jumps about in memory.
    private static let stride = 2_654_435_761

    /// What this thread has used.
    private static func processorTime() -> Duration {
        var used = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used)
        return .seconds(used.tv_sec) + .nanoseconds(used.tv_nsec)
    }

    static func report(sessions: Int) -> String {
        var liveness = Liveness()
        var now = Instant(nanoseconds: 1_790_000_000_000_000_000)
        var slots: [LivenessSlot] = []
        var news: [LivenessNews] = []
        for number in 0..<sessions {
            slots.append(LoopOfSessions.admit(UInt64(number), each: interval, to: &liveness, at: now))
        }
        let silentOne = sessions / 2
        var silentSince = now
        var noticed: Duration?
        var (beats, beating, ticking, longest) = (0, Duration.zero, Duration.zero, Duration.zero)
        for turn in 0..<(4 * ticksPerInterval) {
            now = now + tickPeriod
            // The beats that are due in this tick.
            let first = turn % ticksPerInterval * sessions / ticksPerInterval
            let last = (turn % ticksPerInterval + 1) * sessions / ticksPerInterval
            let began = processorTime()
            for place in first..<last {
                let number = place * stride % sessions
                if number == silentOne {
                    if turn >= ticksPerInterval { continue }
                    silentSince = now
                }
                _ = liveness.heartbeat(
                    slots[number], sequence: UInt64(turn / ticksPerInterval + 1), bootTag: 0,
                    sentUnixMilliseconds: 0, at: now)
                beats += 1
            }
            let between = processorTime()
            _ = liveness.tick(at: now, into: &news)
            let tick = processorTime() - between
            (beating, ticking, longest) = (beating + (between - began), ticking + tick, max(longest, tick))
            for case .silent(let session, _) in news where session.number == silentOne {
                noticed = noticed ?? now - silentSince
            }
            news.removeAll(keepingCapacity: true)
        }
        let simulated = tickPeriod * (4 * ticksPerInterval)
        return """
            {"sessions": \(sessions), "beat_ns": \(beating / .nanoseconds(1) / Double(max(1, beats))), \
            "share_of_a_core": \((beating + ticking) / simulated), "longest_tick_ms": \(longest / .milliseconds(1)), \
            "noticed_after_seconds": \((noticed ?? .zero) / .seconds(1))}
            """
    }
}
