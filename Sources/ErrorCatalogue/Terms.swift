/// One word for each thing in each language, for everything the product writes.
public enum Term: String, Hashable, Sendable, CaseIterable {
    /// The server all others register at.
    case configurationServer
    /// Receives replication data and forwards it.
    case processServer
    /// Writes failback data to the on-premises disks.
    case masterTarget
    /// The software on a protected machine.
    case mobilityService
    /// The program of it that dials in.
    case mobilityAgent
    /// The sign of life.
    case heartbeat
    /// Where machines stand.
    case site
    /// Replicating back from the cloud.
    case reprotect
    /// Moving to the cloud.
    case failover
    /// Moving back.
    case failback
    /// Volume of a master target for recovery points.
    case retentionDrive
    /// Where a host keeps virtual disks.
    case datastore
    /// Machines that fail over together.
    case replicationGroup
    /// Steps of a failover, in order.
    case recoveryPlan
    /// A VPN between two sites.
    case siteToSiteVPN
    /// A private line to the cloud.
    case privatePeering
    /// Answers.
    case reachable
    /// Its connection broke, or a heartbeat is overdue.
    case suspect
    /// Silent for longer than the set time.
    case unreachable
    /// Said goodbye.
    case left
    /// Announced, not registered yet.
    case expected
    /// Nothing is wrong.
    case healthy
    /// Worth knowing.
    case information
    /// Needs attention.
    case warning
    /// Broken.
    case critical
    /// Nothing fresh is known.
    case unknown

    /// The word in a language.
    public func name(in language: Language) -> String {
        switch language {
        case .english: english
        case .traditionalChinese: traditionalChinese
        }
    }

    private var english: String {
        switch self {
        case .configurationServer: "configuration server"
        case .processServer: "process server"
        case .masterTarget: "master target"
        case .mobilityService: "Mobility service"
        case .mobilityAgent: "mobility agent"
        case .heartbeat: "heartbeat"
        case .site: "site"
        case .reprotect: "reprotect"
        case .failover: "failover"
        case .failback: "failback"
        case .retentionDrive: "retention drive"
        case .datastore: "datastore"
        case .replicationGroup: "replication group"
        case .recoveryPlan: "recovery plan"
        case .siteToSiteVPN: "site-to-site VPN"
        case .privatePeering: "private peering"
        case .reachable: "reachable"
        case .suspect: "suspect"
        case .unreachable: "unreachable"
        case .left: "left"
        case .expected: "expected"
        case .healthy: "healthy"
        case .information: "information"
        case .warning: "warning"
        case .critical: "critical"
        case .unknown: "unknown"
        }
    }

    private var traditionalChinese: String {
        switch self {
        case .configurationServer: "組態伺服器"
        case .processServer: "處理序伺服器"
        case .masterTarget: "主要目標伺服器"
        case .mobilityService: "行動服務"
        case .mobilityAgent: "行動代理程式"
        case .heartbeat: "活動訊號"
        case .site: "站台"
        case .reprotect: "重新保護"
        case .failover: "容錯移轉"
        case .failback: "容錯回復"
        case .retentionDrive: "保留磁碟機"
        case .datastore: "資料存放區"
        case .replicationGroup: "複寫群組"
        case .recoveryPlan: "復原方案"
        case .siteToSiteVPN: "站台對站台 VPN"
        case .privatePeering: "私人對等互連"
        case .reachable: "可連線"
        case .suspect: "疑似失聯"
        case .unreachable: "無法連線"
        case .left: "已離開"
        case .expected: "等候註冊"
        case .healthy: "正常"
        case .information: "資訊"
        case .warning: "警告"
        case .critical: "嚴重"
        case .unknown: "不明"
        }
    }
}
