internal import AgentClient
internal import EventLoop
internal import RollcallProtocol

/// The nodes of one loop. Confined to it; `FleetSimulator` posts.
final class SimulatorLoop {
    /// The fleet at one moment, as far as it lives on this loop.
    struct Snapshot: Sendable {
        var gauges = FleetGauges()
        var counters = FleetCounters()
    }

    let environment: SimulatedNode.Environment
    private var nodes: [Int: SimulatedNode] = [:]
    /// In the fleet's order, for runs that do the same things in the same order.
    private var order: [SimulatedNode] = []

    init(_ environment: SimulatedNode.Environment) { self.environment = environment }

    func add(_ node: SimulatedNode) {
        nodes[node.blueprint.index] = node
        order.append(node)
    }

    /// Begins all lives, each at its place in a ramp over the whole fleet.
    func start(ramp: Duration, fleetSize: Int) {
        for node in order { node.start(after: ramp * node.blueprint.index / max(1, fleetSize)) }
    }

    func carryOut(_ act: Scenario.Act, on indices: [Int]) {
        for index in indices { nodes[index]?.carryOut(act) }
    }

    func leave() { for node in order { node.leave(.serviceStop) } }

    var snapshot: Snapshot {
        var snapshot = Snapshot(gauges: FleetGauges(), counters: environment.counters)
        for node in order {
            snapshot.gauges.alive += node.isAlive ? 1 : 0
            snapshot.gauges.connected += node.isConnected ? 1 : 0
            snapshot.gauges.registered += node.isRegistered ? 1 : 0
        }
        return snapshot
    }
}
