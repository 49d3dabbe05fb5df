/// Whether a node answers.
///
///     expected ──▶ reachable ◀──▶ suspect ──▶ unreachable
///                      │  ▲          │            │
///                      ▼  └──────────┴────────────┘  (the next heartbeat)
///                    left
public enum Reachability: UInt8, Hashable, Sendable, CaseIterable {
    /// Announced (failover declared), not registered yet.
    case expected = 1
    /// A component of it was heard in time.
    case reachable = 2
    /// Its connection broke, or a heartbeat is overdue.
    case suspect = 3
    /// Silent for longer than the set time.
    case unreachable = 4
    /// Said goodbye.
    case left = 5
}

/// The worst finding of a node, site or fleet.
public enum Health: UInt8, Hashable, Sendable, CaseIterable {
    /// Nothing fresh is known.
    case unknown = 0
    /// Nothing is wrong.
    case healthy = 1
    /// Something needs attention.
    case warning = 2
    /// Something is broken.
    case critical = 3
}
