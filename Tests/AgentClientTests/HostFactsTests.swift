import Foundation
import RollcallProtocol
import TestSupport
import Testing

@testable import AgentClient

@Suite("What Linux can tell")
struct HostFactsTests {
    @Test(arguments: [
        (
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\n",
            "Debian GNU/Linux 12 (bookworm)"
        ),
        ("NAME=\"CentOS Linux\"\nVERSION=\"7 (Core)\"\nID=\"centos\"\n", "CentOS Linux 7 (Core)"),
        ("# a comment\nNAME=Fedora\n", "Fedora"),
        ("PRETTY_NAME='SLES 12 SP5'\n", "SLES 12 SP5"),
        ("PRETTY_NAME=\"The \\\"Best\\\" OS\"\n", "The \"Best\" OS"),
    ])
    func `os-release`(_ text: String, _ name: String) { #expect(OSRelease.prettyName(text) == name) }

    @Test func `an os-release without a name is unknown`() {
        #expect(OSRelease.prettyName("ID=x\n") == nil)
        #expect(OSRelease.prettyName("") == nil)
    }

    @Test func `the machine id is hashed as systemd does it`() {
        // systemd-id128 machine-id --app-specific=3c1e0d2c5f5c4d5b8a7e2f6b9d401c11, on a machine with this id.
        #expect(
            MachineID.applicationSpecific("0123456789abcdef0123456789abcdef\n") == "d86be95f1554414aa62d2d4adf95b355")
        #expect(MachineID.applicationSpecific("uninitialized\n") == nil)
        #expect(MachineID.applicationSpecific("") == nil)
    }

