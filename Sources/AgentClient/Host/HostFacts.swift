import Foundation
public import RollcallProtocol

/// What Linux can tell about the machine the agent runs on. Every fact may be missing (a container, a stripped system):
/// it is then unknown, never an error. The parsers are functions of text; this type only knows where the text lies.
public struct HostFacts: Sendable {
    /// Where the files lie: "/" but for tests. Never ends in a slash.
    let root: String
    /// How addresses are found, where it is not the system's list of interfaces.
    let listAddresses: @Sendable () -> [String]

    /// The facts of the machine whose files lie under `root`.
    public init(root: String = "") {
        self.init(
            root: root, listAddresses: { InterfaceAddresses.current { Bridge(name: $0, root: root).isInner } })
    }

    init(root: String, listAddresses: @escaping @Sendable () -> [String]) {
        self.root = root.hasSuffix("/") ? String(root.dropLast()) : root
        self.listAddresses = listAddresses
    }

    // MARK: facts

    /// The host name, fully qualified where the machine knows it; nil where there is none. Asks no name server: an agent
    /// must be able to register while its network is half broken.
    public var hostname: String? {
        let name = text("/proc/sys/kernel/hostname") ?? text("/etc/hostname")
        return name.flatMap { HostName.qualified($0, hosts: text("/etc/hosts") ?? "") }
    }

    /// Stays the same when the agent is reinstalled, and does not give the machine's id away (machine-id(5)).
    public var machineID: String? {
        (text("/etc/machine-id") ?? text("/var/lib/dbus/machine-id")).flatMap(MachineID.applicationSpecific)
    }

    /// What the firmware or the hypervisor calls this machine; nil where that cannot be read, or in a container: the name
    /// is its host's there. The product UUID is root's alone, so the agent's unit lays a copy where the agent may read it.
    public var hardwareID: String? {
        guard !isContainer else { return nil }
        return HardwareID.name { file in
            text("/run/rollcall-agent/\(file)") ?? text("/sys/class/dmi/id/\(file)")
        }
    }

    /// Addresses of the physical network cards (those with a device behind them, virtual machines' included), at most as
    /// many as a registration may hold.
    public var networkCards: [String] {
        guard !isContainer else { return [] }
        let cards = names("/sys/class/net").sorted().compactMap { name -> String? in
            guard exists("/sys/class/net/\(name)/device") else { return nil }
            return text("/sys/class/net/\(name)/address")?.trimmed
        }
        return Array(cards.filter { !$0.isEmpty }.prefix(Self.networkCardsMax))
    }

    /// Whether the system is a container's (systemd's container interface; Docker and Podman leave a file each).
    private var isContainer: Bool {
        ["/run/systemd/container", "/.dockerenv", "/run/.containerenv"].contains(where: exists)
    }

    /// Id of the running boot, 16 bytes.
    public var bootID: [UInt8]? { text("/proc/sys/kernel/random/boot_id").flatMap { HexID.bytes(of: $0) } }

    /// Operating system and version, for people.
    public var osVersion: String? {
        (text("/etc/os-release") ?? text("/usr/lib/os-release")).flatMap(OSRelease.prettyName)
    }

    /// The machine's own addresses, without loopback and link-local ones, at most as many as a registration may hold.
    public var addresses: [String] { Array(listAddresses().prefix(Self.addressesMax)) }

    /// How busy the machine is. Two samples make a share of processor time: `previous` is the one before.
    public func load(since previous: ProcessorTimes?) -> WireLoad {
        var load = WireLoad()
        if let average = text("/proc/loadavg").flatMap(LoadFigures.loadAverage) { load.loadAverage1M = average }
        if let previous, let share = processorTimes?.shareInUse(since: previous) { load.cpuShare = share }
        if let memory = text("/proc/meminfo").map(LoadFigures.memory) {
            if let total = memory.total { load.memoryTotalBytes = total }
            if let available = memory.available { load.memoryAvailableBytes = available }
        }
        return load
    }

    /// Processor time used and idle since the boot.
    public var processorTimes: ProcessorTimes? { text("/proc/stat").flatMap(ProcessorTimes.init(stat:)) }

    // MARK: registration

    /// The machine's part of a registration: all but role, components, site, process server, services and load.
    public func registration(agentVersion: String) -> WireRegisterRequest {
        .with {
            $0.hostname = hostname ?? ""
            $0.platform = .linux
            $0.osVersion = (osVersion ?? "").cut(toBytes: Self.osVersionBytesMax)
            $0.agentVersion = agentVersion
            $0.addresses = addresses
            if let bootID { $0.bootID = Data(bootID) }
            $0.machineID = machineID ?? ""
            $0.hardwareID = hardwareID ?? ""
            $0.networkCards = networkCards
        }
    }

    /// What the protocol allows.
    private static let addressesMax = 32
    private static let osVersionBytesMax = 128
    private static let networkCardsMax = 16

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + path) }

    private func names(_ path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: root + path)) ?? []
    }

    /// A small file's text; nil if it cannot be read. Files of /proc have no size, so they are read to their end.
    private func text(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: root + path) else { return nil }
        defer { try? file.close() }
        guard let bytes = try? file.read(upToCount: 1 << 20) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
