/// What is known of how late one path delivers heartbeats: 64 bytes, learned from every beat, kept when the connection
/// breaks. From it follows how long after it was due a beat may stay away before its sender is suspect.
///
/// Three things are kept apart, because they have different cures:
/// * *Where a beat is due*: its sender's stamp, plus the least delay seen lately, plus the interval. So a sender that
///   stalled and re-armed its timer, or a beat that was held up while the next one is on its way, moves nothing.
/// * *Unrest*: how late beats have been lately (a moving mean over a handful). It doubles within seconds when a path gets
///   congested, and is forgotten as soon; four times that much is granted on top, as Jacobson's timer does (RFC 6298).
/// * *The tail*: how often a beat was late by how much beyond that, in forty buckets, three an octave, from 1/256 to 32
///   intervals, forgotten over 262,144 beats (91 days at 30 s). Means know nothing of outages; only a long memory does.
///
/// The allowance is the lateness at which waiting longer costs more than it saves: the x with the least
/// `P(late by more than x) + price × x / interval`. All paths pay one price, so a bad path gets the patience that a good
/// one does not need. Measured against the detectors of the literature in docs/detection.md.
public struct PathMemory: BitwiseCopyable, Sendable {
    static let bucketCount = 40
    /// Lower edge of the first bucket, in intervals.
    static let firstEdge: Float = 1 / 256
    /// Buckets in an octave of lateness.
    static let bucketsPerOctave = 3
    /// From this bucket on (an eighth of an interval) a late beat is an event that the allowance is reviewed for.
    static let firstEventBucket = 15
    /// Beats after which old ones count half.
    static let beatsBeforeHalving: UInt32 = 1 << 18

    /// What an unknown path is taken for: events in so many beats. One beat in a thousand late by an eighth of an
    /// interval, and half as many by twice as much, is between the office and the VPN of docs/detection.md.
    static let priorEvents: Float = 2
    static let priorBeats: Float = 2_000
    /// Weight of the prior's shape against the events seen: a few events tell how often a path is late, and not yet by how much.
    static let priorShape: Float = 20

    var tail = InlineArray<40, UInt8>(repeating: 0)
    /// Beats that the tail was counted over, those that never arrived included.
    var beats: UInt32 = 0
    /// When to look at the tail again, though nothing happened.
    var reviewAt: UInt32 = 0
    /// How late a beat may be beyond the unrest, in intervals.
    var allowance: Float
    /// How late beats have been lately, in intervals.
    var unrest: Float = 0
    /// Arrival less stamp of a beat that nothing held up, nanoseconds: the two clocks' distance and the least delay.
    var offset: Int64 = 0

    /// A path of which nothing is known.
    public init(_ tuning: DeadlineTuning) {
        allowance = 0
        review(tuning)
    }

    /// Beats that this was learned from; older ones count half.
    public var beatCount: Int { Int(beats) }
}

extension PathMemory {
    /// What one beat tells, with what its session's clock kept of the one before.
    struct Arrival {
        /// Now, and when the session was last heard.
        var at: Int64
        var previousAt: Int64
        /// The sender's clock then and before, nanoseconds; 0: it does not say.
        var stamp: Int64
        var previousStamp: Int64
        /// When this one was due.
        var due: Int64
        /// How many beats further it is: 1 if none is missing.
        var steps: UInt32
        var interval: Int64
    }

    /// Learns from a beat.
    /// - Returns: when the next one is due. Nobody is late before that.
    @inline(__always)
    mutating func learn(_ beat: Arrival, _ tuning: DeadlineTuning) -> Int64 {
        let late = Float(beat.at &- beat.due) / Float(beat.interval)
        count(late - tuning.unrestFactor * unrest, beat, tuning)
        let recent = min(max(late, 0), 1)
        unrest += (recent - unrest) * (recent > unrest ? 0.25 : 0.1875)
        return nextDue(beat)
    }

    /// Due one interval after the sender's stamp, seen through the path's usual delay.
    private mutating func nextDue(_ beat: Arrival) -> Int64 {
        guard beat.stamp != 0 else { return beat.at &+ beat.interval }
        let seen = beat.at &- beat.stamp
        if beat.previousStamp == 0 {
            offset = seen
        } else if isClockStep(beat) {
            offset &+= (beat.at &- beat.previousAt) &- (beat.stamp &- beat.previousStamp)
        }
        // Down at once, up slowly: near the least of the last few hundred, and no clock drifts that fast.
        offset &+= seen < offset ? seen &- offset : (seen &- offset) >> 8
        let due = beat.stamp &+ offset &+ beat.interval
        // Held up for longer than an interval: the next may come at once. A stamp from the future promises nothing.
        return min(max(due, beat.at), beat.at &+ beat.interval)
    }

    /// Arrivals stand an interval apart and stamps do not: no path does that, somebody set the sender's clock.
    private func isClockStep(_ beat: Arrival) -> Bool {
        let expected = beat.interval &* Int64(beat.steps)
        let tolerance = beat.interval >> 2
        let arrivals = beat.at &- beat.previousAt &- expected
        let stamps = beat.stamp &- beat.previousStamp &- expected
        return abs(arrivals) <= tolerance && abs(stamps) > 2 &* tolerance
    }

