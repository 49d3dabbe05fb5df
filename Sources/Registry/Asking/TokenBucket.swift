/// So many a second, and no more than a second's worth at once (generic cell rate algorithm, ITU-T I.371). Pure.
struct TokenBucket: Equatable, Sendable {
    private let cost: Duration
    /// What has been taken is paid for until then; never more than a second behind.
    private var paidUntil = Instant.distantPast

    init(perSecond: Int) { cost = .nanoseconds(1_000_000_000 / Int64(max(1, perSecond))) }

    /// When the next one may be taken.
    var next: Instant { paidUntil + cost }

    /// Takes one, if it may be taken.
    mutating func take(at now: Instant) -> Bool {
        let paid = max(paidUntil, now - .seconds(1)) + cost
        guard paid <= now else { return false }
        paidUntil = paid
        return true
    }
}
