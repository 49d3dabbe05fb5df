// For which machine a key stands, as operators decide it.
extension Registry {
    /// An operator says that a machine is one that was known before: it takes that one's entry, its own goes, and so does
    /// its connection: the next one is that entry's. The other one must be away.
    public mutating func unite(_ node: NodeID, with other: NodeID, at now: Instant) -> Outcome<KeyReply> {
        if let failure = store.failure { return Outcome(.refused(.notWritable(reason: failure.reason))) }
        guard let index = table.index(of: node) else { return Outcome(.refused(.unknown(node))) }
        guard let taken = table.index(of: other) else { return Outcome(.refused(.unknown(other))) }
        guard index != taken else { return Outcome(.refused(.same(hostname: table[index].hostname))) }
        guard !isHere(taken) else {
            let address = Attempt.host(of: table[taken].connection.peerAddress)
            return Outcome(.refused(.isHere(hostname: table[taken].hostname, address: address)))
        }
        guard table[index].role == table[taken].role else {
            return Outcome(.refused(.roles(table[index].role.name, table[taken].role.name)))
        }
        var draft = Draft()
        let key = key(of: node)
        for var record in keys.values.filter({ $0.node == node }).sorted(by: { $0.key < $1.key }) {
            record.node = other
            keep(record, into: &draft)
        }
        _ = replaceKey(of: taken, by: key, .byOperator, at: now, into: &draft)
        let hostname = table[index].hostname
        note(taken, "united", "takes the place of the entry \(hostname) (\(node))", at: now, into: &draft)
        remove(
            index, because: "it is one machine with \(table[taken].hostname) (\(other))", at: now, into: &draft.effects)
        draft.effects.append(.persist(.removeNode(node)))
        return Outcome(.united(other, key: key), finish(draft, about: taken))
    }

    /// An operator says that a node's machine is none of those known before: if it had taken an entry, it gets one of its
    /// own, and whoever had that entry is let in again. Its hardware is not asked any more.
    public mutating func setApart(_ node: NodeID, at now: Instant) -> Outcome<KeyReply> {
        if let failure = store.failure { return Outcome(.refused(.notWritable(reason: failure.reason))) }
        guard let index = table.index(of: node) else { return Outcome(.refused(.unknown(node))) }
        var draft = Draft()
        let key = key(of: node)
        keep(KeyRecord(key: key, node: key, since: now, decision: .byOperator), into: &draft)
        clearFindings(of: index, topic: .hardware, .clearedDecided, ["at": .time(now)], at: now, into: &draft)
        guard key != node else { return Outcome(.itsOwn(node), finish(draft, about: index)) }
        let before =
            keys.values.filter { $0.replacedBy == key }.max { ($0.since, $0.key) < ($1.since, $1.key) }?.key ?? node
        if before == node {
            forgetKey(node, into: &draft)
        } else if var record = keys[before] {
            record.replacedBy = nil
            keep(record, into: &draft)
        }
        clearFindings(of: index, topic: .change, .clearedDecided, ["at": .time(now)], at: now, into: &draft)
        note(index, "set apart", "an operator said that key \(key) is another machine's", at: now, into: &draft)
        for session in closeSessions(of: index) {
            draft.effects.append(.closeSession(session, reason: "an operator said that it is a machine of its own"))
        }
        suspectUnlessFresh(index, because: "its machine was set apart", at: now, into: &draft)
        draft.isRowChanged = true
        return Outcome(.apart(node, key: key, before: before), finish(draft, about: index))
    }

    /// The node's sessions speak for nobody any more.
    private mutating func closeSessions(of index: Int32) -> [SessionID] {
        let open = table[index].openSessions
        for position in table[index].components.indices where table[index].components[position].session != nil {
            table[index].components[position].disconnect("set apart by an operator")
        }
        for session in open { sessions[session] = nil }
        return open
    }
}
