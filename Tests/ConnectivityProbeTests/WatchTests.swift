import AgentClient
import EventLoop
import Foundation
import TestSupport
import Testing

@testable import ConnectivityProbe

@Suite("A path that is watched")
struct WatchTests {
    private func round(_ number: Int, _ time: Duration?, change: Bool = false) -> PathRound {
        PathRound(
            number: number, atUnixMilliseconds: 0, roundTrip: time, symptom: time == nil ? .refused : nil, cause: nil,
            isChange: change)
    }

    @Test func `rounds are summed up as ping does it`() {
        var statistics = PathStatistics()
        #expect(statistics.average == nil && statistics.grade == .failed)
        for (index, milliseconds) in [2, 4, 4, 4, 5, 5, 7, 9].enumerated() {
            statistics.add(round(index, .milliseconds(milliseconds)))
        }
        #expect(statistics.average == .milliseconds(5))
        #expect(statistics.deviation == .milliseconds(2))
        #expect(statistics.shortest == .milliseconds(2) && statistics.longest == .milliseconds(9))
        #expect(statistics.grade == .passed)
        statistics.add(round(9, nil, change: true))
        #expect(statistics.lost == 1 && statistics.changes == 1 && statistics.grade == .doubtful)
        #expect(statistics.lossPercent > 11 && statistics.lossPercent < 12)
    }

    @Test func `a round that comes out otherwise is a change`() throws {
        let runner = try LoopRunner()
        let port = try PlainPort.closed()
        var settings = ProbeSettings(target: ServerName(host: "127.0.0.1", port: port))
        settings.limits.connect = .seconds(20)
        let watch = PathWatch(settings, count: 1, on: runner.loop, wallClock: wallClock)
        var rounds: [PathRound] = []
        var isOver = false
        watch.start(onRound: { rounds.append($0) }, onEnd: { isOver = true })
        #expect(runner.run { isOver })
        #expect(rounds.map(\.symptom) == [.refused] && rounds.first?.roundTrip == nil)
        let report = ProbeReport(target: settings.target)
        let good = Verdict(grade: .passed, symptom: nil, cause: "", evidence: [], nextStep: "")
        #expect(PathWatch.round(2, report, good, after: rounds.first).isChange)
        #expect(!PathWatch.round(1, report, good, after: nil).isChange)
    }
}

@Suite("A connection that is left alone")
struct IdleTests {
    @Test func `half of what is survived is the sign of life to give`() {
        let findings = IdleFindings([
            .seconds(30): .survived, .seconds(60): .survived, .seconds(120): .forgotten(wasReset: false),
            .seconds(240): .forgotten(wasReset: false),
        ])
        #expect(findings.longestSurvived == .seconds(60) && findings.shortestForgotten == .seconds(120))
        #expect(findings.keepAlive == .seconds(30))
        #expect(findings.check(took: .zero).symptom == .idleLimit)
    }

    @Test func `a server that hangs up itself is no firewall`() {
        let findings = IdleFindings([.seconds(5): .survived, .seconds(30): .ended(after: .seconds(10))])
        #expect(findings.check(took: .zero).state == .unknown)
        #expect(findings.check(took: .zero).detail.english.contains("the server itself ends connections"))
        #expect(IdleFindings([.seconds(5): .survived]).check(took: .zero).symptom == nil)
    }

    @Test func `pauses are tried on real connections`() throws {
        let runner = try LoopRunner()
        let fleet = try Fleet()
        let server = try RollcallPort(fleet.serverContext(), on: runner.loop)
        let address = try #require(SocketAddress(host: "127.0.0.1", port: server.port))
        let test = IdleTest(
            ProbeSettings(target: ServerName(host: "127.0.0.1", port: server.port)), at: address,
            longest: .milliseconds(50),
            on: runner.loop, wallClock: wallClock)
        var findings: IdleFindings?
        test.start { found, _ in findings = found }
        #expect(runner.run { findings != nil })
        #expect(findings?.fates == [.milliseconds(50): .survived])
    }
}

@Suite("The port matrix")
struct MatrixTests {
    @Test func `every row of the matrix is in the table, with its direction`() {
        let pairs = PortMatrix.rows.flatMap { row in
            row.from.map { "\($0.rawValue)>\(row.to.rawValue):\(row.port ?? 0)" }
        }
        #expect(
            pairs == [
                "agent>configuration-server:443", "process-server>configuration-server:443",
                "master-target>configuration-server:443", "agent>process-server:9443", "process-server>master-target:0",
                "configuration-server>vcenter:443", "process-server>vcenter:443", "agent>agent:20004",
            ])
        #expect(PortMatrix.lines.count == PortMatrix.rows.count)
    }

    @Test(arguments: [
        (PortMatrix.Role.agent, 3, 1), (.processServer, 3, 1), (.masterTarget, 1, 1), (.configurationServer, 1, 1),
    ])
    func `each role dials and is dialled`(_ role: PortMatrix.Role, _ out: Int, _ incoming: Int) {
        #expect(PortMatrix.outgoing(role).count == out)
        #expect(PortMatrix.incoming(role).count == incoming)
    }

    @Test func `each row that has somebody gets a verdict, the others stay untried`() throws {
        let runner = try LoopRunner()
        let fleet = try Fleet()
        let server = try RollcallPort(fleet.serverContext(), on: runner.loop)
        let open = try PlainPort(.silent, on: runner.loop)
        var settings = ProbeSettings(target: ServerName(host: "x"))
        settings.isQuick = true
        let run = MatrixRun(
            .agent,
            [
                .configurationServer: [ServerName(host: "127.0.0.1", port: server.port)],
                .processServer: [
                    ServerName(host: "127.0.0.1", port: open.port),
                    ServerName(host: "127.0.0.1", port: try PlainPort.closed()),
                ],
            ], like: settings, on: runner.loop, wallClock: wallClock)
        var results: [MatrixRun.Result]?
        run.start(onResult: { _ in }, onEnd: { results = $0 })
        #expect(runner.run { results != nil })
        #expect(
            results?.map { $0.verdict?.symptom?.rawValue ?? $0.verdict?.grade.rawValue } == [
                "passed", "passed", "refused", nil,
            ])
    }
}

