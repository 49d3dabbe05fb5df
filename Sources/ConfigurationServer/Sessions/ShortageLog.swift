internal import Logging
internal import Registry

/// Lines about descriptors that ran out: one at once, then one each ten seconds, as long as that lasts.
struct ShortageLog {
    static let period = Duration.seconds(10)
    private var refused = 0
    private var isNoted = false
    private var nextLineAt: Instant?

    mutating func note(_ count: Int) {
        refused += count
        isNoted = true
    }

    mutating func flush(at now: Instant, limit: Int, to log: Logger) {
        guard isNoted, nextLineAt.map({ now >= $0 }) ?? true else { return }
        nextLineAt = now + Self.period
        log.error(
            "out of file descriptors: \(refused) newcomers were turned away; raise LimitNOFILE or lower max-connections",
            metadata: ["limit": "\(limit)"])
        (refused, isNoted) = (0, false)
    }
}
