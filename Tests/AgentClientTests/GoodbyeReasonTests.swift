import Foundation
import RollcallProtocol
import TestSupport
import Testing

@testable import AgentClient

@Suite("A goodbye with its reason")
struct GoodbyeReasonTests {
    /// A host with a systemctl that does what the script says.
    private func host(systemctl script: String) throws -> TestDirectory {
        let directory = try TestDirectory()
        try directory.write("run/systemd/system/x", "")
        try directory.write("usr/bin/systemctl", "#!/bin/sh\n" + script)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: directory.path("usr/bin/systemctl"))
        return directory
    }

    private func goodbye(on host: TestDirectory) -> Goodbye {
        Goodbye(identity: host.url.path, root: host.url.path)
    }

    @Test(
        "what systemd is about to do is the reason",
        arguments: [
            ("87 reboot.target start waiting\n90 rollcall-agent.service stop running", WireLeaveReason.reboot),
            ("87 kexec.target start waiting", .reboot),
            ("12 sshd.service stop running\n87 poweroff.target start waiting", .shutdown),
            ("87 halt.target start waiting", .shutdown), ("90 rollcall-agent.service stop running", .serviceStop),
            ("", .serviceStop), ("87 reboot.target stop waiting", .serviceStop),
        ])
    func systemd(jobs: String, reason: WireLeaveReason) throws {
        let host = try host(
            systemctl: """
                [ "$*" = "list-jobs --no-pager --no-legend --plain" ] || exit 9
                cat <<'EOF'
                \(jobs)
                EOF
                """)
        #expect(goodbye(on: host).reason() == reason)
    }

    @Test("a systemctl that fails leaves the run level, and that nothing but a stopped service")
    func runLevel() throws {
        let host = try host(systemctl: "exit 1")
        #expect(goodbye(on: host).reason() == .serviceStop)
        func record(_ type: UInt8, _ level: UInt8) -> Data {
            var bytes = [UInt8](repeating: 0, count: 384)
            (bytes[0], bytes[4]) = (type, level)
            return Data(bytes)
        }
        let path = host.path("run/utmp")
        for (level, reason) in [("6", WireLeaveReason.reboot), ("0", .shutdown), ("5", .serviceStop)] {
            // A boot record, type 2, stands before the run level's.
            try (record(2, 126) + record(1, UInt8(ascii: Unicode.Scalar(level) ?? "5"))).write(to: URL(filePath: path))
            #expect(goodbye(on: host).reason() == reason, "run level \(level)")
        }
        try Data([1, 0, 0]).write(to: URL(filePath: path))
        #expect(goodbye(on: host).reason() == .serviceStop)
    }

    @Test("what was announced wins, holds for a while, and is over when the next agent starts")
    func announced() throws {
        let host = try host(systemctl: "echo '87 reboot.target start waiting'")
        let goodbye = goodbye(on: host)
        try goodbye.announce("upgrade")
        #expect(goodbye.reason() == .upgrade)
        let old = Date(timeIntervalSinceNow: -16 * 60)
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: host.path("goodbye"))
        #expect(goodbye.reason() == .reboot)
        try goodbye.announce("decommission")
        #expect(goodbye.reason() == .decommission)
        goodbye.begin()
        #expect(goodbye.reason() == .reboot)
    }

    @Test("a reason that does not exist, and a directory that does not, are said in one line")
    func refused() throws {
        let host = try TestDirectory()
        #expect {
            try goodbye(on: host).announce("holiday")
        } throws: {
            "\($0)" == "goodbye is 'holiday': it is shutdown, reboot, service-stop, upgrade, decommission"
        }
        #expect {
            try Goodbye(identity: host.path("nowhere")).announce("upgrade")
        } throws: {
            "\($0)".contains("nowhere/goodbye cannot be written")
        }
    }
}
