/// What a machine is for.
public enum Role: UInt8, Hashable, Sendable, CaseIterable {
    /// A protected machine.
    case mobilityAgent = 1
    /// Receives replication data from protected machines and forwards it.
    case processServer = 2
    /// Receives failback data and writes it to the on-premises disks.
    case masterTarget = 3
}

/// Operating system family.
public enum Platform: UInt8, Hashable, Sendable, CaseIterable {
    /// Not told.
    case unknown = 0
    /// Any Linux distribution.
    case linux = 1
    /// Microsoft Windows.
    case windows = 2
}

/// A program of a node that dials in and keeps a clock of its own (domain: svagents, appservice, tmansvc).
public enum ComponentKind: UInt8, Hashable, Sendable, CaseIterable {
    /// The mobility agent (`svagents`).
    case mobilityAgent = 1
    /// The InMage Scout Application Service, where it dials in itself.
    case scoutApplicationService = 2
    /// `tmansvc` of a process server.
    case processServer = 3
}

/// What a node says of itself when it registers. Everything in here is kept durably.
public struct NodeFacts: Equatable, Sendable {
    /// Host name, 1 to 255 bytes.
    public var hostname: String
    /// What the machine is for.
    public var role: Role
    /// Operating system family.
    public var platform: Platform
    /// Operating system and version, for people.
    public var osVersion: String
    /// Version of the agent software.
    public var agentVersion: String
    /// The machine's own addresses, without loopback.
    public var addresses: [String]
    /// Site the machine stands in; never empty.
    public var site: String
    /// Host name or id of the process server it sends to; empty if none.
    public var processServer: String
    /// Id of the running boot, 16 bytes, or empty where unknown.
    public var bootID: [UInt8]
    /// Something that outlives a reinstall of the agent, or empty.
    public var machineID: String
    /// By what its hardware is known.
    public var hardware: Hardware

    /// Facts with a host name, a role and a site; the rest as given or unknown.
    public init(
        hostname: String, role: Role, platform: Platform = .unknown, osVersion: String = "",
        agentVersion: String = "", addresses: [String] = [], site: String = "default", processServer: String = "",
        bootID: [UInt8] = [], machineID: String = "", hardware: Hardware = Hardware()
    ) {
        self.hostname = hostname
        self.role = role
        self.platform = platform
        self.osVersion = osVersion
        self.agentVersion = agentVersion
        self.addresses = addresses
        self.site = site
        self.processServer = processServer
        self.bootID = bootID
        self.machineID = machineID
        self.hardware = hardware
    }
}
