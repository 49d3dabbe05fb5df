import RollcallProtocol
import Testing

@testable import AgentClient

@Suite("An agent's settings")
struct AgentSettingsTests {
    @Test func `a file says everything that flags do`() throws {
        let settings = try AgentSettingsFile.parse(
            """
            server: rollcall.example.net:8443
            identity: /id
            role: process-server
            components: [scout-application-service]
            site: taipei
            process-server: ps-1
            hostname: ps-1.example.net
            watch:
              - "InMage Scout Application Service=systemd:appservice"
              - web=tcp:80
            watch-interval: 2s
            log-level: debug
            """, name: "agent.yaml")
        let plan = try AgentPlan(settings)
        #expect(plan.server == ServerName(host: "rollcall.example.net", port: 8443))
        #expect(plan.role == .processServer)
        #expect(plan.components == [.processServer, .scoutApplicationService])
        #expect(plan.watch.map(\.name) == ["InMage Scout Application Service", "web"])
        #expect(plan.watchInterval == .seconds(2))
        #expect(settings.logLevel == "debug")
    }

    @Test func `an empty file says nothing`() throws {
        #expect(try AgentSettingsFile.parse("", name: "a") == AgentSettings())
        #expect(try AgentSettingsFile.parse("# nothing\n", name: "a") == AgentSettings())
    }

    @Test(arguments: [
        (
            "server: x\nrôle: y\n",
            "a.yaml:2: there is no setting 'rôle'. There are: server, identity, role, components, site, "
                + "process-server, process-server-port, process-server-check, hostname, hardware-id, watch, watch-interval, log-level"
        ),
        ("server: [a]\n", "a.yaml:1: 'server' takes one value"),
        ("server: x\nwatch: a\n", "a.yaml:2: 'watch' takes a list, one '- entry' a line"),
        ("watch-interval: soon\n", "a.yaml:1: watch-interval is 'soon': write 500ms, 5s or 1m"),
        ("- a\n", "a.yaml:1: expected settings, one 'key: value' a line"),
    ])
    func `what is wrong in a file is named with its line`(_ text: String, _ message: String) {
        let error = #expect(throws: AgentSettingsError.self) {
            try AgentSettingsFile.parse(text, name: "a.yaml")
        }
        #expect(error?.description == message)
    }

    @Test func `broken YAML is an error, not a crash`() {
        #expect(throws: AgentSettingsError.self) { try AgentSettingsFile.parse("a: [", name: "a.yaml") }
        #expect(throws: AgentSettingsError.self) { try AgentSettingsFile.parse("a: b: c", name: "a.yaml") }
    }

    @Test func `a flag wins over a variable, that over a file`() throws {
        var flags = AgentSettings()
        flags.server = "flag"
        let environment = try AgentSettings(environment: ["ROLLCALL_SERVER": "variable", "ROLLCALL_SITE": "variable"])
        var file = AgentSettings()
        file.server = "file"
        file.site = "file"
        file.role = "agent"
        let settings = flags.over(environment).over(file)
        #expect(settings.server == "flag" && settings.site == "variable" && settings.role == "agent")
    }

    @Test func `variables: lists by semicolon, empty ones count as none`() throws {
        let settings = try AgentSettings(environment: [
            "ROLLCALL_WATCH": "a b=tcp:1; c,d=tcp:2;", "ROLLCALL_ROLE": "", "ROLLCALL_WATCH_INTERVAL": "1s",
        ])
        #expect(settings.watch == ["a b=tcp:1", "c,d=tcp:2"])
        #expect(settings.role == nil && settings.watchInterval == .seconds(1))
        #expect(throws: AgentSettingsError.self) {
            try AgentSettings(environment: ["ROLLCALL_WATCH_INTERVAL": "often"])
        }
    }

    @Test func `what cannot be is refused by name`() {
        func message(_ change: (inout AgentSettings) -> Void) -> String? {
            var settings = AgentSettings()
            settings.server = "x"
            change(&settings)
            return #expect(throws: AgentSettingsError.self) { try AgentPlan(settings) }?.description
        }
        #expect(message { $0.server = nil }?.hasPrefix("no configuration server is named") == true)
        #expect(message { $0.role = "boss" } == "role is 'boss': it is agent, process-server or master-target")
        #expect(message { $0.components = ["x"] }?.hasPrefix("component is 'x'") == true)
        #expect(
            message { $0.watch = ["a=tcp:1", "a=tcp:2"] }?.hasPrefix("two services to watch are called 'a'") == true)
        #expect(message { $0.watch = (1...65).map { "a\($0)=tcp:1" } }?.hasPrefix("65 services to watch") == true)
        #expect(message { $0.site = String(repeating: "x", count: 65) }?.hasPrefix("site has 65 bytes") == true)
        #expect(message { $0.watchInterval = .milliseconds(1) }?.hasPrefix("watch-interval is 1ms") == true)
    }

    @Test func `services are looked at often enough to be told before two heartbeats`() throws {
        var settings = AgentSettings()
        settings.server = "x"
        let plan = try AgentPlan(settings)
        #expect(plan.watchInterval(heartbeats: .seconds(30)) == .seconds(5))
        #expect(plan.watchInterval(heartbeats: .seconds(2)) == .seconds(1))
        #expect(plan.watchInterval(heartbeats: .milliseconds(20)) == .milliseconds(100))
        settings.watchInterval = .seconds(20)
        #expect(try AgentPlan(settings).watchInterval(heartbeats: .seconds(2)) == .seconds(20))
    }

    @Test func `the role decides what the connection speaks for`() throws {
        var settings = AgentSettings()
        settings.server = "x"
        #expect(try AgentPlan(settings).components == [.mobilityAgent])
        settings.role = "master-target"
        #expect(try AgentPlan(settings).components == [.mobilityAgent])
        settings.role = "process-server"
        settings.components = ["process-server"]
        #expect(try AgentPlan(settings).components == [.processServer])
    }
}
