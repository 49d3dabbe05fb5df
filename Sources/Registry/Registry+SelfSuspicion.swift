/// A loop of the server.
public enum ServerLoop: Equatable, Sendable {
    /// The one that owns the registry.
    case control
    /// One that carries connections, by its number.
    case sessions(Int)
    /// All of them: the machine slept.
    case machine

    /// As operators read it.
    public var text: String { word.text(in: .english) }

    var word: Word {
        switch self {
        case .control: .term("loop.control")
        case .sessions(let number): .term("loop.sessions", "\(number)")
        case .machine: .term("loop.machine")
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

/// What the server found when it looked at itself.
struct SelfFault: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case stall(ServerLoop)
        case clock
    }

    var at: Instant
    var kind: Kind
    /// How long it stood still, or how far its clock was set.
    var lost: Duration
}

// Suspect yourself first.
extension Registry {
    /// The server found that one of its own loops did not turn for so long. Whoever was
    /// not heard meanwhile could not have been heard: nobody is judged until the fleet had as much time as after a start
    /// (`RegistrySettings.homecomingGrace`). A stall of at least half a heartbeat interval is told as an error about
    /// the server, which is cleared when that time is over; shorter ones only push verdicts back.
    public mutating func stalled(_ which: ServerLoop, for lost: Duration, at now: Instant) -> Effects {
        lastSelfFault = SelfFault(at: now, kind: .stall(which), lost: lost)
        let isShort = lost < settings.heartbeatInterval / 2
        let until = now + (isShort ? lost : settings.homecomingGrace)
        suspicion = SelfSuspicion(
            until: max(until, suspicion?.until ?? until), lost: max(lost, suspicion?.lost ?? lost))
        var draft = Draft()
        guard !isShort else { return draft.effects }
        draft.effects.append(.log("\(which.text) stood still for \(lost.inWords): nobody is judged for that time"))
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
        var draft = Draft()
        if let known = journal.finding(about: .server, topic: .selfSuspicion) {
            clear(known, .clearedStall, ["lost": .duration(suspicion.lost)], at: now, into: &draft)
        }
        if let known = journal.finding(about: .server, topic: .serverClock) {
            clear(known, .clearedClockStep, ["at": .time(now)], at: now, into: &draft)
        }
        effects.append(contentsOf: draft.effects)
    }

    /// What the server found of itself before it says that others are silent since then.
    func selfEvidence(since: Instant, at now: Instant) -> Evidence {
        ownFault(since: since)
            ?? Evidence(
                at: now, source: "server", .selfInOrder, ["span": .duration(now - max(since, startedAt))])
    }

    /// What was wrong with the server itself since then; nil: nothing.
    func ownFault(since: Instant) -> Evidence? {
        guard let fault = lastSelfFault, fault.at >= since else {
            return attention.loss(since: since).map { evidence(of: $0, .selfLagged) }
        }
        switch fault.kind {
        case .stall(let which):
            return Evidence(
                at: fault.at, source: "server", .selfStalled,
                ["which": which.word, "lost": .duration(fault.lost), "at": .time(fault.at)])
        case .clock:
            return Evidence(
                at: fault.at, source: "server", .selfClock,
                [
                    "step": .duration(fault.lost.magnitude), "at": .time(fault.at),
                    "direction": .term(fault.lost < .zero ? "step.back" : "step.forward"),
                ])
        }
    }
}
