/// What the clocks of the agent's machine say at one moment. Passed in with every event: the machine reads no clock.
public struct ClockReading: Equatable, Sendable {
    /// Time since an arbitrary start, on a clock that never jumps (the loop's).
    public var monotonic: Duration
    /// Milliseconds since 1970-01-01 UTC on the clock people see, which may jump.
    public var unixMilliseconds: Int64

    /// A reading of both clocks.
    public init(monotonic: Duration, unixMilliseconds: Int64) {
        self.monotonic = monotonic
        self.unixMilliseconds = unixMilliseconds
    }
}
