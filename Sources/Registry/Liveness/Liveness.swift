/// The clocks of one loop's sessions: beats in, news out. A session is one agent connection; it may stand for several
/// components of its node, and its heartbeat counts for all of them.
///
/// A beat only stores times in a dense table: no hash, no allocation, no deadline moved. `tick` looks at those whose
/// old deadline comes up, and hangs them again if they were heard meanwhile. Confined to its loop; pure.
public struct Liveness: Sendable {
    /// One session: fixed size, one cache line.
    struct Clock: BitwiseCopyable, Sendable {
        var lastHeard: Int64 = 0
        var sequence: UInt64 = 0
        var bootTag: UInt64 = 0
        /// Agent's clock in the last beat, milliseconds; with `lastHeard` it tells a stalled sender from a slow path.
        var sentUnixMilliseconds: UInt64 = 0
        var suspectAfter: Int64 = 0
        var sessionNumber: UInt64 = 0
        /// Odd while the slot is in use.
        var generation: UInt32 = 0
        var sessionLoop: UInt16 = 0
        var silent = false
        /// In `touched` already.
        var touched = false
    }

    private var clocks = ContiguousArray<Clock>()
    private var free = ContiguousArray<Int32>()
    private var deadlines = DeadlineIndex()
    /// Slots heard since the last drain began, each once. Its capacity is that of `clocks`: a beat never grows it.
    private var touched = ContiguousArray<Int32>()
    /// Slots heard before, of which `drainTouched` has still to tell from the end. A slot is in one of both at most.
    private var draining = ContiguousArray<Int32>()

    /// Sessions in the table.
    public private(set) var count = 0

    /// No sessions yet.
    public init() {}

    /// Takes a session in; it counts as heard now, and is silent when it was not heard for `suspectAfter`. `bootTag` is
    /// made of the last eight bytes of the node's boot id as in a heartbeat; 0 if unknown.
    /// - Returns: its slot, valid until `disconnect`.
    public mutating func admit(
        _ session: SessionID, suspectAfter: Duration, bootTag: UInt64 = 0, at now: Instant
    ) -> LivenessSlot {
        let index: Int32
        if let reused = free.popLast() {
            index = reused
        } else {
            index = Int32(clocks.count)
            clocks.append(Clock())
            touched.reserveCapacity(clocks.capacity)
            draining.reserveCapacity(clocks.capacity)
        }
        let old = clocks[Int(index)]
        clocks[Int(index)] = Clock(
            lastHeard: now.nanoseconds, bootTag: bootTag, suspectAfter: suspectAfter.inNanoseconds,
            sessionNumber: session.number, generation: old.generation &+ 1, sessionLoop: session.loop,
            touched: old.touched)
        deadlines.hang(index, noLaterThan: now + suspectAfter)
        count += 1
        return LivenessSlot(index: index, generation: clocks[Int(index)].generation)
    }

    /// Takes in a sign of life. O(1), allocates nothing.
    ///
    /// The agent is asked to report in full when heartbeats are missing between this one and the last (what they told is
    /// lost) and when it speaks of another boot than it registered with.
    public mutating func heartbeat(
        _ slot: LivenessSlot, sequence: UInt64, bootTag: UInt64, sentUnixMilliseconds: UInt64, at now: Instant
    ) -> HeartbeatReply {
        let index = Int(slot.index)
        guard index < clocks.count, clocks[index].generation == slot.generation else { return .notRegistered }
        if !clocks[index].touched {
            clocks[index].touched = true
            touched.append(slot.index)
        }
        let (reply, rehang) = clocks[index].beat(
            sequence: sequence, bootTag: bootTag, sentUnixMilliseconds: sentUnixMilliseconds, at: now)
        if rehang {
            deadlines.hang(slot.index, noLaterThan: Instant(nanoseconds: clocks[index].deadline))
        }
        return reply
    }

    /// Any other sign of life of the session: a registration, a ping.
    /// - Returns: as for a heartbeat.
    public mutating func heard(_ slot: LivenessSlot, at now: Instant) -> HeartbeatReply {
        guard let clock = clock(slot) else { return .notRegistered }
        return heartbeat(
            slot, sequence: clock.sequence, bootTag: 0, sentUnixMilliseconds: clock.sentUnixMilliseconds, at: now)
    }

