/// When heartbeats are due: at start + n × interval. A late beat does not move the ones after it, so that the server sees
/// a steady rhythm and the fleet's beats stay spread.
public struct BeatSchedule: Equatable, Sendable {
    /// Shortest interval that is followed; a server that asks for less would be flooded by its own agents.
    public static let intervalMin: Duration = .milliseconds(10)
    /// What is used when the server names none.
    public static let intervalDefault: Duration = .seconds(30)

    /// Time between two beats.
    public let interval: Duration
    /// When the next beat is due, on the monotonic clock.
    public private(set) var next: Duration

    /// A schedule whose first beat is one interval after `start`. `milliseconds` as the wire has it: 0 means not told.
    public init(start: Duration, milliseconds: UInt32) {
        interval = milliseconds == 0 ? Self.intervalDefault : max(Self.intervalMin, .milliseconds(milliseconds))
        next = start + interval
    }

    /// Whether a beat is due. Moves on to the first moment of the schedule that is still to come: after a stall (a
    /// suspended machine) one beat is sent, not all that were missed.
    public mutating func takeIfDue(at now: Duration) -> Bool {
        guard now >= next else { return false }
        let missed = ((now - next) / interval).rounded(.down)
        next += interval * (missed + 1)
        // Division of Durations goes through Double: after a very long stall it may be off by one interval.
        while next <= now { next += interval }
        return true
    }

    /// The schedule after the server asked for another interval: counted from the last beat's moment.
    public func changed(toMilliseconds milliseconds: UInt32) -> BeatSchedule? {
        guard milliseconds != 0 else { return nil }
        let changed = BeatSchedule(start: next - interval, milliseconds: milliseconds)
        return changed.interval == interval ? nil : changed
    }
}
