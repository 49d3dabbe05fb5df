/// Every site that has nodes, with its counts and the nodes it lost. A row without nodes is used again.
struct SiteTable: Sendable {
    struct Row: Sendable {
        var name: String
        var tally = Tally()
        /// The same nodes by kind, for pages.
        var counts = KindCounts()
        /// Nodes of it that are unreachable.
        var unreachable = LostNodes()
        /// Of those, how many were judged under which picture of the neighbours; by raw value.
        private var judged = [0, 0, 0, 0]
        /// When its lost nodes were last looked at together; and up to where, while they are many.
        var reviewedAt = Instant.distantPast
        var reviewedUntil: Int32 = 0
        /// When a machine of it last answered a question from outside.
        var answeredAt = Instant.distantPast
        /// One of it that can be asked from outside, and was heard not long ago.
        var witness: Int32?

        init(name: String) { self.name = name }

        /// Whether nobody answers who should, of two or more: then the common path is the likely cause.
        var isLost: Bool {
            let due = tally.nodes - tally[.left] - tally[.expected]
            return due >= 2 && tally[.suspect] + tally[.unreachable] == due
        }

        /// Whether more of it are silent than heard: then its path may be the cause.
        var seemsLost: Bool { tally[.suspect] + tally[.unreachable] > tally[.reachable] }

        /// Whether its machines are known to answer questions from outside: one that does not is silent then, not shielded.
        func answersQuestions(at now: Instant) -> Bool { now - .seconds(3_600) < answeredAt }

        /// Whether some verdict rests on a picture of the neighbours that is not true any more.
        var hasStaleVerdicts: Bool {
            judged.reduce(0, +) > judged[Int(neighbours.rawValue)]
        }

        /// Counts a verdict, or with -1 takes it back.
        mutating func countVerdict(under neighbours: Neighbours?, _ amount: Int) {
            if let neighbours { judged[Int(neighbours.rawValue)] += amount }
        }

        /// Verdicts counted, for the invariants.
        func verdicts(under neighbours: Neighbours) -> Int { judged[Int(neighbours.rawValue)] }

        /// What a node's neighbours tell of it.
        var neighbours: Neighbours {
            if isLost { return .noneAnswers }
            return tally[.reachable] > 0 ? .someAnswer : .noNeighbours
        }
    }

    private(set) var rows: [Row] = []
    private var indexes: [String: Int32] = [:]
    private var free: [Int32] = []
    /// Rows in use, by name.
    private var order: [Int32] = []

    /// How many have nodes.
    var count: Int { indexes.count }

    func contains(_ name: String) -> Bool { indexes[name] != nil }

    func index(of name: String) -> Int32? { indexes[name] }

    subscript(index: Int32) -> Row {
        get { rows[Int(index)] }
        _modify { yield &rows[Int(index)] }
    }

    /// The row of this name, a new one if need be.
    mutating func row(named name: String) -> Int32 {
        if let index = indexes[name] { return index }
        let index: Int32
        if let reused = free.popLast() {
            index = reused
            rows[Int(index)] = Row(name: name)
        } else {
            index = Int32(rows.count)
            rows.append(Row(name: name))
        }
        indexes[name] = index
        order.insert(index, at: place(of: name))
        return index
    }

    /// Rows in use in the order of their names, from this one on; nil: all.
    func inOrder(from name: String? = nil, descending: Bool = false) -> some Sequence<Int32> {
        guard let name else { return descending ? Array(order.reversed()) : order }
        let place = place(of: name)
        guard descending else { return Array(order[place...]) }
        let isThere = place < order.count && rows[Int(order[place])].name == name
        return Array(order[..<(isThere ? place + 1 : place)].reversed())
    }

    /// The first place in `order` whose name does not come before this one.
    private func place(of name: String) -> Int {
        order.partitionPoint { rows[Int($0)].name < name }
    }

    /// Gives the row up if no node is left in it.
    mutating func releaseIfEmpty(_ index: Int32) {
        guard rows[Int(index)].tally.nodes == 0, indexes[rows[Int(index)].name] == index else { return }
        order.remove(at: place(of: rows[Int(index)].name))
        indexes[rows[Int(index)].name] = nil
        rows[Int(index)].unreachable = LostNodes()
        free.append(index)
    }
}
