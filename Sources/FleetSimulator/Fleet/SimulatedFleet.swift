internal import CertificateAuthority
import Foundation
internal import RollcallProtocol

/// A fleet as a list of machines: the same one for the same options, so that a second run returns as the same nodes.
public struct SimulatedFleet: Sendable {
    /// What was asked for.
    public let options: FleetOptions
    /// The machines: process servers first, then master targets, then protected machines.
    public let nodes: [NodeBlueprint]

    /// The fleet that belongs to these options, which must have no `fault`.
    public init(_ options: FleetOptions) {
        precondition(options.fault == nil, "the command checks its options")
        self.options = options
        var ids = NodeIDSequence(seed: options.seed)
        var builder = Builder(options)
        nodes = builder.build { ids.next() ?? UUID() }
    }

    /// Names of the sites, in their order.
    public var sites: [String] { (0..<options.sites).map(Self.siteName) }

    /// For messages: "27 machines on headquarters, azure-eastasia".
    var inWords: String {
        let named = sites.prefix(6).joined(separator: ", ")
        return "\(nodes.count) machines on \(named)\(sites.count > 6 ? " and \(sites.count - 6) more" : "")"
    }

    private static func siteName(_ index: Int) -> String {
        index < siteNames.count ? siteNames[index].name : "branch-\(index + 1)"
    }

    /// On-premises and cloud in turn: failover is from one to the other.
    private static let siteNames: [(name: String, code: String, isCloud: Bool)] = [
        ("headquarters", "hq", false), ("azure-eastasia", "eas", true), ("taichung", "txg", false),
        ("azure-southeastasia", "sea", true), ("kaohsiung", "khh", false), ("azure-japaneast", "jpe", true),
    ]

    /// Draws one machine after the other.
    private struct Builder {
        let options: FleetOptions
        var hosts: [Int]
        var numbers: [String: Int] = [:]
        var processServers: [[String]]
        var index = 0

        init(_ options: FleetOptions) {
            self.options = options
            hosts = Array(repeating: 10, count: options.sites)
            processServers = Array(repeating: [], count: options.sites)
        }

        mutating func build(_ nextID: () -> UUID) -> [NodeBlueprint] {
            var nodes: [NodeBlueprint] = []
            nodes.reserveCapacity(options.nodes)
            for (role, count) in [
                (WireRole.processServer, options.processServers), (.masterTarget, options.masterTargets),
                (.mobilityAgent, options.agents),
            ] {
                for number in 0..<count { nodes.append(node(role, number, id: nextID())) }
            }
            return nodes
        }

        private mutating func node(_ role: WireRole, _ number: Int, id: UUID) -> NodeBlueprint {
            let site = site(ofNumber: number)
            let isCloud = site < siteNames.count && siteNames[site].isCloud
            var chance = Chance(seed: options.seed, 1, UInt64(index))
            let system = Self.system(of: role, number, &chance)
            let name = hostname(of: role, site, &chance)
            let mine = processServers[site].isEmpty ? processServers.flatMap(\.self) : processServers[site]
            if role == .processServer { processServers[site].append(name) }
            defer { index += 1 }
            return NodeBlueprint(
                id: id, index: index, hostname: name, role: role, site: siteName(site),
                processServer: role == .mobilityAgent && !mine.isEmpty ? mine[number / options.sites % mine.count] : "",
                addresses: addresses(of: role, site), system: system,
                services: RoleServices.of(role, inCloud: isCloud, platform: system.platform))
        }

        private func site(ofNumber number: Int) -> Int {
            guard let percent = options.firstSitePercent else { return number % options.sites }
            let isOnFirst = (number + 1) * percent / 100 > number * percent / 100
            return isOnFirst ? 0 : 1 + number % (options.sites - 1)
        }

        private mutating func hostname(of role: WireRole, _ site: Int, _ chance: inout Chance) -> String {
            let kind =
                switch role {
                case .processServer: "ps"
                case .masterTarget: "mt"
                default: Self.workloads.randomElement(using: &chance) ?? "app"
                }
            let code = site < siteNames.count ? siteNames[site].code : "b\(site + 1)"
            let number = numbers["\(code)-\(kind)", default: 0] + 1
            numbers["\(code)-\(kind)"] = number
            return "\(code)-\(kind)-\(number < 10 ? "0" : "")\(number).corp.example"
        }

        /// One network a site. A process server has one static IPv4 address; some of the others have an IPv6 one too.
        private mutating func addresses(of role: WireRole, _ site: Int) -> [String] {
            let host = hosts[site]
            hosts[site] += 1
            let ipv4 = "10.\(site + 1).\(host / 250).\(host % 250 + 1)"
            guard role != .processServer, host % 4 == 0 else { return [ipv4] }
            return [ipv4, "fd00:\(String(site + 1, radix: 16))::\(String(host, radix: 16))"]
        }

        private static func system(
            of role: WireRole, _ number: Int, _ chance: inout Chance
        ) -> NodeBlueprint.OperatingSystem {
            switch role {
            case .processServer: windows[0]
            // One family each: a Linux master target takes Linux machines, a Windows one Windows machines.
            case .masterTarget: number % 2 == 0 ? linux[0] : windows[0]
            default: (Bool.random(using: &chance) ? linux : windows).randomElement(using: &chance) ?? linux[0]
            }
        }

        private static let workloads = ["web", "app", "db", "file", "mail", "erp", "sql", "build", "crm", "dns"]
        private static let linux = [
            "Ubuntu 22.04.5 LTS", "Debian GNU/Linux 12 (bookworm)", "Red Hat Enterprise Linux 8.10 (Ootpa)",
            "Red Hat Enterprise Linux 9.4 (Plow)", "SUSE Linux Enterprise Server 15 SP6", "Oracle Linux Server 8.10",
        ].map { NodeBlueprint.OperatingSystem(platform: .linux, version: $0) }
        private static let windows = [
            "Windows Server 2019 Standard", "Windows Server 2022 Datacenter", "Windows Server 2016 Standard",
            "Windows Server 2012 R2 Standard",
        ].map { NodeBlueprint.OperatingSystem(platform: .windows, version: $0) }
    }
}
