import ErrorCatalogue
import Registry
import TestSupport

@testable import FleetSimulator

/// A fleet with its loop, its store and its troubles, all from one seed. Nodes beat through a `Liveness` of their own
/// loop; events reach the registry in the order in which a server would see them.
struct SimulatedFleet {
    struct Machine {
        var registration: Registration
        var slot: LivenessSlot?
        /// Up, with an agent that runs.
        var isUp = false
        /// Up, but nothing it sends arrives.
        var isCutOff = false
        var sequence: UInt64 = 0
        var nextBeat = t0
        var session: SessionID? { slot == nil ? nil : registration.session }
    }

    var generator: SeededGenerator
    let settings: RegistrySettings
    var registry: Registry
    var liveness = Liveness()
    var store = ModelStore()
    var machines: [Machine]
    var now = t0
    /// Commits under way: succeed or fail in order, later.
    var pending: [[Change]] = []
    var isDiskFull = false
    private(set) var events = 0
    /// Errors, as one who only watches knows them.
    private(set) var watch = ErrorWatch()
    private var nextSession: UInt64 = 1
    private var nextSave = t0

    init(seed: UInt64, machines count: Int) {
        generator = SeededGenerator(seed: seed)
        settings = RegistrySettings(serverName: "cs-01")
        registry = Registry(settings: settings, at: t0)
        machines = (0..<UInt64(count)).map { number in
            let role: Role = number % 10 == 0 ? .processServer : number % 10 == 1 ? .masterTarget : .mobilityAgent
            return Machine(
                registration: registration(
                    number, role: role, site: "site-\(number % 3)",
                    services: [report(scout, .running), report("cxps", .running)]))
        }
    }

    // MARK: Time

    /// Lets time pass: beats arrive, deadlines expire, batches are saved; looked at each `quantum`.
    mutating func run(for duration: Duration, quantum: Duration = .seconds(1)) {
        let end = now + duration
        while now < end {
            now = min(end, now + quantum)
            beat()
            var news: [LivenessNews] = []
            while liveness.tick(at: now, into: &news) {}
            for case .silent(let session, let since) in news {
                carryOut(registry.silent(session, since: since, at: now))
            }
            carryOut(registry.tick(at: now))
            if now >= nextSave { save() }
        }
    }

    private mutating func beat() {
        for index in machines.indices {
            guard let slot = machines[index].slot, machines[index].isUp, !machines[index].isCutOff,
                machines[index].nextBeat <= now
            else { continue }
            machines[index].nextBeat = machines[index].nextBeat + settings.heartbeatInterval
            if machines[index].nextBeat <= now { machines[index].nextBeat = now + settings.heartbeatInterval }
            machines[index].sequence += 1
            let reply = liveness.heartbeat(
                slot, sequence: machines[index].sequence, bootTag: 0, sentUnixMilliseconds: 0, at: now)
            if case .heardAgain = reply { carryOut(registry.heardAgain(machines[index].registration.session, at: now)) }
        }
    }

    private mutating func save() {
        nextSave = now + settings.lastSeenSaveInterval
        var heard: [(SessionID, Instant)] = []
        liveness.drainTouched(into: &heard)
        registry.lastHeard(heard)
        let (lastSeen, history) = (registry.takeLastSeenBatch(), registry.takeHistoryBatch())
        guard !lastSeen.isEmpty || !history.isEmpty else { return }
        let changes = history.map { Change.history($0) }
        if isDiskFull {
            carryOut(registry.commitFailed(changes, lastSeen: lastSeen, reason: "disk full", at: now))
        } else {
            store.apply(changes)
            store.apply(lastSeen: lastSeen)
            registry.commitSucceeded(changes)
        }
    }

    // MARK: Effects

    mutating func carryOut(_ effects: Effects) {
        events += 1
        for effect in effects {
            switch effect {
            case .publish(let event, let finding): watch.see(event, finding, at: now)
            case .closeSession(let session, _): disconnect(session)
            default: break
            }
        }
        let changes = effects.changes
        if !changes.isEmpty { pending.append(changes) }
        if generator.chance(percent: 80) { settleCommits() }
    }

    mutating func settleCommits() {
        while !pending.isEmpty {
            let changes = pending.removeFirst()
            if isDiskFull {
                carryOut(registry.commitFailed(changes, reason: "disk full", at: now))
            } else {
                store.apply(changes)
                registry.commitSucceeded(changes)
            }
        }
    }

    private mutating func disconnect(_ session: SessionID) {
        guard let index = machines.firstIndex(where: { $0.session == session }), let slot = machines[index].slot else {
            return
        }
        _ = liveness.disconnect(slot)
        machines[index].slot = nil
    }

    // MARK: What happens to machines

    mutating func connect(_ index: Int) {
        var wanted = machines[index].registration
        wanted.session = session(nextSession)
        nextSession += 1
        let outcome = registry.register(wanted, at: now)
        if outcome.reply.refusal == nil {
            if let old = machines[index].slot { _ = liveness.disconnect(old) }
            machines[index].registration = wanted
            machines[index].isUp = true
            machines[index].isCutOff = false
            machines[index].sequence = 0
            machines[index].nextBeat = now + settings.heartbeatInterval
            machines[index].slot = liveness.admit(wanted.session, interval: settings.heartbeatInterval, at: now)
        }
        carryOut(outcome.effects)
    }

    mutating func lose(_ index: Int, _ loss: ConnectionLoss) {
        guard let slot = machines[index].slot else { return }
        let heard = liveness.disconnect(slot)
        machines[index].slot = nil
        carryOut(
            registry.connectionLost(
                machines[index].registration.session, loss, lastHeard: heard?.heard, path: heard?.path, at: now))
    }

    mutating func leave(_ index: Int, _ reason: LeaveReason) {
        guard let slot = machines[index].slot else { return }
        let outcome = registry.left(machines[index].registration.session, reason, at: now)
        _ = liveness.disconnect(slot)
        machines[index].slot = nil
        machines[index].isUp = false
        carryOut(outcome.effects)
    }

    mutating func setService(_ index: Int, _ position: Int, _ state: ServiceState) {
        machines[index].registration.services[position].state = state
        guard machines[index].slot != nil, !machines[index].isCutOff else { return }
        let outcome = registry.reported(
            machines[index].registration.session, services: [machines[index].registration.services[position]],
            load: nil,
            at: now)
        carryOut(outcome.effects)
    }

    mutating func reboot(_ index: Int) {
        lose(index, .reset)
        machines[index].registration.facts.bootID = (0..<16).map { _ in UInt8(generator.below(256)) }
        connect(index)
    }

    mutating func restartServer() {
        settleCommits()
        pending = []
        liveness = Liveness()
        for index in machines.indices { machines[index].slot = nil }
        registry = Registry(settings: settings, restored: store.restored, at: now)
        // What was not on the disk when the server died never was: watchers start again from what is active.
        watch.startAgain(from: registry.activeFindings(), at: now)
    }

    mutating func recoverDisk() {
        settleCommits()
        isDiskFull = false
        carryOut(registry.storeRecovered(at: now))
        settleCommits()
    }
}
