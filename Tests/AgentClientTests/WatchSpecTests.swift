import Testing

@testable import AgentClient

@Suite("Services to watch, as typed")
struct WatchSpecTests {
    @Test(arguments: [
        ("InMage Scout Application Service=systemd:appservice", WatchSpec.Method.systemd(unit: "appservice.service")),
        ("a=systemd:appservice.service", .systemd(unit: "appservice.service")),
        ("a=systemd:getty@tty1", .systemd(unit: "getty@tty1.service")),
        ("a=systemd:org.example.thing", .systemd(unit: "org.example.thing.service")),
        ("a=systemd:nightly.timer", .systemd(unit: "nightly.timer")),
        ("a=process:svagents", .process(executable: "svagents")),
        ("a=process:/usr/local/bin/svagents", .process(executable: "/usr/local/bin/svagents")),
        ("a=pidfile:/run/a.pid", .pidFile(path: "/run/a.pid")),
        ("a=tcp:9443", .tcp(host: "localhost", port: 9443)),
        ("a=tcp:ps-1.example.net:9443", .tcp(host: "ps-1.example.net", port: 9443)),
        ("a=tcp:[2001:db8::1]:9443", .tcp(host: "2001:db8::1", port: 9443)),
    ])
    func `the four forms`(_ text: String, _ method: WatchSpec.Method) throws {
        #expect(try WatchSpec(parsing: text).method == method)
    }

    @Test func `a name may hold blanks`() throws {
        #expect(try WatchSpec(parsing: " InMage PushInstall =tcp:1").name == "InMage PushInstall")
    }

    @Test(arguments: [
        ("svagents", "there is no '=' after the service's name"),
        ("=tcp:1", "there is no name before '='"),
        ("a=svagents", "there is no ':' after 'svagents'"),
        ("a=unit:x", "'unit' is not a way to watch a service"),
        ("a=systemd:", "there is nothing after 'systemd:'"),
        ("a=systemd:-H x", "'-H x' is not the name of a systemd unit"),
        ("a=systemd:--host=evil", "'--host=evil' is not the name of a systemd unit"),
        ("a=process:bin/x", "'bin/x' must be a full path or a name without '/'"),
        ("a=pidfile:a.pid", "'a.pid' must be a full path"),
        ("a=tcp:0", "'0' is not a port from 1 to 65535"),
        ("a=tcp:host:http", "'http' is not a port from 1 to 65535"),
        ("a=tcp:::1:9443", "an IPv6 address stands in brackets: tcp:[::1]:9443"),
        ("a=tcp::9443", "there is no host before ':9443'"),
    ])
    func `what is wrong is named, and the forms are shown`(_ text: String, _ fault: String) {
        let error = #expect(throws: WatchSpecError.self) { try WatchSpec(parsing: text) }
        #expect(
            error?.description
                == "cannot watch '\(text)': \(fault). Write NAME=systemd:UNIT, NAME=process:EXE, NAME=pidfile:PATH "
                + "or NAME=tcp:[HOST:]PORT.")
    }
}
