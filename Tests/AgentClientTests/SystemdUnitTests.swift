import RollcallProtocol
import Testing

@testable import AgentClient

@Suite("A systemd unit")
struct SystemdUnitTests {
    private func report(_ properties: String...) -> WireServiceReport {
        SystemdUnit.parse(properties.joined(separator: "\n") + "\n")[0].report(name: "a", unit: "a.service")
    }

    @Test func `running and enabled`() {
        let report = report(
            "Result=success", "Id=a.service", "LoadState=loaded", "ActiveState=active", "SubState=running",
            "UnitFileState=enabled")
        #expect(report.state == .running && report.startType == .automatic)
        #expect(report.detail == "systemd unit a.service: running")
        #expect(report.unit == "a.service")
    }

    @Test func `failed, with the reason`() {
        let report = report(
            "Result=exit-code", "LoadState=loaded", "ActiveState=failed", "SubState=failed", "UnitFileState=disabled")
        #expect(report.state == .stopped && report.startType == .disabled)
        #expect(report.detail == "systemd unit a.service: failed (exit-code)")
    }

    @Test func `not there`() {
        let report = report("LoadState=not-found", "ActiveState=inactive", "SubState=dead", "UnitFileState=")
        #expect(report.state == .notInstalled && report.startType == .unspecified)
        #expect(report.detail == "systemd unit a.service: not found")
    }

    @Test func `stopped and masked`() {
        let report = report("LoadState=masked", "ActiveState=inactive", "SubState=dead", "UnitFileState=masked")
        #expect(report.state == .stopped && report.startType == .disabled)
        #expect(report.detail == "systemd unit a.service: dead, masked")
    }

    @Test(arguments: [
        ("activating", "auto-restart", WireServiceState.starting), ("deactivating", "stop-sigterm", .stopping),
        ("reloading", "reload", .running), ("active", "exited", .running), ("inactive", "dead", .stopped),
        ("maintenance", "x", .stopped), ("", "", .unspecified), ("something-new", "x", .unspecified),
    ])
    func `active states`(_ active: String, _ sub: String, _ state: WireServiceState) {
        #expect(report("LoadState=loaded", "ActiveState=\(active)", "SubState=\(sub)").state == state)
    }

    @Test(arguments: [
        ("static", WireStartType.manual), ("indirect", .manual), ("generated", .manual),
        ("enabled-runtime", .automatic),
        ("masked-runtime", .disabled), ("bad", .unspecified), ("", .unspecified),
    ])
    func `start types`(_ file: String, _ type: WireStartType) {
        #expect(report("LoadState=loaded", "ActiveState=active", "UnitFileState=\(file)").startType == type)
    }

    @Test func `output that tells nothing is not known, never running`() {
        #expect(report("garbage").state == .unspecified)
    }

    @Test func `several units come in order`() {
        let units = SystemdUnit.parse("Id=a.service\nActiveState=active\n\nId=b.service\nActiveState=failed\n")
        #expect(units.count == 2)
    }
}
