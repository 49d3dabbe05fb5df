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
        /// Nodes of it that should answer.
        var due = 0
        /// Of those, who does not: suspect or unreachable.
        var lost: Set<Int32> = []
        /// When they fell silent: how many in each bucket of time.
        var losses: [Int64: Int] = [:]
        /// Of those, whose connection was ended by their own machine: its path was up at that moment.
        var ended: [Int64: Int] = [:]
        /// Of the lost, whose machine answered when it was asked.
        var answering = 0
        /// Nodes told as one under `finding`.
        var folded: Set<Int32> = []
        /// The first of them, for the list.
        var listed: [Int32] = []
        var finding: UInt64?
        /// Bucket of time in which they fell silent.
        var bucket: Int64 = 0
        /// When one of them last came back, or was folded.
        var movedAt = Instant.distantPast
        /// Its members are being judged one by one.
        var isReleasing = false
        /// When the finding was last told anew.
        var toldAt = Instant.distantPast

        /// How many fell silent about then.
        func together(_ bucket: Int64) -> Int {
            (bucket - FactorTable.reach...bucket + FactorTable.reach).reduce(0) { $0 + (losses[$1] ?? 0) }
        }

        /// How many of them went without a word.
        func silentTogether(_ bucket: Int64) -> Int {
            together(bucket)
                - (bucket - FactorTable.reach...bucket + FactorTable.reach).reduce(0) { $0 + (ended[$1] ?? 0) }
        }

        /// Nodes that answered before that.
        func dueBefore(_ bucket: Int64) -> Int { due - (lost.count - together(bucket)) }
    }

    /// Buckets before and after one's own that count as "at the same time".
    static let reach: Int64 = 2
    /// Fewer than this are a coincidence, unless they are all there is.
    static let togetherMin = 3

    private(set) var rows: [Row] = []
    private var indexes: [Key: Int32] = [:]
    private var free: [Int32] = []
    /// Sites that have somebody who should answer.
    private(set) var sitesDue = 0

    subscript(row: Int32) -> Row {
        _read { yield rows[Int(row)] }
        _modify { yield &rows[Int(row)] }
    }

    func index(_ kind: FactorKind, _ value: String) -> Int32? { indexes[Key(kind: kind, value: value)] }

    mutating func row(_ kind: FactorKind, _ value: String) -> Int32 {
        let key = Key(kind: kind, value: value)
        if let index = indexes[key] { return index }
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
        if after == 0, rows[Int(row)].folded.isEmpty, rows[Int(row)].finding == nil {
            indexes[rows[Int(row)].key] = nil
            free.append(row)
        }
    }

    /// The clock was set by so much, which is so many buckets.
    mutating func move(by step: Duration, buckets: Int64) {
        for row in rows.indices {
            rows[row].losses = Dictionary(uniqueKeysWithValues: rows[row].losses.map { ($0.key + buckets, $0.value) })
            rows[row].ended = Dictionary(uniqueKeysWithValues: rows[row].ended.map { ($0.key + buckets, $0.value) })
            rows[row].bucket += buckets
            rows[row].movedAt = rows[row].movedAt + step
            rows[row].toldAt = rows[row].toldAt + step
        }
    }

    mutating func lose(_ row: Int32, _ node: Int32, _ bucket: Int64, isEnded: Bool) {
        rows[Int(row)].lost.insert(node)
        if isEnded { rows[Int(row)].ended[bucket, default: 0] += 1 }
        rows[Int(row)].losses[bucket, default: 0] += 1
    }

    mutating func find(_ row: Int32, _ node: Int32, _ bucket: Int64, isEnded: Bool) {
        if isEnded {
            let left = (rows[Int(row)].ended[bucket] ?? 1) - 1
            rows[Int(row)].ended[bucket] = left > 0 ? left : nil
        }
        rows[Int(row)].lost.remove(node)
        let left = (rows[Int(row)].losses[bucket] ?? 1) - 1
        rows[Int(row)].losses[bucket] = left > 0 ? left : nil
    }
}

/// A node's rows in the table. 0 rows where a factor does not apply.
struct NodeFactors: Equatable, Sendable {
    var site: Int32 = -1
    var processServer: Int32 = -1
    var serverAddress: Int32 = -1
    var natAddress: Int32 = -1
    var agentVersion: Int32 = -1
    var fleet: Int32 = -1
    /// When it fell silent, while it is.
    var bucket: Int64?
    /// Counted as one who should answer.
    var isDue = false
    /// Counted as one whose connection its own machine ended.
    var isEnded = false
    /// Counted as one whose machine answers.
    var isAnswering = false

    func forEach(_ body: (Int32) -> Void) {
        if site >= 0 { body(site) }
        if processServer >= 0 { body(processServer) }
        if serverAddress >= 0 { body(serverAddress) }
        if natAddress >= 0 { body(natAddress) }
        if agentVersion >= 0 { body(agentVersion) }
        if fleet >= 0 { body(fleet) }
    }
}
