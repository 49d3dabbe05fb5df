import Foundation

/// What a store keeps, and how long. Each limit has its reason; none is enforced on every commit.
public struct StoreLimits: Equatable, Sendable {
    /// History entries of one node. A node that flaps each minute keeps three hours of it; a quiet one, years.
    public var historyPerNodeMax = 200
    /// History entries in all, about 150 bytes each. In a fleet so large that every node cannot have its 200, each
    /// gets its share, but not less than `historyPerNodeMin`.
    public var historyMax = 10_000_000
    /// What a node keeps however large the fleet is.
    public var historyPerNodeMin = 10
    /// Older history is removed, a part of the fleet at a time.
    public var historyAgeMax = Duration.seconds(400 * 24 * 3_600)
    /// Cleared findings kept, about 2 kB each.
    public var clearedFindingsMax = 100_000
    /// Older cleared findings are removed. A year and a bit: audits look back one year.
    public var findingAgeMax = Duration.seconds(400 * 24 * 3_600)
    /// A retention step follows this many history entries or findings.
    public var entriesPerRetentionStep = 1_000
    /// Nodes looked at in one retention step: some milliseconds.
    public var nodesPerRetentionStep = 1_000
    /// Cleared findings loaded at a start; older ones are read by the page.
    public var clearedFindingsLoadedMax = 1_000
    /// Threads that read the nodes of a large registry at a start; on a single core whoever takes the nodes reads them.
    public var loadingThreads = min(2, ProcessInfo.processInfo.activeProcessorCount)
    /// For fewer nodes, threads would take longer to begin than to read.
    public var nodesPerLoadingThreadMin = 10_000
    /// Node numbers that such a thread reads at a time: some milliseconds, and what it has made of them is still in the
    /// processor's cache when it is taken.
    public var numbersPerLoadingBatch = 250
    /// Up to this size the whole file is checked at a start (about a second). Beyond it the load itself, which reads
    /// every node, is the check.
    public var checkedBytesMax = 256 * 1_024 * 1_024
    /// How long a write waits for another process that holds the file, say an sqlite3 shell.
    public var busyTimeout = Duration.seconds(5)

    /// The limits of a server.
    public init() {}
}
