internal import Registry

/// How a fleet comes back: so many nodes, so many a second, and when the last of them knocks at all. The server keeps to the
/// rate, which is why it can say beforehand when the last one is in. Pure.
struct ReturnPlan: Equatable {
    let nodes: Int
    /// Let in each second, on all loops.
    let perSecond: Double
    let began: Instant
    /// How long after that the last agent may still wait before it dials.
    let lastKnock: Duration

    /// When the last one is in.
    var lastDue: Instant {
        guard nodes > 0 else { return began }
        let queue = Duration.milliseconds(Int64(Double(nodes) / max(perSecond, 1) * 1000))
        return began + max(queue, lastKnock)
    }

    /// The processors' share that goes to those who come back. The other half is for those who are back, the registry and its
    /// disk: a fleet that is let in faster than it can be served is lost a second time.
    static let share = 0.5

    /// How many a second that share lets in, at this cost in processor microseconds.
    static func perSecond(cost: Double, processors: Int) -> Double {
        share * Double(max(1, processors)) * 1_000_000 / max(cost, 1)
    }

    /// The same where the absence may have been up to `doubt` shorter: the longest wait that fits. A moment less of absence can
    /// mean one more attempt in vain after it.
    static func lastKnock(afterAbsence absence: Duration, lessAtMost doubt: Duration) -> Duration {
        let step = Duration.milliseconds(50)
        var (longest, less) = (Duration.zero, Duration.zero)
        while less <= min(doubt, absence) {
            longest = max(longest, lastKnock(afterAbsence: absence - less))
            less += step
        }
        return longest
    }

    /// An agent that lost its server waits between half of a limit and the limit before each attempt, and the limit doubles
    /// from 1 s up to 60 s (docs/protocol.md, "Coming back"). When the server was away for `absence`, this is the longest that
    /// one of many agents still waits.
    static func lastKnock(afterAbsence absence: Duration) -> Duration {
        var (earliest, latest, limit) = (Duration.zero, Duration.zero, Duration.seconds(1))
        var last = Duration.zero
        // The latest failed attempt that may lie before the return, and the longest wait after it.
        while earliest <= absence {
            last = max(last, min(absence, latest) + limit)
            earliest += limit / 2
            latest += limit
            if limit == .seconds(60), earliest > .seconds(600) { return .seconds(60) }
            limit = min(limit * 2, .seconds(60))
        }
        return min(max(.zero, last - absence), .seconds(60))
    }
}