@Suite("This machine's own agent")
struct LocalAgentTests {
    private func machine(_ files: [String: String]) throws -> TestDirectory {
        let directory = try TestDirectory()
        for (path, text) in files {
            let url = directory.url.appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return directory
    }

    @Test func `an agent that dials another server is the finding`() throws {
        let root = try machine([
            "proc/1/stat": "1 (init) S", "proc/77/cmdline": "/usr/bin/rollcall\0agent\0--config\0/etc/a.yaml\0",
            "etc/a.yaml": "server: cs-old.example\nrole: process-server\nwatch: [\"svagents=systemd:svagents\"]\n",
        ])
        let agent = LocalAgent(root: root.url.path)
        #expect(agent.processes == [77] && agent.server == "cs-old.example" && agent.role == "process-server")
        #expect(agent.check(target: "cs.example", errors: [])?.symptom == .agentElsewhere)
        let same = try #require(agent.check(target: "cs-old.example:443", errors: ["warning: no"]))
        #expect(
            same.symptom == nil && same.detail.english.contains("svagents")
                && same.detail.english.contains("“warning: no”"))
    }

    @Test func `an agent that should run and does not is named, and one that cannot be seen is unknown`() throws {
        let root = try machine(["proc/1/stat": "x", "etc/rollcall/agent.yaml": "server: cs.example\n"])
        #expect(LocalAgent(root: root.url.path).check(target: "cs.example", errors: [])?.symptom == .agentStopped)
        let hidden = try machine(["etc/rollcall/agent.yaml": "server: cs.example\n"])
        #expect(LocalAgent(root: hidden.url.path).check(target: "cs.example", errors: [])?.state == .unknown)
        let none = try machine(["proc/1/stat": "x"])
        #expect(LocalAgent(root: none.url.path).check(target: "cs.example", errors: []) == nil)
    }
}

@Suite("What other tools would have shown")
struct FieldChainTests {
    private let address = SocketAddress(parsing: "192.0.2.7:443") ?? SocketAddress(path: "")

    private func chain(_ checks: [Check]) -> FieldChain {
        var report = ProbeReport(target: ServerName(host: "cs.example"))
        report.addresses = [address]
        report.checks = [Check(.name, .passed, nil, "192.0.2.7")] + checks
        return FieldChain(on: report)
    }

    @Test func `a path that works succeeds in all four`() {
        let chain = chain([
            Check(.echo, at: address, .passed, nil, ""), Check(.tcp, at: address, .passed, nil, ""),
            Check(.tls, at: address, .passed, nil, ""), Check(.ping, at: address, .passed, nil, ""),
        ])
        #expect(chain.steps.map(\.succeeds) == [nil, true, true, true])
        #expect(!chain.connectsButIsUnreachable)
    }

    @Test func `telnet is content where the end-to-end client is not`() {
        let chain = chain([
            Check(.tcp, at: address, .passed, nil, ""), Check(.tls, at: address, .failed, .silentAfterConnect, ""),
        ])
        #expect(chain.steps.map(\.succeeds) == [nil, true, false, false])
        #expect(chain.connectsButIsUnreachable)
    }

    @Test(arguments: [(Symptom.identityRefused, CheckState.failed, true), (.draining, .passed, false)])
    func `an answer is no registration`(_ symptom: Symptom, _ state: CheckState, _ isUnreachable: Bool) {
        let chain = chain([
            Check(.tcp, at: address, .passed, nil, ""), Check(.tls, at: address, .passed, nil, ""),
            Check(.ping, at: address, .passed, nil, ""), Check(.identity, at: address, state, symptom, ""),
        ])
        #expect(chain.steps.map(\.succeeds) == [nil, true, true, false])
        #expect(chain.connectsButIsUnreachable == isUnreachable)
    }

    @Test(arguments: [
        (Symptom.refused, "Connection refused"), (.filtered, "nothing more"), (.noRoute, "Network is unreachable"),
        (.unreachable, "No route to host"),
    ])
    func `each failure shows as telnet shows it`(_ symptom: Symptom, _ words: String) {
        let chain = chain([Check(.tcp, at: address, .failed, symptom, "")])
        #expect(chain.steps[1].shows.english.contains(words) && chain.steps[1].succeeds == false)
        #expect(chain.steps[0].succeeds == nil, "ping decides nothing")
        #expect(!chain.connectsButIsUnreachable)
    }
}
