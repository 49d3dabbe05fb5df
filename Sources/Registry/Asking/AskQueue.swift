import DequeModule

/// Who is to be asked next: sites take turns, so that a large lost site keeps nobody else waiting; and of a site that seems
/// lost a few are asked first, the others when one of them has answered. So a lost site costs a handful of questions, not
/// one for each of its machines. Pure.
struct AskQueue: Sendable {
    /// Those of one site who wait, in the order in which they fell due.
    private struct Line: Sendable {
        var waiting: Deque<Int32> = []
        /// Asked of the sample, and not answered.
        var sampled = 0
        /// The sample is out; nobody else is asked before.
        var heldUntil = Instant.distantPast
    }

    /// Asked of a site that seems lost, before anybody has answered.
    static let sampleCount = 3

    /// When each silent node is to be asked, by index.
    var due = DeadlineIndex()
    /// Of the sites in `rotation`.
    private var lines: [Int32: Line] = [:]
    /// Sites that have somebody waiting, the next one first.
    private var rotation: Deque<Int32> = []
    /// Nobody's turn comes before; nil while nobody waits.
    private(set) var nextTurn: Instant?

    /// Somebody of this site is to be asked.
    mutating func append(_ index: Int32, of site: Int32) {
        if lines[site] == nil { rotation.append(site) }
        lines[site, default: Line()].waiting.append(index)
        nextTurn = .distantPast
    }

    /// Whose turn it is; nil if nobody may be asked at this moment. `seemsLost`: whether to take a sample of a site first,
    /// and `pause` how long a sample may take.
    mutating func next(at now: Instant, pause: Duration, seemsLost: (Int32) -> Bool) -> Int32? {
        nextTurn = nil
        for _ in 0..<rotation.count {
            guard let site = rotation.popFirst(), var line = lines.removeValue(forKey: site) else { continue }
            guard line.heldUntil <= now else {
                nextTurn = min(nextTurn ?? line.heldUntil, line.heldUntil)
                keep(line, of: site)
                continue
            }
            guard let index = line.waiting.popFirst() else { continue }
            line.sampled = seemsLost(site) ? line.sampled + 1 : 0
            if line.sampled >= Self.sampleCount { (line.sampled, line.heldUntil) = (0, now + pause) }
            // An empty line is forgotten, unless its sample is out: the next one to come is not to begin another.
            if !line.waiting.isEmpty || line.sampled > 0 || line.heldUntil > now { keep(line, of: site) }
            nextTurn = rotation.isEmpty ? nil : .distantPast
            return index
        }
        return nil
    }

    private mutating func keep(_ line: Line, of site: Int32) {
        lines[site] = line
        rotation.append(site)
    }

    /// Somebody of the site has answered: the path is up, and the others are asked as their turn comes.
    mutating func release(_ site: Int32) {
        guard lines[site] != nil else { return }
        lines[site]?.sampled = 0
        lines[site]?.heldUntil = .distantPast
        nextTurn = .distantPast
    }

    /// How many wait.
    var count: Int { lines.values.reduce(0) { $0 + $1.waiting.count } }
}