    /// Changes how long a session may be silent, counted from when it was last heard.
    public mutating func setSuspectAfter(_ suspectAfter: Duration, of slot: LivenessSlot) {
        guard clock(slot) != nil else { return }
        let index = Int(slot.index)
        clocks[index].suspectAfter = suspectAfter.inNanoseconds
        if !clocks[index].silent {
            deadlines.hang(slot.index, noLaterThan: Instant(nanoseconds: clocks[index].deadline))
        }
    }

    /// Takes a session out.
    /// - Returns: when it was last heard; nil if the slot is stale.
    public mutating func disconnect(_ slot: LivenessSlot) -> Instant? {
        guard let clock = clock(slot) else { return nil }
        // The deadline stays hung, and a next user of the slot inherits it: at most one look too many.
        clocks[Int(slot.index)].generation &+= 1
        free.append(slot.index)
        count -= 1
        return Instant(nanoseconds: clock.lastHeard)
    }

    /// Finds sessions that missed their deadline, at most `limit` at a time.
    /// - Returns: whether more may be due: call again soon.
    public mutating func tick(
        at now: Instant, into news: inout [LivenessNews], limit: Int = RegistryLimits.newsPerTickMax
    ) -> Bool {
        for _ in 0..<limit {
            guard let index = deadlines.popDue(at: now) else { return false }
            let clock = clocks[Int(index)]
            guard clock.generation & 1 == 1, !clock.silent else { continue }
            if clock.deadline > now.nanoseconds {
                deadlines.hang(index, noLaterThan: Instant(nanoseconds: clock.deadline))
            } else {
                clocks[Int(index)].silent = true
                news.append(.silent(clock.session, since: Instant(nanoseconds: clock.lastHeard)))
            }
        }
        return deadlines.nextDeadline.map { $0 <= now } ?? false
    }

    /// When `tick` is next worth calling; may be early, never late.
    public var nextDeadline: Instant? { deadlines.nextDeadline }

    /// Appends sessions heard since they were last told, each with the time it was last heard: at most `limit`, so that
    /// a large fleet is told in portions. Nobody is told twice before everybody who was heard is told once.
    public mutating func drainTouched(into batch: inout [(SessionID, Instant)], limit: Int = .max) {
        if draining.isEmpty { swap(&touched, &draining) }
        for _ in 0..<min(limit, draining.count) {
            let index = Int(draining.removeLast())
            clocks[index].touched = false
            guard clocks[index].generation & 1 == 1 else { continue }
            batch.append((clocks[index].session, Instant(nanoseconds: clocks[index].lastHeard)))
        }
    }

    /// Sessions heard that were not told yet, departed ones included.
    public var touchedCount: Int { touched.count + draining.count }

    /// Whether `drainTouched` has begun with the sessions heard until some moment and not told all of them.
    public var isDraining: Bool { !draining.isEmpty }

    /// When a session was last heard; nil if the slot is stale.
    public func lastHeard(_ slot: LivenessSlot) -> Instant? {
        clock(slot).map { Instant(nanoseconds: $0.lastHeard) }
    }

    private func clock(_ slot: LivenessSlot) -> Clock? {
        guard slot.index < clocks.count, clocks[Int(slot.index)].generation == slot.generation else { return nil }
        return clocks[Int(slot.index)]
    }
}

extension Liveness.Clock {
    /// Silent when not heard until then.
    var deadline: Int64 {
        let (sum, overflow) = lastHeard.addingReportingOverflow(suspectAfter)
        return overflow ? .max : sum
    }

    var session: SessionID { SessionID(loop: sessionLoop, number: sessionNumber) }

    /// Stores the beat. `rehang`: it was silent, so no deadline is hung for it.
    mutating func beat(
        sequence next: UInt64, bootTag tag: UInt64, sentUnixMilliseconds sent: UInt64, at now: Instant
    ) -> (HeartbeatReply, rehang: Bool) {
        let missing = next != sequence && next != sequence &+ 1
        let otherBoot = tag != 0 && bootTag != 0 && tag != bootTag
        lastHeard = now.nanoseconds
        sequence = next
        sentUnixMilliseconds = sent
        // Once asked, it is not asked again with each beat.
        if tag != 0 { bootTag = tag }
        guard silent else { return (missing || otherBoot ? .wantsFullReport : .acknowledged, false) }
        silent = false
        return (.heardAgain(wantsFullReport: missing || otherBoot), true)
    }
}
