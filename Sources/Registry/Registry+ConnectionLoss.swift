extension Registry {
    /// A session's connection ended without a goodbye. A node with no other fresh component is suspect at once.
    ///
    /// `lastHeard` is when the session was last heard, from `Liveness.disconnect`, where known; `path` is how its path
    /// behaved, which is kept for its next connection.
    public mutating func connectionLost(
        _ session: SessionID, _ loss: ConnectionLoss, lastHeard: Instant? = nil, path: PathMemory? = nil,
        at now: Instant
    ) -> Effects {
        guard let index = sessions.removeValue(forKey: session) else { return .none }
        var draft = Draft()
        if let lastHeard { hear(session, of: index, at: lastHeard) }
        if let path, path.beatCount > 0 { pathsAtRest[index] = path }
        for position in table[index].components.indices where table[index].components[position].session == session {
            table[index].components[position].disconnect(loss.description)
        }
        guard !table[index].components.contains(where: { $0.session != nil }) else {
            suspectUnlessFresh(index, because: "connection \(loss)", at: now, into: &draft)
            awaitSilentComponents(of: index)
            refreshHealth(of: index)
            return finish(draft, about: index)
        }
        table[index].loss = Node.Loss(how: loss, at: now)
        // One component said that the machine goes down; the others went with it.
        if let reason = table[index].goodbye, reason.isOfMachine, table[index].reachability != .left {
            becomeLeft(index, reason, at: now, into: &draft)
            return finish(draft, about: index)
        }
        suspectUnlessFresh(index, because: "connection \(loss)", at: now, into: &draft)
        noteLoss(of: index, at: now)
        refreshHealth(of: index)
        // Its silence has been explained. If it does not come back, this end of its connection tells more.
        if table[index].reachability == .unreachable, let loss = table[index].loss {
            deadlines.hang(index, noLaterThan: comeBackDeadline(after: loss))
        }
        return finish(draft, about: index)
    }

    /// What was learned of the path of the node that registered on this session; nil if nothing was, or it is in use.
    public mutating func takePath(of session: SessionID) -> PathMemory? {
        guard !pathsAtRest.isEmpty, let index = sessions[session] else { return nil }
        return pathsAtRest.removeValue(forKey: index)
    }
}
