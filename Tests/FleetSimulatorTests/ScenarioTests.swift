import Foundation
import RollcallProtocol
import Testing

@testable import FleetSimulator

@Suite("A scenario")
struct ScenarioTests {
    private let fleet = SimulatedFleet(SimulatedFleetTests.options)

    private func plan(_ text: String) throws(ScenarioError) -> ScenarioPlan {
        try ScenarioPlan(try ScenarioFile.parse(text, name: "s.yaml"), over: fleet, file: "s.yaml")
    }

    @Test func `the example that the documentation shows is right`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/scenarios/bad-day.yaml").standardized
        let text = try String(contentsOf: path, encoding: .utf8)
        #expect(try plan(text).events.count >= 10)
    }

    @Test func `steps become events in the order of time, each undone after its time`() throws {
        let events = try plan(
            """
            name: a test
            steps:
              - at: 20s
                do: partition
                site: azure-eastasia
                for: 10s
              - at: 5s
                do: stop-service
                service: InMage Scout Application Service
                nodes: "hq-*"
                role: agent
                count: 3
            """
        ).events
        #expect(
            events.map(\.act) == [.stopService("InMage Scout Application Service", startType: nil), .partition, .heal])
        #expect(events.map(\.at) == [.seconds(5), .seconds(20), .seconds(30)])
        #expect(events.map(\.isUndoing) == [false, false, true])
        #expect(events[0].nodes.count == 3)
        #expect(events[1].nodes.count == 13)
        #expect(events[1].nodes.allSatisfy { fleet.nodes[$0].site == "azure-eastasia" })
    }

    @Test func `a flap is killing and coming back`() throws {
        let events = try plan(
            """
            steps:
              - { at: 1s, do: flap, nodes: "hq-ps-01", every: 4s, times: 2 }
            """
        ).events
        #expect(events.map(\.act) == [.kill, .comeBack, .kill, .comeBack])
        #expect(events.map(\.at) == [.seconds(1), .seconds(3), .seconds(5), .seconds(7)])
    }

    @Test func `a restart comes back`() throws {
        let events = try plan("steps: [{ at: 1s, do: restart, role: process-server }]").events
        #expect(events.map(\.act) == [.restart, .comeBack])
        #expect(events.map(\.at) == [.seconds(1), .seconds(21)])
    }

    @Test func `the seed picks the same machines each time`() throws {
        let text = "steps: [{ at: 1s, do: kill, nodes: '*', count: 5 }]"
        #expect(try plan(text) == plan(text))
    }

    @Test(arguments: [
        ("web-03.corp.example", "web-*", true), ("web-03", "web-0?", true), ("web-03", "WEB-*3", true),
        ("web-03", "*", true), ("web-03", "web-03", true), ("web-03", "web", false), ("web-03", "*-04", false),
        ("", "*", true), ("", "?", false), ("aab", "*ab", true), ("abcabd", "*abd", true), ("a", "a**", true),
    ])
    func `patterns`(_ text: String, _ pattern: String, _ fits: Bool) {
        #expect(Scenario.Target.matches(text, pattern) == fits)
    }

    @Test(arguments: [
        ("- a\n", "s.yaml:1: a scenario is 'steps:' and a list"),
        ("", "s.yaml:1: a scenario is 'steps:' and a list"),
        (
            "stepps: []\n",
            "s.yaml:1: there is no 'stepps' here: did you mean 'steps'? There are: name, fleet, interval, duration, asking, steps, expect"
        ),
        ("steps: 5\n", "s.yaml:1: 'steps' takes a list, one '- at: …' a step"),
        ("steps:\n  - kill\n", "s.yaml:2: a step is 'at: 10s', 'do: kill', 'nodes: …', a line each"),
        (
            "steps:\n  - at: 1s\n    do: explode\n    nodes: x\n",
            "s.yaml:3: there is no 'explode' to do. There are: stop-service, start-service, remove-service, hang-service, kill, kill-agent, freeze, hang-agent, thaw, power-off, partition, deafen, heal, flap, restart, leave, upgrade, garble, return, lose-packets, refuse, admit, set-clock, certificate, come-from, arrive-at, issued-by, block-data, open-data, hide, show, declare-failover, cancel-failover, reinstall, migrate, rename, move, clone, clone-server, restart-server, restore-server, stall-server, overload-server, set-server-clock, server-certificate, break-store, slow-store"
        ),
        (
            "steps:\n  - at: soon\n    do: kill\n    nodes: '*'\n",
            "s.yaml:2: 'at' is 'soon': write 500ms, 10s, 2m, 1h or 1d"
        ),
        ("steps:\n  - do: kill\n    nodes: '*'\n", "s.yaml:2: the step says no 'at'"),
        (
            "steps:\n  - at: 1s\n    do: kill\n",
            "s.yaml:2: the step names no machines: give nodes ('*' is all), role, site or process-server"
        ),
        (
            "steps:\n  - at: 1s\n    do: kill\n    node: x\n",
            "s.yaml:4: there is no 'node' in a step: did you mean 'nodes'? There are: at, do, nodes, role, site, process-server, count, same-as, for, service, start-type, seen-as, every, times, reason, version, percent, issuer, ahead, behind, ends-in, address, only, key, to, of, age"
        ),
        ("steps:\n  - at: 1s\n    do: stop-service\n    nodes: '*'\n", "s.yaml:2: the step says no 'service'"),
        (
            "steps:\n  - at: 1s\n    do: kill\n    nodes: '*'\n    service: x\n",
            "s.yaml:5: 'service' has no meaning with 'kill'"
        ),
        (
            "steps:\n  - at: 1s\n    do: kill\n    nodes: '*'\n    times: 3\n",
            "s.yaml:5: 'times' has no meaning with 'kill'"
        ),
        (
            "steps:\n  - at: 1s\n    do: heal\n    nodes: '*'\n    for: 3s\n",
            "s.yaml:5: 'for' has no meaning with 'heal': nothing undoes it"
        ),
        (
            "steps:\n  - at: 1s\n    do: kill\n    role: boss\n",
            "s.yaml:4: role is 'boss': it is agent, process-server or master-target"
        ),
        (
            "steps:\n  - at: 1s\n    do: kill\n    nodes: '*'\n    count: 0\n",
            "s.yaml:5: 'count' is '0': it is 1 to 60000"
        ),
        (
            "steps:\n  - at: 1s\n    do: kill\n    nodes: 'nobody-*'\n",
            "s.yaml:2: nodes 'nobody-*' fits no machine of this fleet: 27 machines on headquarters, azure-eastasia"
        ),
        (
            "steps:\n  - at: 1s\n    do: stop-service\n    service: MySQL\n    nodes: '*'\n",
            "s.yaml:2: no machine that fits has a service 'MySQL'. They have: InMage PushInstall, InMage Scout Application Service, InMage Scout VX Agent - Sentinel/Outpost, LogUpload, ProcessServer, ProcessServerMonitor, cxprocessserver, obengine, tmansvc"
        ),
        (
            "steps:\n  - at: 1s\n    do: leave\n    nodes: '*'\n    reason: boredom\n",
            "s.yaml:5: 'reason' is 'boredom': it is one of shutdown, reboot, service-stop, upgrade, decommission"
        ),
        (
            "steps:\n  - at: 1s\n    do: flap\n    nodes: '*'\n    percent: 3\n    every: 1s\n    times: 2\n",
            "s.yaml:5: 'percent' has no meaning with 'flap'; it takes every, times"
        ),
        (
            "steps:\n  - at: 1s\n    do: set-clock\n    nodes: '*'\n",
            "s.yaml:2: 'set-clock' takes one of 'ahead: 5m' and 'behind: 5m'"
        ),
        (
            "steps:\n  - at: 1s\n    do: kill\n    same-as: 1\n",
            "s.yaml:2: 'same-as' is 1: it is an earlier step, counted from 1"
        ),
        (
            "steps:\n  - at: 1s\n    do: kill\n    same-as: 1\n    site: headquarters\n",
            "s.yaml:5: 'site' has no meaning beside 'same-as'"
        ),
        ("interval: 1ms\n", "s.yaml:1: 'interval' is '1ms': it is 10ms to 1d"),
        ("duration: 400d\n", "s.yaml:1: 'duration' is '400d': write 500ms, 10s, 2m, 1h or 1d; 366d at most"),
        ("name: a\nname: b\n", "s.yaml:1: not YAML: it says 'name' twice"),
        (
            "steps:\n  - at: 400d\n    do: kill\n    nodes: '*'\n",
            "s.yaml:2: 'at' is '400d': it is 366d at most"
        ),
        (
            "steps:\n  - at: 1s\n    do: move\n    to: taichung\n    nodes: 'hq-ps-01'\n",
            "s.yaml:4: 'to' is 'taichung': it is an address, as 10.9.8.7 or fd00::1"
        ),
        (
            "steps:\n  - at: 1s\n    do: block-data\n    role: process-server\n",
            "s.yaml:2: no machine that fits sends to a process server"
        ),
        ("asking: maybe\n", "s.yaml:1: 'asking' is 'maybe': it is one of off, connection, machine"),
        (
            "steps:\n  - at: 1s\n    do: hang-service\n    service: tmansvc\n    nodes: 'hq-ps-01'\n",
            "s.yaml:2: a service that hangs shows only where it dials in itself: 'InMage Scout Application Service', in a fleet with 'own-clocks: true'"
        ),
    ])
    func `what is wrong is named with its line`(_ text: String, _ message: String) {
        let error = #expect(throws: ScenarioError.self) { try plan(text) }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        ("{ error: 806, nodes: '*' }", "an expectation says no 'by'"),
        ("{ nodes: '*', by: 1m }", "an expectation says no 'error'"),
        (
            "{ error: 806, by: 1m }",
            "the expectation names no machines (or the step that hit them): give nodes ('*' is all), role, site or process-server"
        ),
        ("{ error: 806, by: 1m, step: 9 }", "there is no step 9; the file has 1"),
        (
            "{ error: 806, by: 1m, about: fleet, nodes: '*' }",
            "about is 'fleet': it is one of node, service, site, group, peer, server"
        ),
        ("{ error: 806, by: 1m, nodes: '*', optional: maybe }", "'optional' is 'maybe': it is true or false"),
        ("{ error: 806, by: 3m, gone-by: 2m, nodes: '*' }", "'gone-by' is '2m': that is before 'by', '3m'"),
        (
            "{ error: 806, by: 1m, gone-by: 2h, nodes: '*' }",
            "'gone-by' is '2h', and the scenario ends after 901s: give it a 'duration'"
        ),
        ("{ error: x, by: 1m, about: server, nodes: '*' }", "'nodes' has no meaning here: this names no machines"),
    ])
    func `what is wrong with an expectation is named with its line`(_ entry: String, _ message: String) throws {
        let text = "steps:\n  - { at: 1s, do: kill, nodes: 'hq-*' }\nexpect:\n  - \(entry)\n"
        let error = #expect(throws: ScenarioError.self) {
            let scenario = try ScenarioFile.parse(text, name: "s.yaml")
            let plan = try ScenarioPlan(scenario, over: fleet, file: "s.yaml")
            try plan.mustEnd(after: plan.usualDuration, scenario, file: "s.yaml")
            _ = try ExpectationCheck([], against: scenario, plan, in: fleet, file: "s.yaml")
        }
        #expect(error?.description == "s.yaml:4: \(message)")
    }

    @Test func `an error that does not exist is named, and the nearest one`() {
        let text = "expect:\n  - { error: 78093|78194, by: 1m, nodes: '*' }\n"
        let error = #expect(throws: ScenarioError.self) { try ScenarioFile.parse(text, name: "s.yaml") }
        #expect(
            error?.description.hasPrefix("s.yaml:2: there is no '78194' among the errors: did you mean '78174'?")
                == true)
    }

    @Test func `what can be done to a model only is refused for a real server`() throws {
        let plan = try plan("steps: [{ at: 1s, do: stall-server, for: 2s }]")
        let error = #expect(throws: ScenarioError.self) { try plan.mustBeForRealServers(file: "s.yaml") }
        #expect(
            error?.description
                == "s.yaml:1: 'stall-server' cannot be done to a real server from here; try 'rollcall rehearse s.yaml'")
    }

    @Test func `broken YAML names the line`() {
        let error = #expect(throws: ScenarioError.self) { try plan("steps:\n  - at: 1s\n  do: [\n") }
        #expect(error?.description.hasPrefix("s.yaml:") == true)
        #expect(error?.description.contains("not YAML") == true)
    }
}
