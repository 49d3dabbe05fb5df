import ErrorCatalogue

/// Where a finding stands in operators' lists, as numbers: infrastructure before machines, then severity, then how many
/// it hits, then the oldest, then id. Cleared ones come after all active ones, newest first.
struct FindingRank: Comparable, Sendable {
    /// 0 for active ones, 1 for cleared ones.
    private(set) var list: Int64
    private var first: Int64
    private var second: Int64 = 0
    private var third: Int64 = 0
    private var fourth: Int64 = 0
    let id: UInt64
    /// Not part of the order: for questions. Nil in what was made of a token.
    let code: ErrorCode?

    init(_ finding: Finding) {
        id = finding.id
        code = finding.code
        if let clearedAt = finding.clearedAt {
            (list, first) = (1, 0 &- clearedAt.nanoseconds)
        } else {
            list = 0
            first = finding.infrastructureRank
            second = -Int64(finding.severity.rawValue)
            third = -Int64(finding.memberCount)
            fourth = finding.raisedAt.nanoseconds
        }
    }

    static func < (left: FindingRank, right: FindingRank) -> Bool {
        if left.list != right.list { return left.list < right.list }
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        if left.fourth != right.fourth { return left.fourth < right.fourth }
        return left.id < right.id
    }

    static func == (left: FindingRank, right: FindingRank) -> Bool { !(left < right) && !(right < left) }

    // MARK: as a place in a list of pages

    private static let listNumber: UInt8 = 100

    /// The place after it, for the next page.
    var token: PageToken {
        PageToken(
            list: Self.listNumber, numbers: [list, first, second, third, fourth, Int64(bitPattern: id)], texts: [])
    }

    /// - Throws: if the text is no token of a list of findings.
    init(token text: String) throws(InvalidPageToken) {
        let numbers = try PageToken(text, list: Self.listNumber, numbers: 6, texts: 0).numbers
        (list, first, second, third, fourth) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
        id = UInt64(bitPattern: numbers[5])
        code = nil
    }
}

extension Finding {
    /// How operators' lists are ordered.
    static func isWorse(_ left: Finding, _ right: Finding) -> Bool { FindingRank(left) < FindingRank(right) }

    /// The server first, then what many depend on, then single machines.
    fileprivate var infrastructureRank: Int64 {
        switch (code, subject) {
        // What is only worth knowing comes last.
        case _ where severity == .information: 5
        case (_, .server): 0
        case (_, .site), (_, .group): 1
        case (.processServerSilent, _): 2
        case (.masterTargetSilent, _): 3
        default: 4
        }
    }
}
