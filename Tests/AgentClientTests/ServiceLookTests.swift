import Foundation
import RollcallProtocol
import TestSupport
import Testing

@testable import AgentClient

@Suite("A look at services")
struct ServiceLookTests {
    private func look(_ method: WatchSpec.Method, root: String = "", systemctl: Systemctl? = nil) -> WireServiceReport {
        ServiceLook([.init(name: "a", method: method)], root: root, systemctl: systemctl ?? Systemctl(root: root))
            .look().first ?? .init()
    }

    // MARK: processes

    @Test func `a child process is seen running, and stopped when it has gone`() throws {
        let directory = try TestDirectory()
        let executable = directory.path("svtest-\(UInt16.random(in: 0 ... .max))")
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: executable)
        let child = try Child(executable, "600")
        let look = ServiceLook(
            [
                .init(name: "path", method: .process(executable: executable)),
                .init(name: "name", method: .process(executable: String(executable.split(separator: "/").last ?? ""))),
            ], root: "", systemctl: Systemctl())
        #expect(look.look().map(\.state) == [.running, .running])
        #expect(look.look().first?.detail == "process \(child.pid) (\(executable))")
        child.kill()
        #expect(look.look().map(\.state) == [.stopped, .stopped])
        #expect(look.look().first?.detail == "no process \(executable)")
    }

    @Test func `a zombie does not run`() {
        #expect(ProcessStat("23734 (cat) Z 1 1 1 0 -1 4194304 102 0 0 0 0 0 0 0 20 0 1 0 167784 0")?.hasEnded == true)
    }

    @Test func `names with blanks and brackets`() {
        let stat = ProcessStat("7 (a (b) c) S 1 1 1 0 -1 4194304 102 0 0 0 0 0 0 0 20 0 1 0 167784 0 0")
        #expect(stat?.name == "a (b) c" && stat?.startTicks == 167_784)
        #expect(ProcessStat("7 (a") == nil)
        #expect(ProcessStat("") == nil)
    }

    @Test func `where /proc hides processes, one that is not found is not known`() throws {
        let directory = try TestDirectory()
        try directory.write("proc/77/stat", "77 (me) S 1 1 1 0 -1 4194304 102 0 0 0 0 0 0 0 20 0 1 0 5 0 0")
        #expect(look(.process(executable: "svagents"), root: directory.url.path).state == .unspecified)
        #expect(look(.process(executable: "me"), root: directory.url.path).state == .running)
        try directory.write("proc/1/stat", "1 (init) S 0 1 1 0 -1 4194304 102 0 0 0 0 0 0 0 20 0 1 0 5 0 0")
        #expect(look(.process(executable: "svagents"), root: directory.url.path).state == .stopped)
    }

    // MARK: pid files

    @Test func `a pid file that names a live process`() throws {
        let directory = try TestDirectory()
        let child = try Child("/bin/sleep", "600")
        try directory.write("a.pid", "\(child.pid)\n")
        let report = look(.pidFile(path: directory.path("a.pid")))
        #expect(report.state == .running)
        #expect(report.detail == "process \(child.pid) (sleep), pid file \(directory.path("a.pid"))")
        child.kill()
        #expect(look(.pidFile(path: directory.path("a.pid"))).state == .stopped)
        #expect(
            look(.pidFile(path: directory.path("a.pid"))).detail
                == "stale pid file \(directory.path("a.pid")): there is no process \(child.pid)")
    }

    @Test func `a pid that another process has got meanwhile is stale`() throws {
        let directory = try TestDirectory()
        try directory.write("a.pid", "\(ProcessInfo.processInfo.processIdentifier)\n")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: directory.path("a.pid"))
        let report = look(.pidFile(path: directory.path("a.pid")))
        #expect(report.state == .stopped)
        #expect(report.detail.contains("started after it was written"))
    }

    @Test func `no pid file is stopped, one without a number is not known`() throws {
        let directory = try TestDirectory()
        #expect(look(.pidFile(path: directory.path("a.pid"))).state == .stopped)
        for text in ["", "abc\n", "-5\n", "0\n", "99999999999\n"] {
            try directory.write("a.pid", text)
            #expect(look(.pidFile(path: directory.path("a.pid"))).state == .unspecified)
        }
    }

    // MARK: systemd

    /// A host with a systemctl that does what the script says.
    private func host(systemctl script: String) throws -> TestDirectory {
        let directory = try TestDirectory()
        try directory.write("run/systemd/system/x", "")
        try directory.write("usr/bin/systemctl", "#!/bin/sh\n" + script)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: directory.path("usr/bin/systemctl"))
        return directory
    }

    @Test func `systemctl is asked for all units at once`() throws {
        let host = try host(
            systemctl: """
                [ "$*" = "show --no-pager --property=Id,LoadState,ActiveState,SubState,UnitFileState,Result -- a.service b.service" ] || exit 9
                printf 'Id=a.service\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\nUnitFileState=enabled\\n\\n'
                printf 'Id=b.service\\nLoadState=not-found\\nActiveState=inactive\\n'
                """)
        let look = ServiceLook(
            [
                .init(name: "A", method: .systemd(unit: "a.service")),
                .init(name: "B", method: .systemd(unit: "b.service")),
            ], root: host.url.path, systemctl: Systemctl(root: host.url.path))
        #expect(look.look().map(\.state) == [.running, .notInstalled])
    }

    @Test func `a systemctl that fails, or says nothing, is not known with the reason`() throws {
        let failing = try host(systemctl: "echo 'Failed to connect to bus: Host is down' >&2; exit 1")
        let report = look(.systemd(unit: "a.service"), root: failing.url.path)
        #expect(report.state == .unspecified)
        #expect(
            report.detail == "systemd unit a.service: not known, systemctl says: Failed to connect to bus: Host is down"
        )
        let silent = try host(systemctl: "exit 0")
        #expect(look(.systemd(unit: "a.service"), root: silent.url.path).state == .unspecified)
    }

    @Test func `a systemctl that hangs is killed`() throws {
        let host = try host(systemctl: "exec sleep 600")
        let report = look(
            .systemd(unit: "a.service"), root: host.url.path,
            systemctl: Systemctl(root: host.url.path, limit: .milliseconds(100)))
        #expect(report.state == .unspecified)
        #expect(
            report.detail == "systemd unit a.service: not known, systemctl did not answer within 100ms")
    }

    @Test func `a host without systemd is not known, not stopped`() throws {
        let directory = try TestDirectory()
        let report = look(.systemd(unit: "a.service"), root: directory.url.path)
        #expect(report.state == .unspecified)
        #expect(report.detail == "systemd unit a.service: not known, this host was not started by systemd")
    }
}

/// A child process of a test, killed with the value.
final class Child {
    private let process = Process()
    var pid: Int32 { process.processIdentifier }

    init(_ path: String, _ arguments: String...) throws {
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        try process.run()
    }

    /// Kills it, and waits until it has gone.
    func kill() {
        Foundation.kill(pid, SIGKILL)
        process.waitUntilExit()
    }

    deinit { if process.isRunning { kill() } }
}
