/// One run of one server, as it tells its agents.
public struct ServerTag: Hashable, Sendable {
    /// The registry's id, made with its database.
    public var registry: NodeID
    /// How often that registry was started, this run included.
    public var start: UInt64
    /// Random, for this run only.
    public var run: UInt64
    /// What the server is called.
    public var host: String

    /// A run.
    public init(registry: NodeID, start: UInt64, run: UInt64, host: String) {
        self.registry = registry
        self.start = start
        self.run = run
        self.host = host
    }
}

/// Which run this is, and what agents said of others.
struct ServerIdentity: Sendable {
    /// Nil where nobody told.
    var own: ServerTag?
    /// Runs of this registry that it remembers itself.
    var runs: Set<UInt64> = []
    /// Agents that came from another server, lately.
    var witnesses: Set<NodeID> = []
    /// When one last did.
    var contestedAt: Instant?

    /// So many are counted: more say nothing new.
    static let witnessesMax = 1_000

    /// Whether an agent's word of its last server has to be looked into: this run, or a run before it, is no news.
    func isAsked(_ last: ServerTag?) -> Bool {
        guard let own, let last else { return false }
        return last.run != own.run && !(last.registry == own.registry && runs.contains(last.run))
    }
}
