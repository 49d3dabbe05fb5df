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
              rollcall rehearse docs/scenarios/*.yaml
              rollcall rehearse --seeds 20 --span 7d --agents 200
            """)

    @Argument(help: "Scenario files.")
    var files: [String] = []

    @Flag(name: .long, help: "Tell what happened, and which errors came and went.")
    var story = false

    @Flag(name: .long, help: "Print JSON, one object a scenario.")
    var json = false

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
                let fleet = SimulatedFleet(options(seed: seed))
                let scenario = RandomTrouble.scenario(for: fleet, over: span, every: every)
                try rehearse(scenario, over: fleet, named: "seed \(seed)", into: &total)
            }
        }
        for file in files {
            do throws(ScenarioError) {
                let scenario = try ScenarioFile.read(file)
                let fleet = SimulatedFleet(scenario.fleet ?? options(seed: seed ?? 1))
                try rehearse(scenario, over: fleet, named: file, into: &total)
            } catch {
                throw ValidationError("\(error).")
            }
        }
        if !json, total.runs > 1 { print(total.line) }
        if total.failed > 0 { throw ExitStatus.failure }
    }

    private func rehearse(
        _ scenario: Scenario, over fleet: SimulatedFleet, named name: String, into total: inout RehearsalTotal
    ) throws(ScenarioError) {
        let report = try Rehearsal.run(scenario, over: fleet, file: name)
        total.add(report)
        if json { return print(report.json(named: name)) }
        if story { for line in try report.story(of: scenario, over: fleet, file: name) { print(line) } }
        for line in report.lines(named: name) { print(line) }
    }

    private func options(seed: UInt64) -> FleetOptions {
        FleetOptions(
            agents: agents, processServers: processServers, masterTargets: masterTargets, sites: sites, seed: seed)
    }
}
