/// The clocks of one loop's sessions: beats in, news out. A session is one agent connection; it may stand for several
/// components of its node, and its heartbeat counts for all of them.
///
/// A beat only stores times in a dense table: no hash, no allocation, no deadline moved. `tick` looks at those whose
/// old deadline comes up, and hangs them again if they were heard meanwhile. Confined to its loop; pure.
public struct Liveness: Sendable {
    /// One session: its clock fills a cache line, what is known of its path the next.
    struct Row: BitwiseCopyable, Sendable {
        var clock = Clock()
        var path: PathMemory
    }

    struct Clock: BitwiseCopyable, Sendable {
        var lastHeard: Int64 = 0
        var sequence: UInt64 = 0
        var bootTag: UInt64 = 0
        /// Agent's clock in the last beat, milliseconds; with `lastHeard` it tells a stalled sender from a slow path.
        var sentUnixMilliseconds: UInt64 = 0
        /// How often the server asked for a beat.
        var interval: Int64 = 0
        /// When the next beat is due: suspicion begins some time later.
        var due: Int64 = 0
        var sessionNumber: UInt64 = 0
        /// Odd while the slot is in use.
        var generation: UInt32 = 0
        var sessionLoop: UInt16 = 0
        var silent = false
        /// In `touched` already.
        var touched = false
    }

    /// How careful, and within which limits.
    public let tuning: DeadlineTuning
    private var rows = ChunkedArray<Row>()
    private var free = ContiguousArray<Int32>()
    private var deadlines = DeadlineIndex()
    /// Slots heard since the last drain began, each once. It has room for all of `rows`: a beat never grows it.
    private var touched = ContiguousArray<Int32>()
    /// Slots heard before, of which `drainTouched` has still to tell from the end. A slot is in one of both at most.
    private var draining = ContiguousArray<Int32>()
    private let unknownPath: PathMemory

    /// Sessions in the table.
    public private(set) var count = 0

    /// No sessions yet.
    public init(_ tuning: DeadlineTuning = DeadlineTuning()) {
        self.tuning = tuning
        unknownPath = PathMemory(tuning)
    }

    /// Takes a session in; it counts as heard now, and its next beat is due an interval later. `bootTag` is made of the
    /// last eight bytes of the node's boot id as in a heartbeat; 0 if unknown.
    /// - Returns: its slot, valid until `disconnect`.
    public mutating func admit(
        _ session: SessionID, interval: Duration, bootTag: UInt64 = 0, at now: Instant
    ) -> LivenessSlot {
        let index: Int32
        if let reused = free.popLast() {
            index = reused
        } else {
            index = Int32(rows.count)
            rows.append(Row(path: unknownPath))
            if touched.capacity < rows.count { touched.reserveCapacity(2 * rows.count) }
            if draining.capacity < rows.count { draining.reserveCapacity(2 * rows.count) }
        }
        let old = rows[Int(index)].clock
        let clock = Clock(
            lastHeard: now.nanoseconds, bootTag: bootTag, interval: max(interval.inNanoseconds, 1),
            due: (now + interval).nanoseconds, sessionNumber: session.number, generation: old.generation &+ 1,
            sessionLoop: session.loop, touched: old.touched)
        rows[Int(index)] = Row(clock: clock, path: unknownPath)
        hang(index)
        count += 1
        return LivenessSlot(index: index, generation: clock.generation)
    }

    /// What was known of the session's path before its connection broke.
    public mutating func recall(_ path: PathMemory, for slot: LivenessSlot) {
        guard clock(slot) != nil else { return }
        rows[Int(slot.index)].path = path
        // The clocks may have been set meanwhile; the first two beats tell.
        rows[Int(slot.index)].path.review(tuning)
        hang(slot.index)
    }

    /// Takes in a sign of life. O(1), allocates nothing.
    ///
    /// The agent is asked to report in full when heartbeats are missing between this one and the last (what they told is
    /// lost) and when it speaks of another boot than it registered with.
    public mutating func heartbeat(
        _ slot: LivenessSlot, sequence: UInt64, bootTag: UInt64, sentUnixMilliseconds: UInt64, at now: Instant
    ) -> HeartbeatReply {
        let index = Int(slot.index)
        guard index < rows.count, rows[index].clock.generation == slot.generation else { return .notRegistered }
        let taken = rows[index].take(
            sequence: sequence, bootTag: bootTag, sentUnixMilliseconds: sentUnixMilliseconds, at: now, tuning)
        if taken.isFirst { touched.append(slot.index) }
        if taken.mayComeUpSooner { hang(slot.index) }
        return taken.reply
    }

