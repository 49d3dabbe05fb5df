import ErrorCatalogue
import HeapModule

// Long lists, a page at a time.
extension Registry {
    /// A page of nodes. O(nodes), and O(page) memory.
    /// - Throws: if the page token is none, or of another order.
    public func nodes(_ query: NodeQuery) throws(InvalidPageToken) -> NodePage {
        let list = query.order.rawValue << 1 | (query.descending ? 1 : 0)
        let after = query.pageToken.isEmpty ? nil : try Row(query, list)
        let size = Self.pageSize(query.pageSize, limit: RegistryLimits.nodesPerPageMax)
        let text = query.text.lowercased()
        // The best `size + 1` rows after the token; the last one only tells that there is another page.
        var best = Heap<Row>()
        var total = 0
        for index in table.allIndexes where isMeant(index, query, text) {
            total += 1
            let row = row(of: index, query)
            if let after, !(after < row) { continue }
            if best.count <= size {
                best.insert(row)
            } else if let last = best.max, row < last {
                best.replaceMax(with: row)
            }
        }
        var rows: [Row] = []
        while rows.count < size, let row = best.popMin() { rows.append(row) }
        let next = best.isEmpty ? "" : rows.last?.token(list).text ?? ""
        return NodePage(nodes: rows.map { view($0.index) }, nextPageToken: next, total: total)
    }

    /// A page of findings.
    /// - Throws: if the page token is none.
    public func findings(_ query: FindingQuery) throws(InvalidPageToken) -> FindingPage {
        var after: PageToken?
        if !query.pageToken.isEmpty { after = try PageToken(query.pageToken, list: 100, numbers: 6, texts: 0) }
        let size = Self.pageSize(query.pageSize, limit: RegistryLimits.findingsPerPageMax)
        var rows = journal.active.values.filter(query.isMeant).map { (Self.key(of: $0), $0) }
        if query.includesCleared { rows += journal.cleared.filter(query.isMeant).map { (Self.key(of: $0), $0) } }
        let total = rows.count
        if let after { rows = rows.filter { $0.0 > after } }
        rows.sort { $0.0 < $1.0 }
        let page = rows.prefix(size)
        let next = rows.count > size ? page.last?.0.text ?? "" : ""
        return FindingPage(findings: page.map(\.1), nextPageToken: next, total: total)
    }

    private static func pageSize(_ wanted: Int, limit: Int) -> Int {
        wanted <= 0 ? limit : min(wanted, limit)
    }

    private func isMeant(_ index: Int32, _ query: NodeQuery, _ text: String) -> Bool {
        let node = table[index]
        if let role = query.role, node.facts.role != role { return false }
        if let site = query.site, node.facts.site != site { return false }
        if let reachability = query.reachability, node.reachability != reachability { return false }
        if let health = query.health, node.health != health { return false }
        guard !text.isEmpty else { return true }
        return node.facts.hostname.lowercased().contains(text)
            || node.facts.addresses.contains { $0.lowercased().contains(text) }
    }

    private func row(of index: Int32, _ query: NodeQuery) -> Row {
        let number: Int64 =
            switch query.order {
            case .hostname, .site: 0
            case .health: -table[index].health.badness
            case .lastSeen: table[index].lastSeen.nanoseconds
            case .role: Int64(table[index].facts.role.rawValue)
            }
        return Row(
            number: number, text: query.order == .site ? table[index].facts.site : "",
            hostname: table[index].facts.hostname.lowercased(), id: table[index].id, index: index,
            isDescending: query.descending)
    }

    /// Active before cleared; active ones worst first, cleared ones newest first.
    private static func key(of finding: Finding) -> PageToken {
        let rank =
            finding.clearedAt.map { [1, -$0.nanoseconds, 0, 0] } ?? ([0] + finding.rank)
        let padded = rank + [Int64](repeating: 0, count: 5 - rank.count)
        return PageToken(list: 100, numbers: padded + [Int64(bitPattern: finding.id)], texts: [])
    }

    /// A node's place in an ordered list: what it is sorted by, then host name and id.
    fileprivate struct Row: Comparable {
        var number: Int64
        var text: String
        var hostname: String
        var id: NodeID
        var index: Int32
        var isDescending: Bool

        static func < (left: Row, right: Row) -> Bool {
            let (first, second) = left.isDescending ? (right, left) : (left, right)
            if first.number != second.number { return first.number < second.number }
            if first.text != second.text { return first.text < second.text }
            if first.hostname != second.hostname { return first.hostname < second.hostname }
            return first.id < second.id
        }

        func token(_ list: UInt8) -> PageToken {
            PageToken(list: list, numbers: [number], texts: [text, hostname, id.description])
        }
    }
}

extension Registry.Row {
    /// The place that a query's token names.
    fileprivate init(_ query: NodeQuery, _ list: UInt8) throws(InvalidPageToken) {
        let token = try PageToken(query.pageToken, list: list, numbers: 1, texts: 3)
        guard let id = NodeID(token.texts[2]) else { throw InvalidPageToken(token: query.pageToken) }
        self.init(
            number: token.numbers[0], text: token.texts[0], hostname: token.texts[1], id: id, index: 0,
            isDescending: query.descending)
    }
}

extension FindingQuery {
    fileprivate func isMeant(_ finding: Finding) -> Bool {
        (node == nil || finding.subject.node == node) && (codes.isEmpty || codes.contains(finding.code))
    }
}

extension Health {
    /// Larger is worse; unknown is worse than healthy.
    fileprivate var badness: Int64 {
        switch self {
        case .healthy: 0
        case .unknown: 1
        case .warning: 2
        case .critical: 3
        }
    }
}