    @inline(__always)
    private mutating func count(_ late: Float, _ beat: Arrival, _ tuning: DeadlineTuning) {
        beats &+= beat.steps
        if late < Self.firstEdge {
            if beats >= reviewAt { review(tuning) }
        } else {
            note(late, at: beat.at, tuning)
        }
    }

    private mutating func note(_ late: Float, at now: Int64, _ tuning: DeadlineTuning) {
        let bucket = Self.bucket(of: late)
        tail[bucket] = SmallCount.incremented(tail[bucket], chance: now)
        if beats >= Self.beatsBeforeHalving { halve() }
        if bucket >= Self.firstEventBucket || beats >= reviewAt { review(tuning) }
    }

    private mutating func halve() {
        beats /= 2
        for bucket in 0..<Self.bucketCount { tail[bucket] = SmallCount.halved(tail[bucket]) }
    }

    /// The bucket of a lateness of at least `firstEdge`.
    static func bucket(of late: Float) -> Int {
        let ratio = late / firstEdge
        guard ratio < 8_192 else { return bucketCount - 1 }
        let third = ratio.significand < 1.259_921 ? 0 : ratio.significand < 1.587_401 ? 1 : 2
        return max(Int(ratio.exponent) * bucketsPerOctave + third, 0)
    }
}

extension PathMemory {
    /// The server asks for another interval. What happens on a path happens by the hour, not by the beat: the same
    /// lateness is another number of intervals, and as many events stand against another number of beats.
    mutating func rescale(from old: Int64, to new: Int64, _ tuning: DeadlineTuning) {
        guard old > 0, new > 0, old != new else { return }
        let ratio = Float(new) / Float(old)
        let shift = Self.bucketShift(ratio)
        var moved = InlineArray<40, UInt8>(repeating: 0)
        for bucket in 0..<Self.bucketCount where tail[bucket] != 0 && bucket >= shift {
            let target = min(bucket - shift, Self.bucketCount - 1)
            moved[target] = max(moved[target], tail[bucket])
        }
        tail = moved
        beats = UInt32(min(Float(beats) / ratio, Float(Self.beatsBeforeHalving)))
        unrest = min(unrest / ratio, 1)
        review(tuning)
    }

    /// By how many buckets everything moves down when an interval becomes so many times as long.
    private static func bucketShift(_ ratio: Float) -> Int {
        guard ratio > 0, ratio.isFinite else { return 0 }
        let fine =
            ratio.significand < 1.122_462
            ? 0 : ratio.significand < 1.414_214 ? 1 : ratio.significand < 1.781_797 ? 2 : 3
        return Int(ratio.exponent) * bucketsPerOctave + fine
    }

    /// Finds the allowance anew: among the edges of the buckets, and three places between each two of them. Rare: after
    /// an event, and whenever a sixteenth more beats have come.
    mutating func review(_ tuning: DeadlineTuning) {
        reviewAt = beats &+ max(beats / 16, 128)
        var events: Float = 0
        for bucket in Self.firstEventBucket..<Self.bucketCount { events += SmallCount.value(tail[bucket]) }
        let expected = Float(beats) + Self.priorBeats
        let rate = (events + Self.priorEvents) / expected

        // From the top down: how often a beat is late by more than each edge.
        var beyond: Float = 0
        var above = (chance: Float(0), edge: Float(0))
        var best = (cost: Float.infinity, allowance: Float(0))
        var edge = Self.topEdge
        var shape = Self.topShape
        for bucket in stride(from: Self.bucketCount - 1, through: 0, by: -1) {
            beyond += SmallCount.value(tail[bucket])
            let chance =
                bucket >= Self.firstEventBucket
                ? rate * (beyond + Self.priorShape * shape) / (events + Self.priorShape)
                : (beyond + Self.priorEvents * shape) / expected
            if bucket < Self.bucketCount - 1 {
                for quarter in 1...3 {
                    let part = Float(quarter) / 4
                    let between = edge + (above.edge - edge) * part
                    let cost = chance + (above.chance - chance) * part + tuning.price * between
                    if cost < best.cost { best = (cost, between) }
                }
            }
            let cost = chance + tuning.price * edge
            if cost <= best.cost { best = (cost, edge) }
            above = (chance, edge)
            edge *= Self.stepDown
            shape *= Self.stepUp
        }
        allowance = best.allowance
    }

    /// The third root of two, and its inverse: from one edge to the next.
    private static let stepUp: Float = 1.259_921_05
    private static let stepDown: Float = 0.793_700_526
    /// Lower edge of the last bucket: 2^(39/3) times the first.
    private static let topEdge: Float = 32
    /// The prior's share of events beyond that edge: inverse to lateness, as Pareto's law with exponent 1.
    private static let topShape: Float = 1 / 256
}

extension PathMemory: Equatable {
    /// Whether both know the same.
    public static func == (left: PathMemory, right: PathMemory) -> Bool {
        for bucket in 0..<bucketCount where left.tail[bucket] != right.tail[bucket] { return false }
        return left.beats == right.beats && left.allowance == right.allowance && left.unrest == right.unrest
            && left.offset == right.offset
    }
}
