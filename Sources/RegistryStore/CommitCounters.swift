/// What a `CommitQueue` has done since it was made, for status and metrics.
public struct CommitCounters: Equatable, Sendable {
    /// Transactions that succeeded: about as many fsyncs.
    public var commits = 0
    /// Changes written.
    public var changes = 0
    /// Last-seen times written.
    public var lastSeenTimes = 0
    /// Transactions and probes that failed.
    public var failures = 0
    /// Changes refused for good by the database.
    public var rejected = 0
    /// Enqueues refused because too many changes waited.
    public var overloads = 0
    /// History entries given up while the store could not be written.
    public var droppedHistory = 0
    /// Changes that wait for their first try.
    public var pending = 0
    /// Changes kept for the time when the store can be written again.
    public var kept = 0
    /// The longest transaction that succeeded.
    public var longestCommit = Duration.zero
}
