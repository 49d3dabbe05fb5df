internal import EventLoop

/// Time since a moment, on the monotonic clock.
struct Stopwatch {
    private let start = EventLoop.monotonicNanoseconds

    /// How long ago it was made.
    var elapsed: Duration { .nanoseconds(Int64(clamping: EventLoop.monotonicNanoseconds &- start)) }
}
