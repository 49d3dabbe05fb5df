public import ErrorCatalogue

/// Asks for a page of findings.
public struct FindingQuery: Equatable, Sendable {
    /// Also the cleared ones that are still in memory (`RegistryLimits.clearedFindingsMax`).
    public var includesCleared: Bool
    /// Only of this node.
    public var node: NodeID?
    /// Only these codes; empty: all. A number like "95226" stands for both its variants: `ErrorCode.codes(named:)`.
    public var codes: [ErrorCode]
    /// At most this many; 0, or more than `RegistryLimits.findingsPerPageMax`, means that limit.
    public var pageSize: Int
    /// From the last page; empty for the first.
    public var pageToken: String

    /// A question; what is not given is not asked for.
    public init(
        includesCleared: Bool = false, node: NodeID? = nil, codes: [ErrorCode] = [], pageSize: Int = 0,
        pageToken: String = ""
    ) {
        self.includesCleared = includesCleared
        self.node = node
        self.codes = codes
        self.pageSize = pageSize
        self.pageToken = pageToken
    }
}

/// A page of findings: active ones first, worst first, then the cleared ones, newest first.
public struct FindingPage: Equatable, Sendable {
    /// The findings.
    public var findings: [Finding]
    /// For the next page; empty on the last.
    public var nextPageToken: String
    /// How many match in all, of those in memory.
    public var total: Int
}
