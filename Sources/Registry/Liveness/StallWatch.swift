/// Notices that its own loop did not turn, or turned late: stopped, starved of processor time, swapped out, with more work than
/// it could do. It is asked on each turn of a timer, before anything is judged; timers come before input, so whoever was heard
/// meanwhile still waits to be read.
public struct StallWatch: Equatable, Sendable {
    /// How often the timer should come.
    public let period: Duration
    /// What the timer came late, all in all; a few milliseconds are the scheduler's, and do not count.
    public private(set) var lost = Duration.zero
    private var last: Instant?

    /// A watch over a timer.
    public init(period: Duration) { self.period = period }

    /// The shortest lateness that counts as a stall: four periods, and 20 ms for the scheduler's grain.
    public var threshold: Duration { period * 4 + .milliseconds(20) }
    /// The shortest lateness that counts at all.
    public static let grain = Duration.milliseconds(10)

    /// The timer came.
    /// - Returns: how much time was lost since it came before, if that was a stall; nil if it came about when it should.
    public mutating func turn(at now: Instant) -> Duration? {
        defer { last = now }
        guard let last else { return nil }
        let late = now - last - period
        if late > Self.grain { lost += late }
        return now - last > threshold ? late : nil
    }

    /// The clock was set: the time since the last turn tells nothing.
    public mutating func skip() { last = nil }
}
