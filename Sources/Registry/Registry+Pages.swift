import ErrorCatalogue

// Long lists of findings, a page at a time.
extension Registry {
    /// A page of findings. O(page) where all are asked for, O(findings of the node) for one node's; a question for codes
    /// looks at the rank of each active finding.
    /// - Throws: if the page token is none.
    public func findings(_ query: FindingQuery) throws(InvalidPageToken) -> FindingPage {
        let after: FindingRank? = query.pageToken.isEmpty ? nil : try FindingRank(token: query.pageToken)
        let size = Self.pageSize(query.pageSize, limit: RegistryLimits.findingsPerPageMax)
        var page: [Finding] = []
        var total = 0
        /// Takes in a finding that fits, if the page is not full and it comes after the last one.
        func take(_ finding: Finding) {
            total += 1
            if page.count <= size, after.map({ $0 < FindingRank(finding) }) ?? true { page.append(finding) }
        }
        if let node = query.node {
            let known = table.index(of: node).map { table[$0].findings } ?? []
            let active = known.compactMap { journal.active[$0] }.filter(query.isMeant)
            for finding in active.sorted(by: Finding.isWorse) { take(finding) }
        } else if query.codes.isEmpty {
            total = journal.order.count
            journal.order.forEach(after: after) { rank in
                if let finding = journal.active[rank.id] { page.append(finding) }
                return page.count <= size
            }
        } else {
            journal.order.forEach { rank in
                guard let code = rank.code, query.codes.contains(code) else { return true }
                total += 1
                if page.count <= size, after.map({ $0 < rank }) ?? true, let finding = journal.active[rank.id] {
                    page.append(finding)
                }
                return true
            }
        }
        if query.includesCleared {
            for finding in journal.cleared.filter(query.isMeant).sorted(by: Finding.isWorse) { take(finding) }
        }
        let isMore = page.count > size
        if isMore { page.removeLast(page.count - size) }
        let next = isMore ? page.last.map { FindingRank($0).token.text } ?? "" : ""
        return FindingPage(findings: page, nextPageToken: next, total: total)
    }

    static func pageSize(_ wanted: Int, limit: Int) -> Int {
        wanted <= 0 ? limit : min(wanted, limit)
    }
}

extension FindingQuery {
    fileprivate func isMeant(_ finding: Finding) -> Bool {
        (node == nil || finding.subject.node == node) && (codes.isEmpty || codes.contains(finding.code))
    }
}
