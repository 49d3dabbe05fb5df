import AgentClient
import ConnectivityProbe
import Dashboard
import ErrorCatalogue
import EventLoop
import Foundation
import RollcallProtocol

/// Carries a probe out in one of its manners, and prints what it brings.
struct ProbeRun {
    let options: ProbeOptions
    let explains: Bool

    private static var now: Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }

    /// Once, with all checks; then, if asked for, pauses up to `idle`.
    func once(_ target: ServerName, _ local: LocalAgent, idle: Duration?) throws -> Grade {
        var settings = try options.settings(for: target)
        if !options.quick {
            settings.local = local.check(target: "\(target)", errors: AgentLogLook.lastWarnings(local))
        }
        let (report, verdict) = try probe(settings, idle: idle)
        if options.json {
            print(ProbeDocument.json(report, verdict, explained: explains, in: options.language).pretty)
        }
        return verdict.grade
    }

    /// Probes, and prints it as it goes unless a document is wanted.
    private func probe(_ settings: ProbeSettings, idle: Duration?) throws -> (report: ProbeReport, verdict: Verdict) {
        let loop = try EventLoop()
        let runner = ProbeRunner(settings, on: loop) { Self.now }
        let page = ProbePage(target: settings.target, language: options.language)
        if !options.json { page.begin() }
        var ended: ProbeReport?
        var test: IdleTest?
        runner.start(
            onCheck: { if !options.json { page.show($0) } },
            onEnd: { report in
                var report = report
                let works = report.addresses.first { at in
                    report.checks(at: at).contains { $0.kind == .tls && $0.state == .passed }
                }
                guard let idle, let works else {
                    ended = report
                    return loop.stop()
                }
                if !options.json {
                    let words = Phrase(
                        "Leaving connections alone, for up to \(idle.inWords) …", "讓連線閒置，最長 \(idle.inWords) …")
                    page.note(words.text(in: options.language))
                }
                test = IdleTest(settings, at: works, longest: idle, on: loop) { Self.now }
                test?.start { _, check in
                    report.checks.append(check)
                    report.took += check.took ?? .zero
                    if !options.json { page.show(check) }
                    ended = report
                    loop.stop()
                }
            })
        loop.run()
        withExtendedLifetime(test) {}
        guard let report = ended else { throw CommandFailure("the probe ended without a report", status: .init(2)) }
        let verdict = Verdict(on: report, in: options.language)
        if !options.json {
            page.end(report, verdict)
            if explains { page.explain(FieldChain(on: report)) }
        }
        return (report, verdict)
    }

    /// Once a second.
    func watch(_ target: ServerName, count: Int?) throws -> Grade {
        let loop = try EventLoop()
        let watch = PathWatch(
            try options.settings(for: target), count: count, in: options.language, on: loop
        ) { Self.now }
        let page = WatchPage(target: target, isJSON: options.json, language: options.language)
        var statistics = PathStatistics()
        let interrupt = try LoopSignal(SIGINT, on: loop) { loop.stop() }
        let end = try LoopSignal(SIGTERM, on: loop) { loop.stop() }
        page.begin()
        watch.start(
            onRound: { round in
                statistics.add(round)
                page.show(round)
            }, onEnd: { loop.stop() })
        loop.run()
        withExtendedLifetime((interrupt, end, watch)) {}
        page.end(statistics)
        return statistics.grade
    }

    /// The rows of the port matrix.
    func matrix(_ role: PortMatrix.Role, _ targets: [PortMatrix.Role: [ServerName]]) throws -> Grade {
        let loop = try EventLoop()
        let nobody = ServerName(host: "localhost")
        let run = MatrixRun(
            role, targets, like: try options.settings(for: nobody), in: options.language, on: loop
        ) { Self.now }
        let page = MatrixPage(role: role, language: options.language)
        if !options.json { page.begin() }
        var results: [MatrixRun.Result] = []
        run.start(
            onResult: { if !options.json { page.show($0) } },
            onEnd: {
                results = $0
                loop.stop()
            })
        loop.run()
        withExtendedLifetime(run) {}
        if options.json { print(MatrixPage.json(role, results, in: options.language).pretty) } else { page.end() }
        let grades = results.compactMap { $0.verdict?.grade }
        if grades.isEmpty {
            throw CommandFailure(
                "no row was tried: name the server as HOST, and the others with --process-server, --vcenter, --peer",
                status: ExitStatus.usage)
        }
        return grades.contains(.failed) ? .failed : grades.contains(.doubtful) ? .doubtful : .passed
    }

    /// From the server to a node.
    func node(_ name: String, data: String?, port: UInt16?) throws -> Grade {
        let place = ServerPlace.socket(
            inData: data ?? ProcessInfo.processInfo.environment["ROLLCALL_DATA"] ?? DataDirectoryOption.defaultPath)
        let story = try asking(status: ExitStatus.critical) {
            try ServerConnection(to: .local(path: place), limit: .seconds(20)).node(named: name)
        }
        let node = story.node
        let port = port ?? (node.role == .processServer ? 9443 : 20004)
        guard !node.addresses.isEmpty else {
            throw CommandFailure(
                "\(node.hostname.printable) registered without an address", status: ExitStatus.critical)
        }
        var outcomes: [(report: ProbeReport, verdict: Verdict)] = []
        for address in node.addresses {
            var settings = try options.settings(for: ServerName(host: address, port: port))
            settings.asksNothing = true
            settings.reachesNode = node.hostname
            outcomes.append(try probe(settings, idle: nil))
        }
        let grades = outcomes.map(\.verdict.grade)
        let best: Grade = grades.contains(.passed) ? .passed : grades.contains(.doubtful) ? .doubtful : .failed
        if options.json {
            let document = ProbeDocument.json(
                node: node.hostname, port: port, outcomes, best, explained: explains, in: options.language)
            print(document.pretty)
        }
        return best
    }
}
