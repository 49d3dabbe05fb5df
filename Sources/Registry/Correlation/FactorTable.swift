/// For everything that nodes have in common: how many should answer, and who fell silent when. Kept up to date with each
/// change, O(kinds) each; nobody draws dependency trees by hand.
struct FactorTable: Sendable {
    struct Key: Hashable, Sendable {
        var kind: FactorKind
        var value: String
    }

    /// One value of one factor: site "taipei", version "9.3.0".
    struct Row: Sendable {
        var key: Key
        /// Nodes that refer to it, whatever they do; not counted for the fleet's row, which stays.
        var nodes = 0
        /// Of those, how many should answer.
        var due = 0
        /// Of those, how many do not: suspect or unreachable.
        var lost = 0
        /// When they fell silent: how many in each bucket of time.
        var losses: [Int32: Int] = [:]
        /// Of those, whose connection was ended by their own machine: its path was up at that moment.
        var ended: [Int32: Int] = [:]
        /// Of the lost, whose machine answered when it was asked.
        var answering = 0
        /// Nodes told as one under `finding`: those whose `foldedUnder` says so.
        var folded = 0
        /// Some of them, for the list, and where to look for more.
        var listed: [Int32] = []
        var listedUntil: Int32 = 0
        var finding: UInt64?
        /// Bucket of time in which they fell silent.
        var bucket: Int32 = 0
        /// When one of them last came back, or was folded.
        var movedAt = Instant.distantPast
        /// Who was judged by himself before is told with the others: up to where they were looked for; nil once they were.
        var gatheredUntil: Int32?
        /// Its members are being judged one by one: up to where.
        var releasedUntil: Int32?
        /// Some of it who still answer, and where to look for more.
        var exceptions: [Int32] = []
        var lookedUntil: Int32 = 0
        /// When the finding was last told anew.
        var toldAt = Instant.distantPast

        /// How many fell silent about then.
        func together(_ bucket: Int32) -> Int {
            FactorTable.sum(losses, around: bucket)
        }

        /// How many of them went without a word.
        func silentTogether(_ bucket: Int32) -> Int {
            together(bucket) - FactorTable.sum(ended, around: bucket)
        }

        /// Nodes that answered before that.
        func dueBefore(_ bucket: Int32) -> Int { due - (lost - together(bucket)) }
    }

    /// Buckets before and after one's own that count as "at the same time".
    static let reach: Int32 = 2
    /// Fewer than this are a coincidence, unless they are all there is.
    static let togetherMin = 3

    /// The row of all nodes.
    static let fleet: Int32 = 0

    private(set) var rows = [Row(key: Key(kind: .fleet, value: ""))]
    private var indexes: [Key: Int32] = [:]
    private var free: [Int32] = []
    /// The row of each kind that was asked for last: the next node has the same as a rule.
    private var last = [Int32](repeating: -1, count: FactorKind.allCases.count + 1)
    /// Rows of sites that are told as one.
    var lostSites: [Int32] = []
    /// Sites that have somebody who should answer.
    private(set) var sitesDue = 0

    subscript(row: Int32) -> Row {
        _read { yield rows[Int(row)] }
        _modify { yield &rows[Int(row)] }
    }

    private static func sum(_ counts: [Int32: Int], around bucket: Int32) -> Int {
        // Numbers of buckets go round: they tell neighbours apart, not years.
        (-reach...reach).reduce(0) { $0 + (counts[bucket &+ $1] ?? 0) }
    }

    func index(_ kind: FactorKind, _ value: String) -> Int32? { indexes[Key(kind: kind, value: value)] }

    mutating func row(_ kind: FactorKind, _ value: String) -> Int32 {
        let known = last[Int(kind.rawValue)]
        if known >= 0, rows[Int(known)].key.value == value { return known }
        let key = Key(kind: kind, value: value)
        let index = indexes[key] ?? add(key)
        last[Int(kind.rawValue)] = index
        return index
    }

    private mutating func add(_ key: Key) -> Int32 {
        let index = free.popLast() ?? Int32(rows.count)
        if index == rows.count { rows.append(Row(key: key)) } else { rows[Int(index)] = Row(key: key) }
        indexes[key] = index
        return index
    }

