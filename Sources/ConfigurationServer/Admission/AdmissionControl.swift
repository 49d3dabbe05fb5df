internal import Foundation
internal import Logging
internal import Registry

/// Measures what letting nodes in costs, sets the pace when a fleet comes back, and says beforehand when the last one will be
/// in. Confined to the control loop.
final class AdmissionControl {
    private let settings: ServerSettings
    private let census: ConnectionCensus
    private let pace: AdmissionPace
    private let log: Logger
    private let path: String
    private var costs: AdmissionCosts
    private var fall = MassLoss()
    private var nextSample: Instant?
    private var processorTime = clock()
    private var heartbeats: UInt64 = 0
    private var announced: ReturnPlan?

    /// How often costs are sampled, and the file's time says that the server is alive.
    private static let aliveEvery = Duration.seconds(1)

    init(settings: ServerSettings, census: ConnectionCensus, pace: AdmissionPace, log: Logger) {
        self.settings = settings
        self.census = census
        self.pace = pace
        self.log = log
        path = settings.data + "/admission"
        let kept = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").first
        costs = AdmissionCosts(text: kept.map(String.init) ?? "")
        setSlot()
    }

    /// Nodes let in each second on all loops while a fleet comes back.
    var perSecond: Double {
        if let given = settings.admissionsPerSecond { return Double(given * settings.loops) }
        let processors = min(settings.loops, ProcessInfo.processInfo.activeProcessorCount)
        return ReturnPlan.perSecond(cost: costs.ofResumed, processors: processors)
    }

    /// What the pace rests on: it is kept only as long as it holds.
    private var assumption: String {
        settings.admissionsPerSecond == nil
            ? "if each takes \(Int(costs.ofResumed)) µs of half of the processors, and nobody else takes those"
            : "as admissions-per-second says"
    }

    // MARK: after a start

    /// Announces the return of those whom a restored registry awaits. `wall`: the same moment on the wall clock.
    func announceReturn(_ registry: inout Registry, at now: Instant, wall: Date = Date()) {
        guard let home = registry.homecomingView else { return }
        let last = lastRun()
        let absence = last.map { Duration.milliseconds(Int64(max(0, wall.timeIntervalSince($0.at)) * 1000)) } ?? .zero
        var knock = ReturnPlan.lastKnock(afterAbsence: absence, lessAtMost: Self.aliveEvery)
        if let due = last?.due { knock = .milliseconds(max(0, due - now.unixMilliseconds)) }
        let plan = ReturnPlan(nodes: home.expected, perSecond: perSecond, began: now, lastKnock: knock)
        announced = plan
        registry.announceReturn(lastDue: plan.lastDue, perSecond: Int(plan.perSecond.rounded()))
        setPace()
        let until = registry.homecomingView?.until ?? now
        log.notice(
            "the registry knows \(registry.nodeCount) nodes; the \(home.expected) that answered before can all be back by \(plan.lastDue.clockTime) (\((plan.lastDue - now).inWords): \(Int(plan.perSecond)) a second, \(assumption)); nobody is judged before \(until.clockTime)"
        )
    }

    /// When the server before this one was last alive, and when the last agent it sent away is due.
    private func lastRun() -> (at: Date, due: Int64?)? {
        guard let at = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date else {
            return nil
        }
        let lines = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n") ?? []
        return (at, lines.first { $0.hasPrefix("due ") }.flatMap { Int64($0.dropFirst(4)) })
    }

    // MARK: while it runs

    /// Looks at what has happened since the last tick.
    func tick(_ registry: inout Registry, heartbeats count: UInt64, at now: Instant) {
        if let lost = fall.note(connected: registry.connectedCount, at: now) { begin(&registry, lost, at: now) }
        if announced != nil, registry.homecomingView == nil { end(at: now) }
        let waits = registry.homecomingView.map { max(0, $0.expected - $0.returned) } ?? 0
        census.awaited = max(waits, fall.isFalling ? registry.nodeCount - registry.connectedCount : 0)
        guard nextSample.map({ now >= $0 }) ?? true else { return }
        nextSample = now + Self.aliveEvery
        sample(heartbeats: count)
    }

    private func sample(heartbeats count: UInt64) {
        let (spent, before) = (clock(), costs)
        let counts = pace.takeCounts()
        costs.note(
            microseconds: Double(spent - processorTime) * 1_000_000 / Double(CLOCKS_PER_SEC), full: counts.full,
            resumed: counts.resumed, heartbeats: Int(clamping: count &- heartbeats))
        (processorTime, heartbeats) = (spent, count)
        setSlot()
        if costs.text != before.text { keep(due: nil) } else { touch() }
    }

    /// Many lost their connections at once.
    private func begin(_ registry: inout Registry, _ lost: Int, at now: Instant) {
        let plan = ReturnPlan(nodes: lost, perSecond: perSecond, began: now, lastKnock: .seconds(1))
        guard registry.beginHomecoming(lastDue: plan.lastDue, perSecond: Int(plan.perSecond.rounded()), at: now) else {
            return
        }
        announced = plan
        setPace()
        log.warning(
            "\(lost) nodes lost their connections at once; if they dial now all can be back by \(plan.lastDue.clockTime) (\((plan.lastDue - now).inWords): \(Int(plan.perSecond)) a second, \(assumption))"
        )
    }

    /// The server's clock was set: what was planned by the old one is planned anew.
    func clockMoved() {
        fall = MassLoss()
        nextSample = nil
    }

    private func end(at now: Instant) {
        if let plan = announced {
            log.notice(
                "the return took \((now - plan.began).inWords); \((plan.lastDue - plan.began).inWords) were announced for \(plan.nodes) nodes"
            )
        }
        announced = nil
        setPace()
    }

    private func setPace() {
        pace.perSecond = announced.map { $0.perSecond / Double(max(1, settings.loops)) }
    }

    private func setSlot() {
        pace.slot = .microseconds(Int64(1_000_000 / max(1, perSecond / Double(max(1, settings.loops)))))
    }

    // MARK: kept over a restart

    /// Keeps what was measured, and when the last agent is due that was asked to come back.
    func keep(due: Instant?) {
        var text = costs.text + "\n"
        if let due { text += "due \(due.unixMilliseconds)\n" }
        // Not worth a failure: without it the next start promises less.
        try? text.write(toFile: path, atomically: false, encoding: .utf8)
    }

    /// The file's time tells the next server when this one was last alive.
    private func touch() {
        guard (try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)) == nil else {
            return
        }
        keep(due: nil)
    }
}
