/// The fleet in numbers, and what is wrong with it, at one moment.
public struct SummaryView: Equatable, Sendable {
    /// The moment.
    public var at: Instant
    /// When this registry came up.
    public var startedAt: Instant
    /// The worst of everything; unknown while the fleet comes home and nothing worse is known.
    public var health: Health
    /// All nodes.
    public var fleet: Tally
    /// One row for each role that has nodes, in the order of `Role`.
    public var roles: [RoleTally]
    /// One row for each site that has nodes, by name.
    public var sites: [SiteTally]
    /// Active findings, worst first; at most `RegistryLimits.findingsPerSummaryMax`.
    public var findings: [Finding]
    /// How many are active in all.
    public var findingCount: Int
    /// While the fleet comes home after a restart; nil otherwise.
    public var homecoming: HomecomingView?
    /// Why the registry cannot be written; nil while it can.
    public var storeFailure: String?

    /// Nodes of one role.
    public struct RoleTally: Equatable, Sendable {
        /// Which role.
        public var role: Role
        /// Its nodes.
        public var tally: Tally
    }

    /// Nodes of one site.
    public struct SiteTally: Equatable, Sendable {
        /// Which site.
        public var site: String
        /// Its nodes.
        public var tally: Tally
    }
}

/// How far the fleet has come back after a restart, or after a cut.
public struct HomecomingView: Equatable, Sendable {
    /// Nodes that answered before the restart.
    public var expected: Int
    /// Of those, back already.
    public var returned: Int
    /// Nobody is judged before this.
    public var until: Instant
    /// When it began.
    public var began: Instant
    /// When the doors said that the last one can be in.
    public var lastDue: Instant?
    /// How many the doors let in each second; 0 if they did not say.
    public var perSecond: Int
    /// After a cut that took many connections at once, not after a restart.
    public var isOfCut: Bool
}
