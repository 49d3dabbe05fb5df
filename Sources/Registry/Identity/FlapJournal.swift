/// Who was lost and came back lately. One who does so again and again is told as such, and not as many errors. Nothing is
/// kept of those who stay as they are: an entry goes when the window has passed without another return.
struct FlapJournal: Sendable {
    /// The returns of one subject.
    struct Memory: Equatable, Sendable {
        /// When it was back from its last absences, oldest first; no more than it takes to call it flapping.
        var returns: [Instant] = []
        /// Returns since it was first noticed, while each came within the window of the one before.
        var count = 0
        /// Of those, after an absence that had been an error.
        var errors = 0
        /// The first of them.
        var first: Instant
        /// The last of them.
        var last: Instant
    }

    /// Subjects remembered at a time: when more are lost at once, that is no flapping of single ones.
    static let memoriesMax = 16_384

    private(set) var memories: [Subject: Memory] = [:]

    /// A subject is back.
    /// - Returns: what is remembered of it, if it makes a flapping one.
    mutating func cameBack(
        _ subject: Subject, wasError: Bool, isTold: Bool, _ settings: RegistrySettings, at now: Instant
    ) -> Memory? {
        guard
            var memory = memories[subject] ?? (memories.count < Self.memoriesMax ? Memory(first: now, last: now) : nil)
        else { return nil }
        memory.returns.removeAll { $0 < now - settings.flappingWindow }
        if memory.returns.isEmpty, !isTold { memory = Memory(first: now, last: now) }
        memory.returns.append(now)
        memory.count += 1
        if wasError { memory.errors += 1 }
        memory.last = now
        let isFlapping = isTold || memory.returns.count >= settings.flappingCount
        if memory.returns.count >= settings.flappingCount { memory.returns.removeFirst() }
        memories[subject] = memory
        return isFlapping ? memory : nil
    }

    /// One that was told as flapping before the server's restart.
    mutating func resume(_ subject: Subject, count: Int, since: Instant, at now: Instant) {
        memories[subject] = Memory(count: count, errors: 1, first: since, last: now)
    }

    /// The server's clock was set.
    mutating func move(by step: Duration) {
        for (subject, memory) in memories {
            memories[subject] = Memory(
                returns: memory.returns.map { $0 + step }, count: memory.count, errors: memory.errors,
                first: memory.first + step, last: memory.last + step)
        }
    }

    mutating func forget(_ subject: Subject) { memories[subject] = nil }
}
