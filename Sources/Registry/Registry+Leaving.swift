/// What a node that says goodbye is told.
public enum LeaveReply: Equatable, Sendable {
    /// Noted.
    case accepted
    /// Noted, but not written down: the registry cannot be written now.
    case notWritten(reason: String)
    /// Nobody has registered on this session.
    case notRegistered
}

extension Registry {
    /// The node says goodbye: it is shown as left, and its absence raises no error. The session stands for nobody
    /// afterwards. If another component of the node is still heard, the node stays.
    public mutating func left(
        _ session: SessionID, _ reason: LeaveReason, at now: Instant
    ) -> Outcome<LeaveReply> {
        guard let index = sessions.removeValue(forKey: session) else { return Outcome(.notRegistered) }
        var draft = Draft()
        hear(session, of: index, at: now)
        for position in table[index].components.indices where table[index].components[position].session == session {
            table[index].components[position].disconnect("goodbye: \(reason.text)")
            table[index].components[position].isExpected = false
        }
        table[index].goodbye = reason
        if table[index].isFresh {
            refreshHealth(of: index)
            note(index, "component left", "one of its programs said goodbye: \(reason.text)", at: now, into: &draft)
        } else {
            becomeLeft(index, reason, at: now, into: &draft)
        }
        let reply: LeaveReply = store.failure.map { .notWritten(reason: $0.reason) } ?? .accepted
        return Outcome(reply, finish(draft, about: index))
    }

    /// Nobody expects to hear of the node any more: what was wrong with it is no longer true.
    mutating func becomeLeft(_ index: Int32, _ reason: LeaveReason, at now: Instant, into draft: inout Draft) {
        table[index].loss = nil
        if table[index].isAwaited {
            table[index].isAwaited = false
            homecoming?.returned += 1
        }
        setReachability(.left, of: index, at: now)
        unfold(index, at: now, into: &draft)
        clearFindings(of: index, .clearedGoodbye, ["reason": reason.word], at: now, into: &draft)
        note(index, "left", "said goodbye: \(reason.text)", at: now, into: &draft)
        draft.isRowChanged = true
        if reason.isToComeBack { deadlines.hang(index, noLaterThan: now + settings.returnGrace) }
        draft.effects.append(.log("\(table[index].hostname) left: \(reason.text)"))
        endHomecomingIfComplete(into: &draft)
    }
}

extension Registry {
    /// A node that said it would be back is not: from now on it is missed.
    mutating func judgeReturn(of index: Int32, at now: Instant, into draft: inout Draft) {
        guard let reason = table[index].goodbye, reason.isToComeBack else { return }
        let promised = table[index].reachabilitySince + settings.returnGrace
        let due = homecoming.map { max($0.until, promised) } ?? promised
        guard due <= now else { return deadlines.hang(index, noLaterThan: due) }
        setReachability(.unreachable, of: index, at: now)
        draft.isRowChanged = true
        note(
            index, "unreachable", "not back \((now - table[index].lastSeen).inWords) after it said: \(reason.text)",
            at: now,
            into: &draft)
        judgeAbsence(of: index, at: now, into: &draft)
    }
}

extension LeaveReason {
    /// It said that it would be back.
    var isToComeBack: Bool { self == .reboot || self == .upgrade }

    /// The whole machine goes, not only one of its programs.
    var isOfMachine: Bool {
        switch self {
        case .shutdown, .reboot, .decommission: true
        case .unspecified, .serviceStop, .upgrade: false
        }
    }
}
