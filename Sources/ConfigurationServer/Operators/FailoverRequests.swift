internal import Foundation
internal import Registry
internal import RollcallProtocol

/// Failover, as operators declare it.
extension RegistryShell {
    /// Changes all the nodes named or none; answers when that is durable.
    func failover(_ order: WireFailoverRequest, _ request: UInt64, _ session: SessionID) {
        var ids: [NodeID] = []
        for name in order.nodes {
            switch registry.lookUp(name) {
            case .unknown: return refuse(session, request, .notFound, Self.unknownNode(name))
            case .ambiguous(let candidates, let count):
                return refuse(session, request, .aborted, Self.ambiguous(name, candidates, count))
            case .found(let view): ids.append(view.id)
            }
        }
        if !ids.isEmpty, let reason = registry.storeFailure {
            return refuse(
                session, request, .unavailable, "the registry cannot be written now (\(reason)); try again later")
        }
        var effects = Effects.none
        for id in ids {
            if order.cancel {
                effects.append(contentsOf: registry.cancelFailover(id, at: now) ?? .none)
            } else if let outcome = registry.declareFailover(id, at: now) {
                effects.append(contentsOf: outcome.effects)
            }
        }
        perform(effects, of: request) { refusal in
            if let refusal { return self.reply(session, .answer(refusal, isLast: true)) }
            self.answer(session, request) {
                $0.failover.failovers = self.registry.failovers().map(WireFailover.init)
            }
        }
    }
}

extension WireFailover {
    init(_ view: FailoverView) {
        self.init()
        nodeID = Data(view.id.bytes)
        hostname = view.hostname
        declaredUnixMs = view.declaredAt.unixMilliseconds
        untilUnixMs = view.until.unixMilliseconds
        overdue = view.isOverdue
    }
}
