// Those who did not get in.
extension Registry {
    /// Attempts that came to nothing, in the order in which they ended, and how many more there were that a loop only
    /// counted.
    public mutating func attempted(_ batch: [Attempt], dropped: Int = 0, at now: Instant) -> Effects {
        attempts.drop(dropped)
        var draft = Draft()
        for var attempt in batch {
            attempt.node = attempt.node.map { entry(of: $0) }
            guard let key = attempts.note(attempt) else { continue }
            judgePeer(key, at: now, into: &draft)
        }
        return draft.effects
    }

    /// Attempts that a query means, newest first. O(attempts kept).
    public func attempts(_ query: AttemptQuery) -> [Attempt] {
        Array(attempts.attempts.reversed().lazy.filter(query.isMeant).prefix(max(0, query.limit)))
    }

    /// How many attempts came to nothing since the start, and how many of them were only counted.
    public var attemptCounts: (noted: UInt64, dropped: UInt64) { (attempts.noted, attempts.dropped) }

    /// Peers that keep failing to get in, those who tried last first.
    public func failingPeers() -> [(key: AttemptJournal.Key, caller: AttemptJournal.Caller)] {
        attempts.callers.filter { $0.value.count >= AttemptJournal.failuresMin }
            .sorted { ($0.value.last.at, $0.value.count) > ($1.value.last.at, $1.value.count) }
            .map { ($0.key, $0.value) }
    }
}
