import AgentClient
import ArgumentParser
import CertificateAuthority
import FleetSimulator
import Foundation

/// `rollcall simulate`: a fleet in one process.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs a simulated fleet against a configuration server, with disasters from a file.",
        discussion: """
            Thousands of agents in one process, on the client code of the real agent, over TLS. Their certificates are \
            made in memory by the fleet's CA, so --pki must hold its key. The same --seed gives the same machines, which \
            so return in a second run. docs/scenarios.md explains scenario files.
            """)

    @Option(name: .long, help: ArgumentHelp("The configuration server. (port: 443)", valueName: "host[:port]"))
    var server: String?

    @Option(name: .long, help: "The directory with the fleet's CA and its key. (default: pki in the data directory)")
    var pki: String?

    @Option(name: .long, help: "Protected machines.")
    var agents = 24

    @Option(name: .long, help: "Process servers.")
    var processServers = 2

    @Option(name: .long, help: "Master targets.")
    var masterTargets = 1

    @Option(name: .long, help: "Sites they stand on, evenly.")
    var sites = 2

    @Option(name: .long, help: "Beat this often, whatever the server asks for. (default: as the server asks)")
    var interval: Duration?

    @Option(name: .long, help: "A YAML file of what happens when.")
    var scenario: String?

    @Option(name: .long, help: "Decides everything that is left to chance.")
    var seed: UInt64 = 1

    @Option(name: .long, help: "Stop after this long. (default: when asked to)")
    var duration: Duration?

    @Option(name: .long, help: "Bring the fleet up evenly over this time. (default: 1s for each 500 nodes)")
    var ramp: Duration?

    @Option(name: .long, help: "Time between two lines of the summary.")
    var every: Duration = .seconds(1)

    @Option(name: .long, help: "Event loops, each with a thread.")
    var loops = 1

    @Flag(name: .long, inversion: .prefixedNo, help: "Say goodbye for every node at the end.")
    var goodbye = true

    @Flag(
        name: .long,
        help: "Afterwards ask the server of --data for its errors, and hold them against what the scenario expects.")
    var check = false

    @Flag(name: .long, help: "Print JSON, one object a line.")
    var json = false

    @OptionGroup var place: DataDirectoryOption

    func validate() throws {
        if let fault = options.fault { throw ValidationError(fault + ".") }
        guard (1...64).contains(loops) else { throw ValidationError("--loops is \(loops): it can be 1 to 64.") }
        guard every >= .milliseconds(100) else {
            throw ValidationError("--every is \(every.text): the least is 100ms.")
        }
        if check, scenario == nil { throw ValidationError("--check needs --scenario: what is expected stands there.") }
        if let interval, interval < .milliseconds(10) {
            throw ValidationError("--interval is \(interval.text): the least is 10ms.")
        }
    }

    /// - Throws: `ScenarioError` also for what can only be done to a model of a server or a network.
    private static func plan(
        _ scenario: Scenario, over fleet: SimulatedFleet, file: String
    ) throws(ScenarioError) -> ScenarioPlan {
        let plan = try ScenarioPlan(scenario, over: fleet, file: file)
        try plan.mustBeForRealServers(file: file)
        return plan
    }

    func run() throws {
        do {
            let name = try serverName
            let script = try scenario.map { try ScenarioFile.read($0) }
            let fleet = SimulatedFleet(script?.fleet ?? options)
            let plan = try script.map { try Self.plan($0, over: fleet, file: scenario ?? "") }
            let authority = try PkiDirectory(pki ?? place.path + "/pki").openAuthority()
            let certificates = try FleetCertificates(for: fleet, from: authority, at: Date()) { done in
                tell("\(done) of \(fleet.nodes.count) certificates made")
            }
            let (sites, seed) = (fleet.options.sites, fleet.options.seed)
            tell("\(fleet.nodes.count) nodes on \(sites) \(sites == 1 ? "site" : "sites") dial \(name) (seed \(seed))")
            let start = Date()
            let span = duration ?? script?.duration ?? (check ? plan?.usualDuration : nil)
            if let script, let span { try plan?.mustEnd(after: span, script, file: scenario ?? "") }
            try simulate(fleet, certificates, plan, name, for: span)
            if check, let script, let plan { try compare(script, plan, fleet, since: start) }
        } catch let error as ClientError {
            throw CommandFailure("\(error)")
        } catch let error as ScenarioError {
            throw ValidationError("\(error).")
        }
    }

    private func simulate(
        _ fleet: SimulatedFleet, _ certificates: FleetCertificates, _ plan: ScenarioPlan?, _ name: ServerName,
        for duration: Duration?
    ) throws {
        var run = FleetSimulator.Run(server: name)
        run.loops = loops
        run.ramp = ramp ?? .milliseconds(fleet.nodes.count * 2)
        run.duration = duration
        run.summaryInterval = every
        run.saysGoodbye = goodbye
        run.timings.ownInterval = interval
        run.version = GlobalOptions.version
        let simulator = FleetSimulator(fleet, certificates: certificates, plan: plan, run: run)
        let report = try simulator.run { update in
            switch update {
            case .summary(let report): write(json ? report.json : report.line)
            case .act(let act): write(json ? act.json : act.line)
            }
        }
        for line in json ? [report.json] : report.paragraphs { write(line) }
        if report.registrations == 0 {
            let reason = report.reasonsByCount.first?.key ?? "nothing was tried"
            throw CommandFailure("not one node could register with \(name): \(reason)")
        }
    }

    private var options: FleetOptions {
        FleetOptions(
            agents: agents, processServers: processServers, masterTargets: masterTargets, sites: sites, seed: seed)
    }

    private var serverName: ServerName {
        get throws {
            do {
                return try ServerName(parsing: server ?? GlobalOptions.variable("SERVER") ?? "localhost")
            } catch {
                throw ValidationError("\(error)")
            }
        }
    }

    /// What is on the way goes to standard error, so that standard output is the report.
    private func tell(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8)) }

    /// At once also into a pipe or a file: a summary that waits for a full buffer is none.
    private func write(_ line: String) { try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8)) }
}
