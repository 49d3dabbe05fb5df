import ArgumentParser
import FleetSimulator
import Foundation
import RollcallProtocol

/// `rollcall rehearse`: scenarios in virtual time.
struct RehearseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract:
            "Runs scenarios in virtual time, without a server, and says whether the alarms would have been right.",
        discussion: """
            The server's own core decides, over a model of agents and network: hours pass in a moment. Each error that a \
            file expects must be raised in time and for the expected reason, and no other. Without files, fleets of \
            --seed and the seeds after it live through random trouble; what must never be is looked for all the way. \
            docs/scenarios.md explains the files.

            Examples:
              rollcall rehearse docs/scenarios
              rollcall rehearse --story my-disaster.yaml
              rollcall rehearse --seeds 20 --span 7d --agents 200
            """)

    @Argument(help: "Scenario files, and folders of such (*.yaml, with their folders).")
    var files: [String] = []

    @Flag(name: .long, help: "Tell what happened, and which errors came and went.")
    var story = false

    @Flag(name: .long, help: "Print JSON, one object a scenario.")
    var json = false

    @Flag(name: .long, help: "At the end print a table in Markdown: how right the diagnosis was.")
    var table = false

    @Option(name: .long, help: "Without files: the first seed. (default: by chance)")
    var seed: UInt64?

    @Option(name: .long, help: "Without files: so many seeds.")
    var seeds = 1

    @Option(name: .long, help: "Without files: time that passes.")
    var span: Duration = .seconds(86_400)

    @Option(name: .long, help: "Without files: mean time between two troubles.")
    var every: Duration = .seconds(600)

    @Option(name: .long, help: "Without files: protected machines.")
    var agents = 40

    @Option(name: .long, help: "Without files: process servers.")
    var processServers = 3

    @Option(name: .long, help: "Without files: master targets.")
    var masterTargets = 2

    @Option(name: .long, help: "Without files: sites.")
    var sites = 3

    func validate() throws {
        guard span >= .seconds(3_600) else { throw ValidationError("--span is \(span.text): the least is 1h.") }
        guard every >= .seconds(1) else { throw ValidationError("--every is \(every.text): the least is 1s.") }
        guard seeds >= 1 else { throw ValidationError("--seeds is \(seeds): use 1 or more.") }
        if let fault = options(seed: 1).fault { throw ValidationError(fault + ".") }
    }

    func run() throws {
        var total = RehearsalTotal()
        if files.isEmpty {
            let first = seed ?? UInt64.random(in: 1...999_999_999)
            for seed in first..<first + UInt64(seeds) {
                let fleet = RandomTrouble.fleet(options(seed: seed))
                let scenario = RandomTrouble.scenario(for: fleet, over: span, every: every)
                try rehearse(scenario, over: fleet, named: "seed \(seed)", into: &total)
            }
        }
        var accuracy = AccuracyTable()
        for file in try files.flatMap(Self.scenarios) {
            do throws(ScenarioError) {
                let scenario = try ScenarioFile.read(file.path)
                let fleet = SimulatedFleet(scenario.fleet ?? .usual)
                let report = try rehearse(scenario, over: fleet, named: file.path, into: &total)
                accuracy.add(report, of: scenario, named: file.name)
            } catch {
                throw ValidationError("\(error).")
            }
        }
        if table { for line in accuracy.markdown { print(line) } }
        if !json, !table, total.runs > 1 { print(total.line) }
        if total.failed > 0 { throw ExitStatus.failure }
    }

    /// The files that an argument means, each with its path below the folder, if it is one.
    private static func scenarios(_ path: String) throws -> [(path: String, name: String)] {
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        guard type == .typeDirectory else {
            return [(path, URL(fileURLWithPath: path).lastPathComponent)]
        }
        let names = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".yaml") }.sorted()
        guard !names.isEmpty else { throw ValidationError("\(path): there is no *.yaml in this folder.") }
        return names.map { (path + "/" + $0, $0) }
    }

    @discardableResult
    private func rehearse(
        _ scenario: Scenario, over fleet: SimulatedFleet, named name: String, into total: inout RehearsalTotal
    ) throws(ScenarioError) -> RehearsalReport {
        let report = try Rehearsal.run(scenario, over: fleet, file: name)
        total.add(report)
        if json {
            print(report.json(named: name))
            return report
        }
        if story { for line in try report.story(of: scenario, over: fleet, file: name) { print(line) } }
        if !table { for line in report.lines(named: name) { print(line) } }
        return report
    }

    private func options(seed: UInt64) -> FleetOptions {
        FleetOptions(
            agents: agents, processServers: processServers, masterTargets: masterTargets, sites: sites, seed: seed)
    }
}
