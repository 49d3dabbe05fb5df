// What the sessions' clocks tell (`Liveness`, one for each loop).
extension Registry {
    /// A session missed its deadline; `since` is when it was last heard, and `heldUp` how late that was (`Liveness.heldUp`). A node
    /// none of whose components is fresh is suspect.
    public mutating func silent(
        _ session: SessionID, since: Instant, heldUp: Duration = .zero, at now: Instant
    ) -> Effects {
        guard let index = sessions[session] else { return .none }
        if heldUp > settings.unreachableAfter { asking.heldUp[index] = heldUp }
        var draft = Draft()
        hear(session, of: index, at: since)
        for position in table[index].components.indices where table[index].components[position].session == session {
            table[index].components[position].isSilent = true
        }
        let text = "a heartbeat is overdue: last heard \((now - since).inWords) ago, its connection is open"
        suspectUnlessFresh(index, because: text, at: now, into: &draft)
        awaitSilentComponents(of: index)
        refreshHealth(of: index)
        return finish(draft, about: index)
    }

    /// A session that had been silent was heard: its node is reachable.
    public mutating func heardAgain(_ session: SessionID, at now: Instant) -> Effects {
        guard let index = sessions[session] else { return .none }
        var draft = Draft()
        hear(session, of: index, at: now)
        for position in table[index].components.indices where table[index].components[position].session == session {
            table[index].components[position].isSilent = false
        }
        returned(index, how: "heard again", at: now, into: &draft)
        judgeServices(of: index, at: now, into: &draft)
        return finish(draft, about: index)
    }

    /// When sessions were last heard, once a second from each loop (`Liveness.drainTouched`). No news: only times.
    public mutating func lastHeard(_ batch: [(SessionID, Instant)]) {
        for (session, heard) in batch {
            if let index = sessions[session] { hear(session, of: index, at: heard) }
        }
    }

    /// Moves the clocks of the session's components forward, never back.
    mutating func hear(_ session: SessionID, of index: Int32, at heard: Instant) {
        for position in table[index].components.indices where table[index].components[position].session == session {
            let last = table[index].components[position].lastHeard ?? .distantPast
            table[index].components[position].lastHeard = max(last, heard)
        }
        touch(index, heard: heard)
    }
}
