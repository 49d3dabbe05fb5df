/// What a simulated fleet is to be: how many of each role, on how many sites, from which seed.
public struct FleetOptions: Equatable, Sendable {
    /// Most nodes of one fleet: what the addresses of one machine towards one server port allow (ephemeral ports).
    public static let nodesMax = 60_000
    /// Most sites.
    public static let sitesMax = 250

    /// Protected machines.
    public var agents: Int
    /// Process servers.
    public var processServers: Int
    /// Master targets.
    public var masterTargets: Int
    /// Sites they stand on, evenly.
    public var sites: Int
    /// Decides everything that is left to chance: ids, names, delays, picks.
    public var seed: UInt64
    /// Whether the application service of each machine that has it dials in by itself.
    public var hasOwnClocks = false
    /// Of a hundred machines of each role, so many stand on the first site, the others evenly on the rest; nil: evenly.
    public var firstSitePercent: Int?

    /// The fleet of a scenario that names none.
    public static let usual = FleetOptions(agents: 24, processServers: 2, masterTargets: 1, sites: 2, seed: 1)

    /// A fleet of this size.
    public init(agents: Int, processServers: Int, masterTargets: Int, sites: Int, seed: UInt64) {
        self.agents = agents
        self.processServers = processServers
        self.masterTargets = masterTargets
        self.sites = sites
        self.seed = seed
    }

    /// How many nodes that makes.
    public var nodes: Int { agents + processServers + masterTargets }

    /// What is wrong with the numbers, in one line; nil if nothing is.
    public var fault: String? {
        for (count, name) in [
            (agents, "agents"), (processServers, "process servers"), (masterTargets, "master targets"),
        ]
        where count < 0 || count > Self.nodesMax {
            return "\(count) \(name): it can be 0 to \(Self.nodesMax)"
        }
        guard nodes > 0 else { return "a fleet of no nodes: ask for some agents" }
        guard nodes <= Self.nodesMax else { return "\(nodes) nodes: one process simulates \(Self.nodesMax) at most" }
        guard (1...Self.sitesMax).contains(sites) else { return "\(sites) sites: it can be 1 to \(Self.sitesMax)" }
        if let firstSitePercent, sites < 2 || !(1...99).contains(firstSitePercent) {
            return "\(firstSitePercent) % on the first of \(sites) sites: it can be 1 to 99, of two sites or more"
        }
        return nil
    }
}
