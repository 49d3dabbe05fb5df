internal import AgentClient
internal import EventLoop
import Foundation
internal import RollcallProtocol
internal import Synchronization

/// Conducts a run from the control loop: starts the nodes, lets the scenario happen, sums up, ends. Confined to the
/// control loop.
final class Conductor {
    private let fleet: SimulatedFleet
    private let plan: ScenarioPlan?
    private let run: FleetSimulator.Run
    private let control: EventLoop
    private let workers: [FleetSimulator.Worker]
    private let onUpdate: (FleetSimulator.Update) -> Void
    private let summaryTimer: LoopTimer
    private let scenarioTimer: LoopTimer
    private let endTimer: LoopTimer
    private var nextEvent = 0
    private var began: UInt64 = 0
    private var lastSummary: (at: Duration, counters: FleetCounters) = (.zero, FleetCounters())
    private var snapshots: [SimulatorLoop.Snapshot]
    private var isEnding = false
    private var final: FleetReport?

    init(
        fleet: SimulatedFleet, plan: ScenarioPlan?, run: FleetSimulator.Run, control: EventLoop,
        workers: [FleetSimulator.Worker], _ onUpdate: @escaping (FleetSimulator.Update) -> Void
    ) {
        self.fleet = fleet
        self.plan = plan
        self.run = run
        self.control = control
        self.workers = workers
        self.onUpdate = onUpdate
        summaryTimer = LoopTimer(on: control)
        scenarioTimer = LoopTimer(on: control)
        endTimer = LoopTimer(on: control)
        snapshots = workers.map { _ in SimulatorLoop.Snapshot() }
    }

    private var elapsed: Duration { .nanoseconds(Int64(clamping: EventLoop.monotonicNanoseconds - began)) }

    func start() {
        began = EventLoop.monotonicNanoseconds
        let ramp = run.ramp, size = fleet.nodes.count
        onWorkers { $0.start(ramp: ramp, fleetSize: size) }
        summaryTimer.start(after: run.summaryInterval, repeating: run.summaryInterval) { [weak self] in
            self?.collect { $0.summarise() }
        }
        if let duration = run.duration { endTimer.start(after: duration) { [weak self] in self?.end() } }
        waitForNextEvent()
    }

    private func onWorkers(_ body: @escaping @Sendable (SimulatorLoop) -> Void) {
        for worker in workers {
            let nodes = worker.nodes
            worker.thread.loop.post { body(nodes.value) }
        }
    }

    // MARK: the scenario

    private func waitForNextEvent() {
        guard let events = plan?.events, nextEvent < events.count, !isEnding else { return }
        scenarioTimer.start(after: max(.zero, events[nextEvent].at - elapsed)) { [weak self] in self?.letHappen() }
    }

    private func letHappen() {
        guard let events = plan?.events else { return }
        while nextEvent < events.count, events[nextEvent].at <= elapsed {
            let event = events[nextEvent]
            nextEvent += 1
            onWorkers { $0.carryOut(event.act, on: event.nodes) }
            let whom = event.nodes.count == 1 ? fleet.nodes[event.nodes[0]].hostname : "\(event.nodes.count) nodes"
            onUpdate(.act(FleetAct(elapsed: elapsed, text: "\(event.act): \(whom)")))
        }
        waitForNextEvent()
    }

    // MARK: summing up

    /// Asks every loop for its state, and goes on when all have answered.
    private func collect(_ then: @escaping (Conductor) -> Void) {
        let pending = Pending(count: workers.count, then: then)
        let me = LoopBound((conductor: self, pending: pending), of: control)
        for (index, worker) in workers.enumerated() {
            let nodes = worker.nodes, control = control
            worker.thread.loop.post {
                let snapshot = nodes.value.snapshot
                control.post {
                    let (conductor, pending) = me.value
                    conductor.snapshots[index] = snapshot
                    pending.count -= 1
                    if pending.count == 0 { pending.then(conductor) }
                }
            }
        }
    }

    private final class Pending {
        var count: Int
        let then: (Conductor) -> Void
        init(count: Int, then: @escaping (Conductor) -> Void) {
            self.count = count
            self.then = then
        }
    }

    private var counters: FleetCounters {
        snapshots.reduce(into: FleetCounters()) { $0.merge($1.counters) }
    }

    private var gauges: FleetGauges {
        snapshots.reduce(into: FleetGauges()) { sum, snapshot in
            sum.alive += snapshot.gauges.alive
            sum.connected += snapshot.gauges.connected
            sum.registered += snapshot.gauges.registered
        }
    }

    private func summarise() {
        guard !isEnding else { return }
        let now = elapsed, counters = counters
        let report = FleetReport(
            kind: "second", elapsed: now, over: now - lastSummary.at, nodes: fleet.nodes.count, gauges: gauges,
            counters: counters, since: lastSummary.counters)
        lastSummary = (now, counters)
        onUpdate(.summary(report))
    }

    /// The whole run, as of the moment at which it was asked to end.
    var wholeRun: FleetReport {
        FleetReport(
            kind: "report", elapsed: elapsed, over: elapsed, nodes: fleet.nodes.count, gauges: gauges,
            counters: counters, since: FleetCounters())
    }

    // MARK: the end

    /// Ends the run: a last look, the goodbyes, and the control loop stops. A second call does not wait any longer.
    func end() {
        guard !isEnding else { return control.stop() }
        isEnding = true
        summaryTimer.cancel()
        scenarioTimer.cancel()
        collect { conductor in
            conductor.final = conductor.wholeRun
            guard conductor.run.saysGoodbye else { return conductor.control.stop() }
            conductor.onWorkers { $0.leave() }
            conductor.waitUntilGone(until: conductor.elapsed + Self.goodbyeLimit)
        }
    }

    /// The time all nodes have for their goodbye: as long as the server's drain may take.
    private static let goodbyeLimit: Duration = .seconds(5)

    private func waitUntilGone(until limit: Duration) {
        endTimer.start(after: .milliseconds(20)) { [weak self] in
            self?.collect { conductor in
                if conductor.gauges.alive == 0 || conductor.elapsed >= limit { return conductor.control.stop() }
                conductor.waitUntilGone(until: limit)
            }
        }
    }

    /// The report of the run, once the control loop has stopped.
    var report: FleetReport { final ?? wholeRun }
}

extension EventLoop {
    /// Makes something that belongs to this loop, which runs in another thread, and waits for it.
    func make<Value>(_ body: @escaping @Sendable (EventLoop) -> Value) -> LoopBound<Value> {
        let made = Mutex<LoopBound<Value>?>(nil)
        let ready = DispatchSemaphore(value: 0)
        post {
            let bound = LoopBound(body(self), of: self)
            made.withLock { $0 = bound }
            ready.signal()
        }
        ready.wait()
        guard let bound = made.withLock({ $0 }) else { preconditionFailure("the loop has run the body") }
        return bound
    }
}
