internal import RollcallProtocol

extension Scenario.Target {
    /// The roles as a scenario writes them.
    static let roles: [String: WireRole] = [
        "agent": .mobilityAgent, "process-server": .processServer, "master-target": .masterTarget,
    ]

    /// Whether it names anything.
    var isEmpty: Bool { hostname == nil && role == nil && site == nil && processServer == nil }

    /// Indices of the machines that fit, in the fleet's order. With `count`, the seed picks; each step picks anew.
    func nodes(in fleet: SimulatedFleet, step: Int) -> [Int] {
        var fitting = fleet.nodes.filter(fits).map(\.index)
        if let count, count < fitting.count {
            var chance = Chance(seed: fleet.options.seed, 3, UInt64(step))
            fitting = fitting.shuffled(using: &chance).prefix(count).sorted()
        }
        return fitting
    }

    private func fits(_ node: NodeBlueprint) -> Bool {
        if let site, node.site != site { return false }
        if let role, node.role != Self.roles[role] { return false }
        if let processServer, !Self.matches(node.processServer, processServer),
            !Self.matches(NodeBlueprint.shortName(of: node.processServer), processServer)
        {
            return false
        }
        guard let hostname else { return true }
        return Self.matches(node.hostname, hostname) || Self.matches(node.shortName, hostname)
    }

    /// Whether a text fits a pattern in which `*` stands for any text and `?` for one character. Case does not count.
    static func matches(_ text: some StringProtocol, _ pattern: String) -> Bool {
        let text = Array(text.lowercased()), pattern = Array(pattern.lowercased())
        var (at, in_) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while at < text.count {
            if in_ < pattern.count, pattern[in_] == "*" {
                star = (in_, at)
                in_ += 1
            } else if in_ < pattern.count, pattern[in_] == "?" || pattern[in_] == text[at] {
                at += 1
                in_ += 1
            } else if let last = star {
                // Let the star swallow one character more.
                star = (last.pattern, last.text + 1)
                in_ = last.pattern + 1
                at = last.text + 1
            } else {
                return false
            }
        }
        return pattern[in_...].allSatisfy { $0 == "*" }
    }
}

extension Scenario.Target: CustomStringConvertible {
    /// As the file writes it: "nodes 'hq-*', role agent".
    public var description: String {
        [
            hostname.map { "nodes '\($0)'" }, role.map { "role \($0)" }, site.map { "site \($0)" },
            processServer.map { "process-server '\($0)'" }, count.map { "count \($0)" },
        ].compactMap(\.self).joined(separator: ", ")
    }
}

extension NodeBlueprint {
    /// The host name without its domain.
    var shortName: Substring { Self.shortName(of: hostname) }

    static func shortName(of hostname: String) -> Substring { hostname.prefix { $0 != "." } }
}
