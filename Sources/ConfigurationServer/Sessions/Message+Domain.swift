public import Registry
public import RollcallProtocol

/// A field of a message that cannot be what it is meant to be.
struct FieldRefusal: Error, Equatable, CustomStringConvertible {
    let field: String
    let why: String

    var description: String { "\(field): \(why)" }
}

extension Registration {
    /// Reads a registration; the core checks lengths and counts.
    static func make(
        from message: WireRegisterRequest, id: NodeID, session: SessionID, connection: ConnectionFacts
    ) -> Result<Registration, FieldRefusal> {
        guard let role = Role(message.role) else {
            let why =
                message.role == .unspecified
                ? "missing; say mobility agent (1), process server (2) or master target (3)"
                : "\(message.role.rawValue) is none this server knows; say 1, 2 or 3"
            return .failure(FieldRefusal(field: "role", why: why))
        }
        guard message.bootID.isEmpty || message.bootID.count == 16 else {
            return .failure(FieldRefusal(field: "boot_id", why: "has \(message.bootID.count) bytes, must have 16"))
        }
        let components = message.components.compactMap(ComponentKind.init)
        var connection = connection
        connection.instance = message.instance
        return ServiceReport.list(from: message.services).map { services in
            Registration(
                id: id, session: session,
                facts: NodeFacts(
                    hostname: message.hostname, role: role, platform: Platform(message.platform),
                    osVersion: message.osVersion, agentVersion: message.agentVersion, addresses: message.addresses,
                    site: message.site.isEmpty ? "default" : message.site, processServer: message.processServer,
                    bootID: Array(message.bootID), machineID: message.machineID,
                    hardware: Hardware(id: message.hardwareID, networkCards: message.networkCards)),
                components: components, services: services, load: message.hasLoad ? Load(message.load) : nil,
                sentAt: message.sentUnixMs == 0 ? nil : Instant(unixMilliseconds: message.sentUnixMs),
                connection: connection, lastServer: message.hasLastServer ? ServerTag(message.lastServer) : nil)
        }
    }
}

extension ServiceReport {
    /// Reads a list of reports. Values that this version does not know become unknown.
    static func list(from messages: [WireServiceReport]) -> Result<[ServiceReport], FieldRefusal> {
        var reports: [ServiceReport] = []
        for (position, message) in messages.enumerated() {
            guard !message.name.isEmpty else {
                return .failure(FieldRefusal(field: "services[\(position)].name", why: "is empty; name the service"))
            }
            reports.append(ServiceReport(message))
        }
        return .success(reports)
    }

    /// A service as its agent reports it. Values that this version does not know become unknown.
    public init(_ message: WireServiceReport) {
        self.init(
            name: message.name, state: ServiceState(message.state), startType: StartType(message.startType),
            detail: message.detail, unit: message.unit)
    }
}

extension Load {
    init(_ message: WireLoad) {
        self.init(
            loadAverage1m: message.hasLoadAverage1M ? message.loadAverage1M : nil,
            cpuShare: message.hasCpuShare ? message.cpuShare : nil,
            memoryTotalBytes: message.hasMemoryTotalBytes ? message.memoryTotalBytes : nil,
            memoryAvailableBytes: message.hasMemoryAvailableBytes ? message.memoryAvailableBytes : nil)
    }
}

extension ServerTag {
    /// What an agent brings back; nil if that cannot be.
    init?(_ message: WireServerTag) {
        guard let registry = NodeID(bytes: message.registryID), message.run != 0,
            message.host.utf8.count <= RegistryLimits.hostnameBytesMax,
            message.host.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return nil }
        self.init(registry: registry, start: message.start, run: message.run, host: message.host)
    }
}

extension WireServerTag {
    init(_ tag: ServerTag) {
        self.init()
        registryID = .init(tag.registry.bytes)
        start = tag.start
        run = tag.run
        host = tag.host
    }
}

extension Registry.DataPath {
    /// What a node says of the way to its process server; nil if that cannot be.
    init?(_ message: WireDataPath, at now: Instant) {
        guard !message.processServer.isEmpty, message.processServer.utf8.count <= RegistryLimits.hostnameBytesMax,
            (1...65_535).contains(message.port),
            message.processServer.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F })
        else { return nil }
        let since = Instant(unixMilliseconds: message.sinceUnixMs)
        self.init(
            isOpen: message.open, processServer: message.processServer, port: Int(message.port),
            since: message.sinceUnixMs == 0 || since > now ? now : since,
            detail: Self.harmless(message.detail))
    }
}

extension Registry.DataPath {
    /// Longer ones are cut: it is for people.
    private static let detailBytesMax = 128

    private static func harmless(_ text: String) -> String {
        var kept = ""
        for scalar in text.unicodeScalars {
            guard kept.utf8.count + UTF8.width(scalar) <= detailBytesMax else { break }
            kept.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return kept
    }
}

extension Role {
    /// The role of this name; nil for one that this version does not know.
    public init?(_ message: WireRole) { self.init(rawValue: UInt8(exactly: message.rawValue) ?? 0) }
}

extension Platform {
    /// The family of this name, or unknown.
    public init(_ message: WirePlatform) {
        self = Platform(rawValue: UInt8(exactly: message.rawValue) ?? 0) ?? .unknown
    }
}

extension ComponentKind {
    init?(_ message: WireComponent) { self.init(rawValue: UInt8(exactly: message.rawValue) ?? 0) }
}

extension ServiceState {
    init(_ message: WireServiceState) {
        self = ServiceState(rawValue: UInt8(exactly: message.rawValue) ?? 0) ?? .unknown
    }
}

extension StartType {
    init(_ message: WireStartType) { self = StartType(rawValue: UInt8(exactly: message.rawValue) ?? 0) ?? .unknown }
}

extension LeaveReason {
    init(_ message: WireLeaveReason) {
        self = LeaveReason(rawValue: UInt8(exactly: message.rawValue) ?? 0) ?? .unspecified
    }
}
