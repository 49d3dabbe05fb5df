public import AgentClient
internal import EventLoop
import Foundation
internal import RollcallProtocol

/// Thousands of agents in one process, on the real agent's machine and connection: a few loops carry them, the calling
/// thread conducts (scenario, summaries, the end).
public final class FleetSimulator {
    /// How a fleet is run.
    public struct Run: Sendable {
        /// The configuration server.
        public var server: ServerName
        /// Loops with a thread of their own.
        public var loops = 1
        /// The fleet comes up evenly over this time.
        public var ramp: Duration = .zero
        /// Ends by itself after this long; nil: not before it is asked to.
        public var duration: Duration?
        /// Time between two summaries.
        public var summaryInterval: Duration = .seconds(1)
        /// Says goodbye for every node at the end. Without, the connections just end.
        public var saysGoodbye = true
        /// How patient the agents are, and how often they beat.
        public var timings = AgentTimings()
        /// Version the agents register with.
        public var version = "0.1.0"

        /// A run against this server.
        public init(server: ServerName) { self.server = server }
    }

    /// What a run tells while it goes on. On the calling thread.
    public enum Update: Sendable {
        /// A second has passed, or whatever the summary interval is.
        case summary(FleetReport)
        /// A step of the scenario was carried out.
        case act(FleetAct)
    }

    private let fleet: SimulatedFleet
    private let certificates: FleetCertificates
    private let plan: ScenarioPlan?
    private let run: Run

    /// A simulator that has not started.
    public init(_ fleet: SimulatedFleet, certificates: FleetCertificates, plan: ScenarioPlan?, run: Run) {
        self.fleet = fleet
        self.certificates = certificates
        self.plan = plan
        self.run = run
    }

    /// Runs until the duration is over or SIGTERM or SIGINT arrives. Returns what came of it.
    /// - Throws: `ClientError.outOfResources` if loops cannot be made.
    public func run(_ onUpdate: @escaping (Update) -> Void) throws(ClientError) -> FleetReport {
        do { return try conduct(onUpdate) } catch { throw .outOfResources("\(error)") }
    }

    private func conduct(_ onUpdate: @escaping (Update) -> Void) throws(LoopError) -> FleetReport {
        // A connection a node: the usual soft limit of 1024 is a small fleet.
        DescriptorLimit.raise()
        let control = try EventLoop()
        let workers = try makeWorkers()
        let conductor = Conductor(fleet: fleet, plan: plan, run: run, control: control, workers: workers, onUpdate)
        let signals = try [SIGTERM, SIGINT].map { number throws(LoopError) in
            try LoopSignal(number, on: control) { conductor.end() }
        }
        conductor.start()
        control.run()
        let report = conductor.report
        withExtendedLifetime(signals) {}
        for worker in workers {
            worker.thread.loop.stop()
            worker.thread.join()
        }
        return report
    }

    /// A loop's thread and what lives there.
    struct Worker {
        let thread: EventLoopThread
        let nodes: LoopBound<SimulatorLoop>
    }

    private func makeWorkers() throws(LoopError) -> [Worker] {
        var workers: [Worker] = []
        let count = max(1, min(run.loops, fleet.nodes.count))
        for number in 0..<count {
            let thread = try EventLoopThread()
            let loop = thread.loop
            let fleet = fleet, certificates = certificates, run = run
            let nodes = loop.make { loop in
                let home = SimulatorLoop(
                    SimulatedNode.Environment(
                        loop: loop, timings: run.timings, version: run.version, seed: fleet.options.seed))
                for node in fleet.nodes where node.index % count == number {
                    let endpoint = ServerEndpoint.tls(run.server, certificates.credentials[node.index])
                    home.add(SimulatedNode(node, endpoint: endpoint, in: home.environment))
                }
                return home
            }
            workers.append(Worker(thread: thread, nodes: nodes))
        }
        return workers
    }
}
