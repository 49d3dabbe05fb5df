import ErrorCatalogue

// Long lists of findings, a page at a time.
extension Registry {
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

    static func pageSize(_ wanted: Int, limit: Int) -> Int {
        wanted <= 0 ? limit : min(wanted, limit)
    }

    /// Active before cleared; active ones worst first, cleared ones newest first.
    private static func key(of finding: Finding) -> PageToken {
        let rank =
            finding.clearedAt.map { [1, -$0.nanoseconds, 0, 0] } ?? ([0] + finding.rank)
        let padded = rank + [Int64](repeating: 0, count: 5 - rank.count)
        return PageToken(list: 100, numbers: padded + [Int64(bitPattern: finding.id)], texts: [])
    }
}

extension FindingQuery {
    fileprivate func isMeant(_ finding: Finding) -> Bool {
        (node == nil || finding.subject.node == node) && (codes.isEmpty || codes.contains(finding.code))
    }
}