    @Test func `a boot id is sixteen bytes`() {
        #expect(
            HexID.bytes(of: "0c944bbe-b486-41c0-87b7-45be323a9e99\n") == [
                0x0c, 0x94, 0x4b, 0xbe, 0xb4, 0x86, 0x41, 0xc0, 0x87, 0xb7, 0x45, 0xbe, 0x32, 0x3a, 0x9e, 0x99,
            ])
        #expect(HexID.bytes(of: "0c944bbe") == nil)
        #expect(HexID.bytes(of: "zz944bbe-b486-41c0-87b7-45be323a9e99") == nil)
    }

    @Test func `the host name gets its domain from the hosts file`() {
        let debian = "127.0.0.1 localhost\n127.0.1.1 web-03.example.net web-03 # set by the installer\n"
        #expect(HostName.qualified("web-03\n", hosts: debian) == "web-03.example.net")
        #expect(HostName.qualified("web-03", hosts: "10.0.0.3 web-03 web-03.lan\n") == "web-03.lan")
        #expect(HostName.qualified("web-03", hosts: "#127.0.1.1 web-03.example.net web-03\n") == "web-03")
        #expect(HostName.qualified("web-0", hosts: debian) == "web-0")
        #expect(HostName.qualified("web-03.other.org", hosts: debian) == "web-03.other.org")
        #expect(HostName.qualified("(none)\n", hosts: "") == nil)
        #expect(HostName.qualified("", hosts: "") == nil)
    }

    @Test func `load average and memory`() {
        #expect(LoadFigures.loadAverage("2.39 2.08 1.09 1/90 23733\n") == 2.39)
        #expect(LoadFigures.loadAverage("nan 0 0") == nil)
        #expect(LoadFigures.loadAverage("") == nil)
        let now = LoadFigures.memory("MemTotal:       24684084 kB\nMemFree: 1 kB\nMemAvailable:   24028376 kB\n")
        #expect(now.total == 24_684_084 * 1024 && now.available == 24_028_376 * 1024)
        let centos6 = LoadFigures.memory("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 300 kB\n")
        #expect(centos6.available == 420 * 1024)
        #expect(LoadFigures.memory("").total == nil)
    }

    @Test func `share of processor time between two samples`() throws {
        let before = try #require(ProcessorTimes(stat: "cpu  67676 0 12144 254363 688 0 73 44 0 0\ncpu0 1 2 3\n"))
        let after = try #require(ProcessorTimes(stat: "cpu  67976 0 12144 254463 688 0 73 44 0 0\n"))
        #expect(after.shareInUse(since: before) == 0.75)
        #expect(before.shareInUse(since: before) == nil)
        #expect(before.shareInUse(since: after) == nil)
        #expect(ProcessorTimes(stat: "intr 5\n") == nil)
    }

    @Test(arguments: ["127.0.0.1", "::1", "fe80::1", "FE80::1%eth0", "fe90::2", "169.254.1.9", "0.0.0.0", ""])
    func `addresses that lead nowhere are left out`(_ address: String) {
        #expect(!InterfaceAddresses.isWorthReporting(address))
    }

    @Test(arguments: ["10.1.2.3", "192.0.2.7", "2001:db8::5", "fd00::1"])
    func `addresses that others may use are reported`(_ address: String) {
        #expect(InterfaceAddresses.isWorthReporting(address))
    }

    @Test func `an empty root gives unknown facts, and no crash`() throws {
        let directory = try TestDirectory()
        let facts = HostFacts(root: directory.url.path, listAddresses: { [] })
        #expect(facts.hostname == nil && facts.machineID == nil && facts.bootID == nil && facts.osVersion == nil)
        #expect(facts.load(since: nil) == WireLoad())
        let registration = facts.registration(agentVersion: "0.1.0")
        #expect(registration.hostname == "" && registration.agentVersion == "0.1.0" && registration.platform == .linux)
    }

    @Test func `files under a root become a registration`() throws {
        let directory = try TestDirectory()
        try directory.write("proc/sys/kernel/hostname", "ps-1\n")
        try directory.write("proc/sys/kernel/random/boot_id", "0c944bbe-b486-41c0-87b7-45be323a9e99\n")
        try directory.write("etc/os-release", "PRETTY_NAME=\"\(String(repeating: "é", count: 100))\"\n")
        try directory.write("etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        let facts = HostFacts(root: directory.url.path, listAddresses: { (0..<99).map { "10.0.0.\($0)" } })
        let registration = facts.registration(agentVersion: "0.1.0")
        #expect(registration.hostname == "ps-1")
        #expect(registration.bootID.count == 16)
        #expect(registration.machineID == "d86be95f1554414aa62d2d4adf95b355")
        #expect(registration.addresses.count == 32)
        #expect(registration.osVersion.utf8.count == 128)
    }

    @Test(
        arguments: [
            ("4C4C4544-0042-3510-8052-B3C04F4B4E32\n", "4c4c4544-0042-3510-8052-b3c04f4b4e32"),
            ("00000000-0000-0000-0000-000000000000", nil), ("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", nil),
            ("01010101-0101-0101-0101-010101010101", nil), ("03000200-0400-0500-0006-000700080009", nil),
            ("00000000-0000-0000-0000-AC1F6B123456", nil), ("Not Settable", nil), ("", nil),
            ("4c4c4544004235108052b3c04f4b4e32", nil),
        ] as [(String, String?)])
    func `the product's UUID names the hardware unless it is a placeholder`(_ text: String, _ name: String?) {
        #expect(HardwareID.name { $0 == "product_uuid" ? text : nil } == name)
    }

    @Test(
        arguments: [
            ("7XK2Q33", "Dell Inc. 7XK2Q33"), ("VMware-56 4d 1f 2a 7c 3b", "Dell Inc. VMware-56 4d 1f 2a 7c 3b"),
            ("To Be Filled By O.E.M.", nil), ("Not Specified", nil), ("Default string", nil),
            ("System Serial Number", nil),
            ("0123456789", nil), ("123456789", nil), ("SYS-1234567890", nil), ("0000000", nil), ("None", nil),
            ("1", nil),
            ("xxxxxxxxxxx", nil),
        ] as [(String, String?)])
    func `else maker and serial number do, unless that is a placeholder`(_ serial: String, _ name: String?) {
        #expect(HardwareID.name { ["product_serial": serial, "sys_vendor": "Dell Inc.\n"][$0] } == name)
        #expect(HardwareID.name { ["product_serial": serial][$0] } == nil)
    }

    @Test func `hardware is read from the machine's files, but not in a container`() throws {
        let directory = try TestDirectory()
        try directory.write("sys/class/dmi/id/board_asset_tag", "i-0123456789abcdef0\n")
        try directory.write("sys/class/dmi/id/product_uuid", "4C4C4544-0042-3510-8052-B3C04F4B4E32\n")
        for (name, address) in [("eth0", "52:54:00:12:34:56"), ("lo", "00:00:00:00:00:00")] {
            try directory.write("sys/class/net/\(name)/address", address + "\n")
        }
        try directory.write("sys/class/net/eth0/device/vendor", "0x1af4")
        let facts = HostFacts(root: directory.url.path, listAddresses: { [] })
        #expect(facts.hardwareID == "i-0123456789abcdef0")
        try directory.write("sys/class/dmi/id/board_asset_tag", "Default string\n")
        #expect(facts.hardwareID == "4c4c4544-0042-3510-8052-b3c04f4b4e32")
        #expect(facts.networkCards == ["52:54:00:12:34:56"])
        // What root laid beside it counts before what this user cannot read.
        try directory.write("run/rollcall-agent/product_uuid", "564D1F2A-7C3B-0E91-A0C4-0A1B2C3D4E5F\n")
        #expect(facts.registration(agentVersion: "").hardwareID == "564d1f2a-7c3b-0e91-a0c4-0a1b2c3d4e5f")
        try directory.write(".dockerenv", "")
        #expect(facts.hardwareID == nil && facts.networkCards == [])
    }

    @Test func `a bridge of containers leads nowhere; one with a network card, or a bond, is a way out`() throws {
        let directory = try TestDirectory()
        for (bridge, ports) in [
            ("docker0", ["veth1a"]), ("virbr0", []), ("br0", ["eth0", "vnet1"]), ("br1", ["bond0"]),
        ] {
            try directory.write("sys/class/net/\(bridge)/bridge/stp_state", "0")
            for port in ports { try directory.write("sys/class/net/\(bridge)/brif/\(port)/state", "3") }
        }
        try directory.write("sys/class/net/eth0/device/vendor", "0x1af4")
        let inner = ["docker0", "virbr0", "br0", "br1", "eth0"].filter {
            Bridge(name: $0, root: directory.url.path).isInner
        }
        #expect(inner == ["docker0", "virbr0"])
    }

    @Test func `this very machine has a name, a boot and memory`() {
        let facts = HostFacts()
        #expect(facts.hostname?.isEmpty == false)
        #expect(facts.bootID?.count == 16)
        #expect(facts.load(since: nil).memoryTotalBytes > 0)
        #expect(facts.processorTimes != nil)
    }
}

extension TestDirectory {
    /// Writes a file, and makes the directories above it.
    func write(_ name: String, _ text: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}
