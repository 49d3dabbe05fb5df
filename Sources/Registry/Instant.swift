/// A moment of server time: nanoseconds since 1970-01-01 UTC on a clock that never runs backwards while the server
/// lives. The core reads no clock; the shell passes instants in.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01 UTC.
    public let nanoseconds: Int64

    /// The moment so many nanoseconds after 1970-01-01 UTC.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Later than every other.
    public static let distantFuture = Instant(nanoseconds: .max)

    /// The moment so many milliseconds after 1970-01-01 UTC.
    public init(unixMilliseconds: Int64) {
        self.init(nanoseconds: unixMilliseconds &* 1_000_000)
    }

    /// Whole milliseconds since 1970-01-01 UTC: the form used on the wire and in the store.
    public var unixMilliseconds: Int64 { nanoseconds / 1_000_000 }

    /// Whether the left moment is earlier.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment a duration later. Saturates instead of overflowing.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.inNanoseconds)
        return Instant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// The moment a duration earlier. Saturates instead of overflowing.
    public static func - (instant: Instant, duration: Duration) -> Instant {
        instant + (.zero - duration)
    }

    /// The time from the right moment to the left one; negative if the left one is earlier.
    public static func - (left: Instant, right: Instant) -> Duration {
        .nanoseconds(left.nanoseconds &- right.nanoseconds)
    }
}

extension Duration {
    /// This duration in nanoseconds, saturating at about ±292 years.
    public var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carry ? (seconds < 0 ? .min : .max) : sum
    }

    /// This duration in whole milliseconds, towards zero.
    public var inMilliseconds: Int64 { inNanoseconds / 1_000_000 }
}
