/// Notices that its own loop did not turn: stopped, starved of processor time, swapped out. It is asked on each turn of a
/// timer, before anything is judged; timers come before input, so whoever was heard meanwhile still waits to be read.
public struct StallWatch: Equatable, Sendable {
    /// How often the timer should come.
    public let period: Duration
    private var last: Instant?

    /// A watch over a timer.
    public init(period: Duration) { self.period = period }

    /// The shortest lateness that counts as lost time: four periods, and 20 ms for the scheduler's grain.
    public var threshold: Duration { period * 4 + .milliseconds(20) }

    /// The timer came.
    /// - Returns: how much time was lost since it came before; nil if it came about when it should.
    public mutating func turn(at now: Instant) -> Duration? {
        defer { last = now }
        guard let last, now - last > threshold else { return nil }
        return now - last - period
    }
}
