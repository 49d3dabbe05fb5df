/// Counts of nodes of one kind. Kept up to date with every change, so that a summary never counts nodes.
public struct Tally: Equatable, Sendable {
    /// Nodes registered or expected.
    public var nodes = 0
    private var byReachability = [0, 0, 0, 0, 0, 0]
    private var byHealth = [0, 0, 0, 0]

    /// Counts of nothing.
    public init() {}

    /// How many are in this reachability.
    public subscript(reachability: Reachability) -> Int { byReachability[Int(reachability.rawValue)] }

    /// How many are in this health.
    public subscript(health: Health) -> Int { byHealth[Int(health.rawValue)] }

    /// The worst health among those counted; healthy only if somebody is known to be.
    public var health: Health {
        if self[.critical] > 0 { return .critical }
        if self[.warning] > 0 { return .warning }
        return self[.healthy] > 0 ? .healthy : .unknown
    }

    mutating func add(_ reachability: Reachability, _ health: Health, _ amount: Int = 1) {
        nodes += amount
        byReachability[Int(reachability.rawValue)] += amount
        byHealth[Int(health.rawValue)] += amount
    }
}
