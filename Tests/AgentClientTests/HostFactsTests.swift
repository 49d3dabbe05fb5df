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
