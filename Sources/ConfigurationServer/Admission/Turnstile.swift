internal import Registry

/// Lets newcomers of one loop begin their handshakes: at the pace of a fleet that comes back, where one is set, and never so
/// many at once that those who are in would wait for it. Pure.
struct Turnstile: Equatable {
    /// Handshakes that may begin in one millisecond of the loop's clock: each takes a third of one.
    static let perTurnMax = 16
    /// What may be made up for in one go when a loop was late.
    static let burstMax = 64.0

    private var turn: Instant?
    private var begun = 0
    private var credit = 0.0
    private var creditAt: Instant?

    init() {}

    /// Whether one more may begin now. `perSecond` nil: no pace is set.
    mutating func lets(at now: Instant, perSecond: Double?) -> Bool {
        if turn != now { (turn, begun) = (now, 0) }
        guard begun < Self.perTurnMax else { return false }
        if let perSecond {
            let passed = creditAt.map { Double((now - $0).inMilliseconds) / 1000 } ?? 0
            creditAt = now
            credit = min(Self.burstMax, credit + passed * perSecond)
            guard credit >= 1 else { return false }
            credit -= 1
        } else {
            (credit, creditAt) = (0, nil)
        }
        begun += 1
        return true
    }
}