    /// Any other sign of life of the session: a registration, a ping. It proves that the node lives, and tells nothing
    /// of how its heartbeats travel.
    /// - Returns: as for a heartbeat.
    public mutating func heard(_ slot: LivenessSlot, at now: Instant) -> HeartbeatReply {
        guard let clock = clock(slot) else { return .notRegistered }
        let index = Int(slot.index)
        if rows[index].clock.touch() { touched.append(slot.index) }
        rows[index].clock.due = max(clock.due, now.nanoseconds &+ clock.interval)
        let reply = rows[index].clock.beat(
            sequence: clock.sequence, bootTag: 0, sentUnixMilliseconds: clock.sentUnixMilliseconds, at: now)
        hang(slot.index)
        return reply
    }

    /// Asks a session for another interval from its next beat on. The deadline of that beat is still the longer one's.
    public mutating func setInterval(_ interval: Duration, of slot: LivenessSlot) {
        guard let clock = clock(slot) else { return }
        let index = Int(slot.index)
        rows[index].path.rescale(from: clock.interval, to: interval.inNanoseconds, tuning)
        rows[index].clock.interval = max(interval.inNanoseconds, 1)
        rows[index].clock.due = max(clock.due, (Instant(nanoseconds: clock.lastHeard) + interval).nanoseconds)
        if !clock.silent { hang(slot.index) }
    }

    /// The server itself lost so much time, in which it could not have heard anybody: nobody's silence counts that long.
    /// O(sessions); a stall is rare.
    public mutating func forgive(_ lost: Duration) {
        let lost = lost.inNanoseconds
        guard lost > 0 else { return }
        for index in rows.indices where rows[index].clock.generation & 1 == 1 { rows[index].clock.due &+= lost }
    }

    /// The clock that stamps everything was set by so much, back if negative: nobody is later for it, nor fresher.
    /// O(sessions); a clock is not set often.
    public mutating func move(by step: Duration) {
        deadlines.move(by: step)
        let step = step.inNanoseconds
        for index in rows.indices where rows[index].clock.generation & 1 == 1 {
            rows[index].clock.lastHeard &+= step
            rows[index].clock.due &+= step
            rows[index].path.offset &+= step
        }
    }

    /// Takes a session out.
    /// - Returns: when it was last heard, and what was learned of its path; nil if the slot is stale.
    public mutating func disconnect(_ slot: LivenessSlot) -> LastWords? {
        guard let clock = clock(slot) else { return nil }
        // The deadline stays hung, and a next user of the slot inherits it: at most one look too many.
        rows[Int(slot.index)].clock.generation &+= 1
        free.append(slot.index)
        count -= 1
        return LastWords(heard: Instant(nanoseconds: clock.lastHeard), path: rows[Int(slot.index)].path)
    }

    /// When a session becomes silent, if it is not heard before; nil if the slot is stale.
    public func deadline(of slot: LivenessSlot) -> Instant? {
        clock(slot).map { _ in Instant(nanoseconds: deadline(slot.index)) }
    }

    /// How long the last heartbeat was held up on its way, beyond its path's usual delay: what was sent after it may come as late,
    /// for TCP's retransmission timers doubled together. At most two minutes, for those timers wait no longer.
    public func heldUp(_ slot: LivenessSlot) -> Duration {
        guard let clock = clock(slot), clock.sentUnixMilliseconds != 0 else { return .zero }
        let sent = Int64(truncatingIfNeeded: clock.sentUnixMilliseconds &* 1_000_000)
        let late = clock.lastHeard &- sent &- rows[Int(slot.index)].path.offset
        return min(max(.nanoseconds(late), .zero), Self.heldUpMax)
    }

    /// RFC 6298, section 2.5, and Linux's `TCP_RTO_MAX`; and a round trip.
    static let heldUpMax = Duration.seconds(125)

    /// What has been learned of a session's path; nil if the slot is stale.
    public func path(of slot: LivenessSlot) -> PathMemory? {
        clock(slot).map { _ in rows[Int(slot.index)].path }
    }

    private func deadline(_ index: Int32) -> Int64 {
        rows[Int(index)].clock.deadline(rows[Int(index)].path, tuning)
    }

    private mutating func hang(_ index: Int32) {
        deadlines.hang(index, noLaterThan: Instant(nanoseconds: deadline(index)))
    }

