internal import RollcallProtocol

/// What an agent is told about itself. Each source (flags, environment, file) fills in what it knows; `over` puts one
/// before another.
public struct AgentSettings: Equatable, Sendable {
    /// The configuration server, HOST[:PORT].
    public var server: String?
    /// Directory with identity.pem, identity.key and ca.pem.
    public var identity: String?
    /// What the machine is for: "agent", "process-server", "master-target".
    public var role: String?
    /// Further components the process speaks for: "mobility-agent", "scout-application-service", "process-server".
    public var components: [String]?
    /// The site the machine stands in.
    public var site: String?
    /// The process server it sends its data to.
    public var processServer: String?
    /// The process server's data port, a number.
    public var processServerPort: String?
    /// How often that port is looked at; zero: never.
    public var processServerCheck: Duration?
    /// The name it is known by.
    public var hostname: String?
    /// What its hardware is called, where that is not to be read from the machine; "none": nothing.
    public var hardwareID: String?
    /// Services to watch, each in one of the forms of `WatchSpec`.
    public var watch: [String]?
    /// How often they are looked at.
    public var watchInterval: Duration?
    /// How much to log.
    public var logLevel: String?

    /// Settings that say nothing.
    public init() {}

    /// These settings, and where they say nothing, those.
    public func over(_ other: AgentSettings) -> AgentSettings {
        var merged = AgentSettings()
        merged.server = server ?? other.server
        merged.identity = identity ?? other.identity
        merged.role = role ?? other.role
        merged.components = components ?? other.components
        merged.site = site ?? other.site
        merged.processServer = processServer ?? other.processServer
        merged.processServerPort = processServerPort ?? other.processServerPort
        merged.processServerCheck = processServerCheck ?? other.processServerCheck
        merged.hostname = hostname ?? other.hostname
        merged.hardwareID = hardwareID ?? other.hardwareID
        merged.watch = watch ?? other.watch
        merged.watchInterval = watchInterval ?? other.watchInterval
        merged.logLevel = logLevel ?? other.logLevel
        return merged
    }

    /// What `ROLLCALL_…` variables say. Lists are separated by ';', because names of services hold blanks and commas.
    /// An empty variable counts as none.
    /// - Throws: `AgentSettingsError` that names the variable.
    public init(environment: [String: String]) throws(AgentSettingsError) {
        func value(_ name: String) -> String? {
            environment["ROLLCALL_" + name].flatMap { $0.isEmpty ? nil : $0 }
        }
        func list(_ name: String) -> [String]? {
            value(name).map { $0.split(separator: ";").map(\.trimmed).filter { !$0.isEmpty } }
        }
        func duration(_ name: String) throws(AgentSettingsError) -> Duration? {
            guard let text = value(name) else { return nil }
            guard let duration = Duration(text: text) else {
                throw AgentSettingsError("ROLLCALL_\(name) is '\(text)': write 500ms, 5s or 1m")
            }
            return duration
        }
        server = value("SERVER")
        identity = value("IDENTITY")
        role = value("ROLE")
        components = list("COMPONENTS")
        site = value("SITE")
        processServer = value("PROCESS_SERVER")
        processServerPort = value("PROCESS_SERVER_PORT")
        processServerCheck = try duration("PROCESS_SERVER_CHECK")
        hostname = value("HOSTNAME")
        hardwareID = value("HARDWARE_ID")
        watch = list("WATCH")
        logLevel = value("LOG_LEVEL")
        watchInterval = try duration("WATCH_INTERVAL")
    }
}

/// What is wrong with an agent's settings, in one line.
public struct AgentSettingsError: Error, Equatable, CustomStringConvertible {
    /// The line.
    public let description: String

    init(_ description: String) { self.description = description }
}
