public import RollcallProtocol

/// An agent's settings, checked and completed: everything it needs to run.
public struct AgentPlan: Sendable {
    /// Where the unit of the agent keeps its identity.
    public static let identityDefault = "/var/lib/rollcall-agent"
    /// How often services are looked at, unless heartbeats are due more often than that.
    public static let watchIntervalDefault: Duration = .seconds(5)
    private static let watchIntervalMin: Duration = .milliseconds(100)

    /// The configuration server.
    public let server: ServerName
    /// Directory with identity.pem, identity.key and ca.pem.
    public let identity: String
    /// What the machine is for.
    public let role: WireRole
    /// What the connection speaks for.
    public let components: [WireComponent]
    /// The site; empty: the server's default.
    public let site: String
    /// The process server; empty: none.
    public let processServer: String
    /// The process server's data port, where it is looked at; nil: there is none, or it is not.
    public let dataPath: DataPathTarget?
    /// The name it is known by; nil: the machine's own.
    public let hostname: String?
    /// What its hardware is called, "" for nothing; nil: what the machine says.
    public let hardwareID: String?
    /// Services to watch.
    public let watch: [WatchSpec]
    /// How often they are looked at; nil: see `watchInterval(heartbeats:)`.
    public let watchInterval: Duration?

    /// How often services are looked at where heartbeats are due each `interval`: what was set, else so often that a
    /// stopped service is told well before two intervals have passed.
    public func watchInterval(heartbeats interval: Duration) -> Duration {
        watchInterval ?? max(Self.watchIntervalMin, min(Self.watchIntervalDefault, interval / 2))
    }

    /// Checks settings and fills in the defaults.
    /// - Throws: `AgentSettingsError` that names the setting.
    public init(_ settings: AgentSettings) throws(AgentSettingsError) {
        guard let server = settings.server else {
            throw AgentSettingsError(
                "no configuration server is named: give --server HOST[:PORT], ROLLCALL_SERVER or 'server' in --config")
        }
        do { self.server = try ServerName(parsing: server) } catch { throw AgentSettingsError("\(error)") }
        identity = settings.identity ?? Self.identityDefault
        let role = try Self.role(settings.role ?? "agent")
        self.role = role
        components = try Self.components(of: role, and: settings.components ?? [])
        site = try Self.limited(settings.site ?? "", "site", bytesMax: 64)
        processServer = try Self.limited(settings.processServer ?? "", "process-server", bytesMax: 255)
        dataPath = try Self.dataPath(settings, to: processServer)
        hostname = try settings.hostname.map { text throws(AgentSettingsError) in
            try Self.limited(text, "hostname", bytesMax: 255)
        }
        hardwareID = try settings.hardwareID.map { text throws(AgentSettingsError) in
            text == "none" ? "" : try Self.limited(text, "hardware-id", bytesMax: HardwareID.bytesMax)
        }
        watch = try Self.watch(settings.watch ?? [])
        watchInterval = settings.watchInterval
        if let watchInterval, watchInterval < Self.watchIntervalMin {
            throw AgentSettingsError(
                "watch-interval is \(watchInterval.text): the least is \(Self.watchIntervalMin.text)")
        }
    }

    private static func dataPath(
        _ settings: AgentSettings, to host: String
    ) throws(AgentSettingsError) -> DataPathTarget? {
        let port = settings.processServerPort ?? "\(DataPathTarget.portDefault)"
        guard let number = UInt16(port), number > 0 else {
            throw AgentSettingsError("process-server-port is '\(port.oneLine)': it is a number from 1 to 65535")
        }
        let interval = settings.processServerCheck ?? DataPathTarget.intervalDefault
        guard interval == .zero || interval >= DataPathTarget.intervalMin else {
            throw AgentSettingsError(
                "process-server-check is \(interval.text): the least is \(DataPathTarget.intervalMin.text), or 0s for never"
            )
        }
        guard !host.isEmpty, interval > .zero else { return nil }
        return DataPathTarget(host: host, port: number, interval: interval)
    }

    /// The role as it is typed.
    var roleName: String {
        switch role {
        case .processServer: "process-server"
        case .masterTarget: "master-target"
        case .mobilityAgent, .unspecified, .UNRECOGNIZED: "agent"
        }
    }

    private static func role(_ text: String) throws(AgentSettingsError) -> WireRole {
        switch text {
        case "agent": return .mobilityAgent
        case "process-server": return .processServer
        case "master-target": return .masterTarget
        default:
            throw AgentSettingsError("role is '\(text.oneLine)': it is agent, process-server or master-target")
        }
    }

    private static func components(
        of role: WireRole, and further: [String]
    ) throws(AgentSettingsError) -> [WireComponent] {
        var components: [WireComponent] = [role == .processServer ? .processServer : .mobilityAgent]
        for text in further {
            let component: WireComponent
            switch text {
            case "mobility-agent": component = .mobilityAgent
            case "scout-application-service": component = .scoutApplicationService
            case "process-server": component = .processServer
            default:
                throw AgentSettingsError(
                    "component is '\(text.oneLine)': it is mobility-agent, scout-application-service or process-server")
            }
            if !components.contains(component) { components.append(component) }
        }
        return components
    }

    private static func watch(_ texts: [String]) throws(AgentSettingsError) -> [WatchSpec] {
        guard texts.count <= WatchSpec.countMax else {
            throw AgentSettingsError("\(texts.count) services to watch: an agent takes \(WatchSpec.countMax) at most")
        }
        var specs: [WatchSpec] = []
        for text in texts {
            let spec: WatchSpec
            do { spec = try WatchSpec(parsing: text) } catch { throw AgentSettingsError("\(error)") }
            guard !specs.contains(where: { $0.name == spec.name }) else {
                throw AgentSettingsError("two services to watch are called '\(spec.name)': give each a name of its own")
            }
            specs.append(spec)
        }
        return specs
    }

    private static func limited(
        _ text: String, _ key: String, bytesMax: Int
    ) throws(AgentSettingsError) -> String {
        guard text.utf8.count <= bytesMax else {
            throw AgentSettingsError("\(key) has \(text.utf8.count) bytes: the protocol takes \(bytesMax) at most")
        }
        return text
    }
}
