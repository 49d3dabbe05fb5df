/// Who must reach whom, at which port: the question people ask most. A table.
public enum PortMatrix {
    /// What a machine is for.
    public enum Role: String, CaseIterable, Hashable, Sendable {
        /// A protected machine, with the mobility agent.
        case agent
        /// Takes replication data in.
        case processServer = "process-server"
        /// Takes failback data in.
        case masterTarget = "master-target"
        /// Rollcall itself.
        case configurationServer = "configuration-server"
        /// vCenter or ESXi: never the machine the probe runs on.
        case virtualCenter = "vcenter"

        /// As people call it.
        public var title: String {
            switch self {
            case .agent: "machine (mobility agent)"
            case .processServer: "process server"
            case .masterTarget: "master target"
            case .configurationServer: "configuration server"
            case .virtualCenter: "vCenter/ESXi"
            }
        }
    }

    /// One row.
    public struct Row: Hashable, Sendable {
        /// Who dials.
        public let from: [Role]
        /// Who must answer.
        public let to: Role
        /// The TCP port; nil: it is set at the other side and must be named.
        public let port: UInt16?
        /// What for.
        public let purpose: String
        /// Whether a Rollcall server must answer there.
        public var isRollcall: Bool { to == .configurationServer }
    }

    /// Every row.
    public static let rows = [
        Row(
            from: [.agent, .processServer, .masterTarget], to: .configurationServer, port: 443,
            purpose: "registration, heartbeat, settings"),
        Row(from: [.agent], to: .processServer, port: 9443, purpose: "replication data (the port can be set)"),
        Row(from: [.processServer], to: .masterTarget, port: nil, purpose: "failback data (the port is set there)"),
        Row(
            from: [.configurationServer, .processServer], to: .virtualCenter, port: 443,
            purpose: "discovery, each 15 minutes"),
        Row(from: [.agent], to: .agent, port: 20004, purpose: "multi-machine consistency, within a group"),
    ]

    /// The rows in which a machine of this role dials.
    public static func outgoing(_ role: Role) -> [Row] { rows.filter { $0.from.contains(role) } }

    /// The rows in which it is dialled: to be probed from the other side.
    public static func incoming(_ role: Role) -> [Row] { rows.filter { $0.to == role } }

    /// The table in words, a line a row: for the help.
    public static var lines: [String] {
        rows.map { row in
            let from = row.from.map(\.title).joined(separator: ", ")
            return "\(from) → \(row.to.title), TCP \(row.port.map { "\($0)" } ?? "as set there"): \(row.purpose)"
        }
    }
}
