/// A loop of the server.
public enum ServerLoop: Equatable, Sendable {
    /// The one that owns the registry.
    case control
    /// One that carries connections, by its number.
    case sessions(Int)

    /// As operators read it.
    public var text: String { word.text(in: .english) }

    var word: Word {
        switch self {
        case .control: .term("loop.control")
        case .sessions(let number): .term("loop.sessions", "\(number)")
        }
    }
}

/// Time in which the server itself was at fault.
struct SelfSuspicion: Equatable, Sendable {
    /// Nobody is judged before: agents that lost their patience with the server need time to come back.
    var until: Instant
    /// The longest time lost.
    var lost: Duration
}

// Suspect yourself first.
extension Registry {
    /// The server found that one of its own loops did not turn for so long. Whoever was
    /// not heard meanwhile could not have been heard: nobody is judged until the fleet had as much time as after a start
    /// (`RegistrySettings.homecomingGrace`). A stall of at least half a heartbeat interval is told as an error about
    /// the server, which is cleared when that time is over; shorter ones only push verdicts back.
    public mutating func stalled(_ which: ServerLoop, for lost: Duration, at now: Instant) -> Effects {
        let isShort = lost < settings.heartbeatInterval / 2
        let until = now + (isShort ? lost : settings.homecomingGrace)
        suspicion = SelfSuspicion(
            until: max(until, suspicion?.until ?? until), lost: max(lost, suspicion?.lost ?? lost))
        var draft = Draft()
        guard !isShort else { return draft.effects }
        draft.effects.append(.log("\(which.text) did not turn for \(lost.inWords): nobody is judged for that time"))
        judgeSelf(which, lost, at: now, into: &draft)
        return draft.effects
    }

    private mutating func judgeSelf(_ which: ServerLoop, _ lost: Duration, at now: Instant, into draft: inout Draft) {
        guard let row = DecisionTable.row(for: Circumstances(topic: .selfSuspicion)) else { return }
        let words = CaseWords([
            "server": .text(settings.serverName), "port": .text("\(settings.serverPort)"),
            "lost": .duration(suspicion?.lost ?? lost),
        ])
        let fact = Evidence(
            at: now, source: "server", .stalled,
            ["which": which.word, "lost": .duration(lost), "from": .time(now - lost)])
        if let known = journal.finding(about: .server, topic: .selfSuspicion) {
            update(known, with: row, words, [fact], on: .unknown, at: now, into: &draft)
        } else {
            raise(row, about: .server, of: nil, words, [fact], hasUnit: false, at: now, into: &draft)
        }
    }

    /// The time given is over: from now on silence is the others' again.
    mutating func endSelfSuspicion(at now: Instant, into effects: inout Effects) {
        guard let suspicion, suspicion.until <= now else { return }
        self.suspicion = nil
        guard let known = journal.finding(about: .server, topic: .selfSuspicion) else { return }
        var draft = Draft()
        clear(known, .clearedStall, ["lost": .duration(suspicion.lost)], at: now, into: &draft)
        effects.append(contentsOf: draft.effects)
    }
}
