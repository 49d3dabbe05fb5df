/// How a `CommitQueue` groups, saves and tries again. Tests set the intervals to zero or to hours.
public struct CommitSettings: Equatable, Sendable {
    /// Changes in one transaction: about a tenth of a second of writing, the longest a registration waits for its turn.
    public var changesPerCommitMax = 10_000
    /// Last-seen times in one transaction, for the same reason.
    public var lastSeenPerCommitMax = 10_000
    /// Changes that may wait. Beyond it they are kept, but refused to whoever waits for them: the disk is too slow for
    /// what comes in, and more patience would only fill the memory (about 1 kB a change).
    public var pendingMax = 100_000
    /// Nodes whose last-seen time may wait: as many as a registry has.
    public var lastSeenMax = 1_000_000
    /// History entries kept while the store cannot be written.
    public var keptHistoryMax = 50_000
    /// Last-seen times are saved so long after the first of them was noted.
    public var lastSeenSaveInterval = Duration.seconds(30)
    /// A store that failed is tried again after this time, then after twice as long, and so on.
    public var retryInterval = Duration.seconds(1)
    /// The longest time between two tries.
    public var retryIntervalMax = Duration.seconds(30)
    /// A new change makes it try at once, but not more often than this.
    public var enqueueRetryInterval = Duration.milliseconds(500)

    /// After so many changes a store is worth a rest: SQLite's cache of 10,000 nodes is 10 MB.
    public var changesBeforeRest = 1_000
    /// It rests once nothing was written for so long.
    public var restAfter = Duration.milliseconds(250)

    /// The settings of a server.
    public init() {}
}
