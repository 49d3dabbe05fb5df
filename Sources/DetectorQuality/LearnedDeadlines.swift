internal import Registry

/// Rollcall's own deadlines on a trace: the server's `Liveness`, fed with what a session would feed it.
public struct LearnedDeadlines {
    private var liveness: Liveness
    private var slot: LivenessSlot?
    private var interval = 0.0
    private var lastGap = 0.0
    private var last: Trace.Received?

    /// Without limits: what the path taught, and nothing else.
    public static let unlimited = (floor: 0.0, ceiling: 5_000.0)

    /// A path of which nothing is known.
    public init(margin: Double) {
        self.init(DeadlineTuning(margin: margin, floor: Self.unlimited.floor, ceiling: Self.unlimited.ceiling))
    }

    init(_ tuning: DeadlineTuning) {
        liveness = Liveness(tuning)
    }

    /// Takes in a heartbeat.
    /// - Returns: the moment at which its sender becomes suspect unless a newer one comes, in seconds of the trace.
    public mutating func deadline(after beat: Trace.Received, next: Trace.Received?) -> Double {
        let now = Self.instant(beat.at)
        // A server knows which interval it asked for; a trace does not say, its stamps do: two equal gaps in a row.
        if let last {
            let gap = (beat.sent - last.sent) / Double(max(beat.sequence - last.sequence, 1))
            if let slot, abs(gap - lastGap) < 0.1 * lastGap, abs(gap - interval) > 0.2 * interval {
                interval = min(gap, Self.longestInterval)
                liveness.setInterval(.nanoseconds(Int64(interval * 1e9)), of: slot)
            }
            lastGap = gap
        } else if let next {
            interval = min(
                (next.sent - beat.sent) / Double(max(next.sequence - beat.sequence, 1)), Self.longestInterval)
            lastGap = interval
        }
        let slot =
            self.slot
            ?? liveness.admit(
                SessionID(loop: 0, number: 1), interval: .nanoseconds(Int64(max(interval, 1e-4) * 1e9)), at: now)
        self.slot = slot
        last = beat
        _ = liveness.heartbeat(
            slot, sequence: UInt64(beat.sequence) + 1, bootTag: 0,
            sentUnixMilliseconds: UInt64(max(Self.epoch + beat.sent, 0) * 1_000), at: now)
        let deadline = liveness.deadline(of: slot) ?? now
        return Double(deadline.nanoseconds - Self.epochNanoseconds) / 1e9
    }

    /// Nobody asks for less than a heartbeat a day.
    private static let longestInterval = 86_400.0

    /// Traces begin near 0; servers do not live in 1970.
    private static let epoch = 1_700_000_000.0
    private static let epochNanoseconds: Int64 = 1_700_000_000_000_000_000

    private static func instant(_ seconds: Double) -> Instant {
        Instant(nanoseconds: epochNanoseconds + Int64((seconds * 1e9).rounded()))
    }

    /// How long the last heartbeat was held up on its way, as the server knows it.
    var heldUp: Duration { slot.map { liveness.heldUp($0) } ?? .zero }

    /// The deadline after each heartbeat that arrived.
    public static func all(_ beats: [Trace.Received], margin: Double) -> [Double] {
        var learned = LearnedDeadlines(margin: margin)
        return beats.indices.map { place in
            learned.deadline(after: beats[place], next: place + 1 < beats.count ? beats[place + 1] : nil)
        }
    }
}
