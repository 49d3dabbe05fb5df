internal import Glibc

/// The machine's clocks, read at one moment, in nanoseconds (clock_gettime(2)). What they tell together: the wall clock and the
/// monotonic one drift alike, so if their distance changes, somebody set the wall clock; the boot clock goes on while the
/// machine sleeps, and the monotonic one does not.
public struct ClockReadings: Equatable, Sendable {
    /// Since 1970-01-01 UTC (`CLOCK_REALTIME`).
    public var wall: Int64
    /// Of the clock that all loops read (`CLOCK_MONOTONIC`).
    public var monotonic: Int64
    /// The same, and the time in which the machine slept (`CLOCK_BOOTTIME`).
    public var boot: Int64

    /// Readings.
    public init(wall: Int64, monotonic: Int64, boot: Int64) {
        self.wall = wall
        self.monotonic = monotonic
        self.boot = boot
    }

    /// What the clocks say now; nil if the thread was interrupted between two of them, so that their distance tells nothing.
    public static var now: ClockReadings? {
        let before = read(CLOCK_MONOTONIC)
        let (wall, boot) = (read(CLOCK_REALTIME), read(CLOCK_BOOTTIME))
        let after = read(CLOCK_MONOTONIC)
        guard after - before < 1_000_000 else { return nil }
        return ClockReadings(wall: wall, monotonic: before, boot: boot)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe _ = clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