    /// Finds sessions that missed their deadline, at most `limit` at a time.
    /// - Returns: whether more may be due: call again soon.
    public mutating func tick(
        at now: Instant, into news: inout [LivenessNews], limit: Int = RegistryLimits.newsPerTickMax
    ) -> Bool {
        var looks = limit * 4
        for _ in 0..<limit {
            guard let index = deadlines.popDue(at: now, looks: &looks) else { break }
            let clock = rows[Int(index)].clock
            guard clock.generation & 1 == 1, !clock.silent else { continue }
            if deadline(index) > now.nanoseconds {
                hang(index)
            } else {
                rows[Int(index)].clock.silent = true
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
            rows[index].clock.touched = false
            let clock = rows[index].clock
            guard clock.generation & 1 == 1 else { continue }
            batch.append((clock.session, Instant(nanoseconds: clock.lastHeard)))
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
        guard slot.index < rows.count, rows[Int(slot.index)].clock.generation == slot.generation else { return nil }
        return rows[Int(slot.index)].clock
    }
}

extension Liveness.Row {
    /// Takes in a beat, and has the path learn from it.
    /// - Returns: the reply; whether it is the first since the last drain; and whether the deadline may now come before the
    ///   one that is hung: the beat came early, or the path is granted less. Unrest never falls by as much as an interval at
    ///   once.
    @inline(__always)
    mutating func take(
        sequence: UInt64, bootTag: UInt64, sentUnixMilliseconds sent: UInt64, at now: Instant, _ tuning: DeadlineTuning
    ) -> (reply: HeartbeatReply, isFirst: Bool, mayComeUpSooner: Bool) {
        var mayComeUpSooner = clock.silent
        if sequence != clock.sequence {
            let (due, granted) = (clock.due, path.allowance)
            clock.due = path.learn(
                clock.arrival(sequence: sequence, sentUnixMilliseconds: sent, at: now), tuning)
            mayComeUpSooner =
                mayComeUpSooner || path.allowance < granted || clock.due &- due < clock.interval &- clock.interval >> 3
        }
        let isFirst = clock.touch()
        let reply = clock.beat(sequence: sequence, bootTag: bootTag, sentUnixMilliseconds: sent, at: now)
        return (reply, isFirst, mayComeUpSooner)
    }
}

extension Liveness.Clock {
    /// Counts as heard. Returns whether it had not since the last drain.
    @inline(__always)
    mutating func touch() -> Bool {
        defer { touched = true }
        return !touched
    }

    /// Silent when not heard until then: due, plus what the path is granted, within the operator's limits. Those count
    /// from the last word, or from as long before the next is due, if time was forgiven.
    func deadline(_ path: PathMemory, _ tuning: DeadlineTuning) -> Int64 {
        let interval = Double(interval)
        let granted = Int64(interval * Double(path.allowance + tuning.unrestFactor * path.unrest))
        let from = max(lastHeard, due.saturatingSubtracting(self.interval))
        return min(
            max(due.saturatingAdding(granted), from.saturatingAdding(Int64(interval * tuning.floor))),
            from.saturatingAdding(Int64(interval * tuning.ceiling)))
    }

    /// What the path learns from a beat.
    @inline(__always)
    func arrival(sequence next: UInt64, sentUnixMilliseconds sent: UInt64, at now: Instant) -> PathMemory.Arrival {
        PathMemory.Arrival(
            at: now.nanoseconds, previousAt: lastHeard, stamp: Int64(truncatingIfNeeded: sent &* 1_000_000),
            previousStamp: Int64(truncatingIfNeeded: sentUnixMilliseconds &* 1_000_000), due: due,
            steps: next > sequence && next &- sequence < 1_000_000 ? UInt32(truncatingIfNeeded: next &- sequence) : 1,
            interval: interval)
    }

    var session: SessionID { SessionID(loop: sessionLoop, number: sessionNumber) }

    /// Stores the beat.
    @inline(__always)
    mutating func beat(
        sequence next: UInt64, bootTag tag: UInt64, sentUnixMilliseconds sent: UInt64, at now: Instant
    ) -> HeartbeatReply {
        let missing = next != sequence && next != sequence &+ 1
        let otherBoot = tag != 0 && bootTag != 0 && tag != bootTag
        lastHeard = now.nanoseconds
        sequence = next
        sentUnixMilliseconds = sent
        // Once asked, it is not asked again with each beat.
        if tag != 0 { bootTag = tag }
        guard silent else { return missing || otherBoot ? .wantsFullReport : .acknowledged }
        silent = false
        return .heardAgain(wantsFullReport: missing || otherBoot)
    }
}

extension Int64 {
    fileprivate func saturatingAdding(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    fileprivate func saturatingSubtracting(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}

/// What remains of a session that is gone.
public struct LastWords: Equatable, Sendable {
    /// When it was last heard.
    public let heard: Instant
    /// What was learned of its path.
    public let path: PathMemory
}
