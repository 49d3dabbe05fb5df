public import ErrorCatalogue

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
        public var title: Phrase {
            switch self {
            case .agent: Phrase("machine (mobility agent)", "機器（行動代理程式）")
            case .processServer: Phrase("process server", "處理序伺服器")
            case .masterTarget: Phrase("master target", "主要目標伺服器")
            case .configurationServer: Phrase("configuration server", "組態伺服器")
            case .virtualCenter: Phrase(same: "vCenter/ESXi")
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
        public let purpose: Phrase
        /// Whether a Rollcall server must answer there.
        public var isRollcall: Bool { to == .configurationServer }
    }

    /// Every row.
    public static let rows = [
        Row(
            from: [.agent, .processServer, .masterTarget], to: .configurationServer, port: 443,
            purpose: Phrase("registration, heartbeat, settings", "註冊、活動訊號、設定")),
        Row(
            from: [.agent], to: .processServer, port: 9443,
            purpose: Phrase("replication data (the port can be set)", "複寫資料（連接埠可設定）")),
        Row(
            from: [.processServer], to: .masterTarget, port: nil,
            purpose: Phrase("failback data (the port is set there)", "容錯回復資料（連接埠在對方設定）")),
        Row(
            from: [.configurationServer, .processServer], to: .virtualCenter, port: 443,
            purpose: Phrase("discovery, each 15 minutes", "探索，每 15 分鐘一次")),
        Row(
            from: [.agent], to: .agent, port: 20004,
            purpose: Phrase("multi-machine consistency, within a group", "群組內多機一致性")),
    ]

    /// The rows in which a machine of this role dials.
    public static func outgoing(_ role: Role) -> [Row] { rows.filter { $0.from.contains(role) } }

    /// The rows in which it is dialled: to be probed from the other side.
    public static func incoming(_ role: Role) -> [Row] { rows.filter { $0.to == role } }

    /// The table in words, a line a row: for the help.
    public static var lines: [String] {
        rows.map { row in
            let from = row.from.map(\.title.english).joined(separator: ", ")
            let port = row.port.map { "\($0)" } ?? "as set there"
            return "\(from) → \(row.to.title.english), TCP \(port): \(row.purpose.english)"
        }
    }
}
