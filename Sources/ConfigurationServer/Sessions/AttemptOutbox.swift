internal import Registry

/// Attempts of one loop on their way to the owner of the registry: handed over with each tick, so many of them in full
/// and of the rest only how many, so that a port scan keeps nobody busy.
struct AttemptOutbox {
    /// Attempts handed over in full with one tick. An honest fleet of ten thousand that is locked out and tries each
    /// 30 s makes three hundred a second.
    static let attemptsPerTickMax = 64

    private var waiting: [Attempt] = []
    private var dropped = 0

    mutating func note(_ attempt: Attempt) {
        if waiting.count < Self.attemptsPerTickMax { waiting.append(attempt) } else { dropped += 1 }
    }

    mutating func flush(_ handOver: ([Attempt], Int) -> Void) {
        guard !waiting.isEmpty || dropped > 0 else { return }
        handOver(waiting, dropped)
        waiting.removeAll(keepingCapacity: true)
        dropped = 0
    }
}
