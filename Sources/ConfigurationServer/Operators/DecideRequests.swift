internal import Foundation
internal import Registry
internal import RollcallProtocol

/// For which machine a key stands, as operators decide it.
extension RegistryShell {
    /// Unites two entries, or sets one apart; answers when that is durable.
    func decide(_ word: WireDecideRequest, _ request: UInt64, _ session: SessionID) {
        var ids: [NodeID] = []
        for name in [word.node, word.sameAs] where !name.isEmpty || ids.isEmpty {
            switch registry.lookUp(name) {
            case .unknown: return refuse(session, request, .notFound, Self.unknownNode(name))
            case .ambiguous(let candidates, let count):
                return refuse(session, request, .aborted, Self.ambiguous(name, candidates, count))
            case .found(let view): ids.append(view.id)
            }
        }
        let outcome =
            ids.count == 2 ? registry.unite(ids[0], with: ids[1], at: now) : registry.setApart(ids[0], at: now)
        if case .refused(let refusal) = outcome.reply {
            return refuse(session, request, refusal.status, refusal.description)
        }
        let decided = WireDecideResponse(outcome.reply) { self.registry.node($0)?.facts.hostname ?? "" }
        perform(outcome.effects, of: request) { refusal in
            if let refusal { return self.reply(session, .answer(refusal, isLast: true)) }
            self.answer(session, request) { $0.decide = decided }
        }
    }
}

extension WireDecideResponse {
    fileprivate init(_ reply: KeyReply, _ hostname: (NodeID) -> String) {
        self.init()
        switch reply {
        case .united(let node, let key): self = Self(.united, node, hostname, key)
        case .apart(let node, let key, let before):
            self = Self(.apart, node, hostname, key)
            keyBefore = Data(before.bytes)
        case .itsOwn(let node): self = Self(.itsOwn, node, hostname, node)
        case .refused: break
        }
    }

    private init(_ decision: WireDecision, _ node: NodeID, _ hostname: (NodeID) -> String, _ key: NodeID) {
        self.init()
        self.decision = decision
        nodeID = Data(node.bytes)
        self.hostname = hostname(node)
        self.key = Data(key.bytes)
    }
}

extension KeyRefusal {
    fileprivate var status: StatusCode {
        switch self {
        case .unknown: .notFound
        case .notWritable: .unavailable
        case .same, .isHere, .roles: .failedPrecondition
        }
    }
}