    mutating func addDue(_ row: Int32, _ amount: Int) {
        let before = rows[Int(row)].due
        rows[Int(row)].due += amount
        let after = rows[Int(row)].due
        if rows[Int(row)].key.kind == .site { sitesDue += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0) }
    }

    /// A node has this in common with others from now on.
    mutating func hold(_ row: Int32) { if row != Self.fleet { rows[Int(row)].nodes += 1 } }

    /// A node has it no more.
    mutating func letGo(_ row: Int32) {
        guard row != Self.fleet else { return }
        rows[Int(row)].nodes -= 1
        freeIfUnused(row)
    }

    /// Has the row used again if no node refers to it, and nothing is told of it.
    mutating func freeIfUnused(_ row: Int32) {
        guard row != Self.fleet, rows[Int(row)].nodes == 0, rows[Int(row)].folded == 0, rows[Int(row)].finding == nil
        else { return }
        let key = rows[Int(row)].key
        guard indexes.removeValue(forKey: key) != nil else { return }
        if last[Int(key.kind.rawValue)] == row { last[Int(key.kind.rawValue)] = -1 }
        free.append(row)
    }

    /// The clock was set by so much, which is so many buckets.
    mutating func move(by step: Duration, buckets: Int32) {
        for row in rows.indices {
            rows[row].losses = Dictionary(uniqueKeysWithValues: rows[row].losses.map { ($0.key &+ buckets, $0.value) })
            rows[row].ended = Dictionary(uniqueKeysWithValues: rows[row].ended.map { ($0.key &+ buckets, $0.value) })
            rows[row].bucket &+= buckets
            rows[row].movedAt = rows[row].movedAt + step
            rows[row].toldAt = rows[row].toldAt + step
        }
    }

    mutating func lose(_ row: Int32, _ bucket: Int32, isEnded: Bool) {
        rows[Int(row)].lost += 1
        if isEnded { rows[Int(row)].ended[bucket, default: 0] += 1 }
        rows[Int(row)].losses[bucket, default: 0] += 1
    }

    mutating func find(_ row: Int32, _ bucket: Int32, isEnded: Bool) {
        rows[Int(row)].lost -= 1
        if isEnded {
            let left = (rows[Int(row)].ended[bucket] ?? 1) - 1
            rows[Int(row)].ended[bucket] = left > 0 ? left : nil
        }
        let left = (rows[Int(row)].losses[bucket] ?? 1) - 1
        rows[Int(row)].losses[bucket] = left > 0 ? left : nil
    }
}

/// A node's rows in the table; -1 where a factor does not apply. Every node stands in the fleet's row, too.
struct NodeFactors: Equatable, Sendable {
    var site: Int32 = -1
    var processServer: Int32 = -1
    var serverAddress: Int32 = -1
    var natAddress: Int32 = -1
    var agentVersion: Int32 = -1
    var certificateIssuer: Int32 = -1
    private var bucketNumber: Int32 = 0
    private var isSilent = false
    /// Counted as one who should answer.
    var isDue = false
    /// Counted as one whose connection its own machine ended.
    var isEnded = false
    /// Counted as one whose machine answers.
    var isAnswering = false

    /// When it fell silent, while it is.
    var bucket: Int32? {
        get { isSilent ? bucketNumber : nil }
        set { (isSilent, bucketNumber) = (newValue != nil, newValue ?? 0) }
    }

    func contains(_ row: Int32) -> Bool {
        var isIn = false
        forEach { isIn = isIn || $0 == row }
        return isIn
    }

    func forEach(_ body: (Int32) -> Void) {
        if site >= 0 { body(site) }
        if processServer >= 0 { body(processServer) }
        if serverAddress >= 0 { body(serverAddress) }
        if natAddress >= 0 { body(natAddress) }
        if agentVersion >= 0 { body(agentVersion) }
        if certificateIssuer >= 0 { body(certificateIssuer) }
        body(FactorTable.fleet)
    }
}
