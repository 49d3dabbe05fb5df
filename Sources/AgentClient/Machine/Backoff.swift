/// How long to wait before the next attempt: doubling from `first` up to `longest`, and jittered *after* that limit, so
/// that agents which have all reached it do not come back in step.
public struct Backoff: Equatable, Sendable {
    /// The limit of the first delay.
    public let first: Duration
    /// The limit of every later one.
    public let longest: Duration
    /// Attempts that failed since the last success.
    public private(set) var failures = 0

    /// A back-off that has not failed yet. `first` must be above zero; `longest` is never below it.
    public init(first: Duration = .seconds(1), longest: Duration = .seconds(60)) {
        precondition(first > .zero, "a back-off of nothing would be a busy loop")
        self.first = first
        self.longest = max(first, longest)
    }

    /// The delay after one more failure: anything between half of the limit and the limit, evenly.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        // 2^32 times anything above a millisecond is past every `longest` that makes sense; counting on is harmless.
        var limit = first
        for _ in 0..<min(failures, 32) where limit < longest { limit *= 2 }
        limit = min(limit, longest)
        failures += failures < .max ? 1 : 0
        return limit * Double.random(in: 0.5...1, using: &generator)
    }

    /// What was tried has worked and held: the next failure starts from `first` again.
    public mutating func reset() { failures = 0 }
}
