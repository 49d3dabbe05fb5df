/// Time in which the server itself was at fault.
struct SelfSuspicion: Equatable, Sendable {
    /// Nobody is judged before: agents that lost their patience with the server need time to come back.
    var until: Instant
    /// The longest time lost.
    var lost: Duration
}

// Suspect yourself first.
extension Registry {
    /// The server found that one of its own loops (`which`, as operators read it) did not turn for so long. Whoever was
    /// not heard meanwhile could not have been heard: nobody is judged until the fleet had as much time as after a start
    /// (`RegistrySettings.homecomingGrace`). A stall of at least half a heartbeat interval is told as an error about
    /// the server, which is cleared when that time is over; shorter ones only push verdicts back.
    public mutating func stalled(_ which: String, for lost: Duration, at now: Instant) -> Effects {
        let isShort = lost < settings.heartbeatInterval / 2
        let until = now + (isShort ? lost : settings.homecomingGrace)
        suspicion = SelfSuspicion(
            until: max(until, suspicion?.until ?? until), lost: max(lost, suspicion?.lost ?? lost))
        var draft = Draft()
        guard !isShort else { return draft.effects }
        draft.effects.append(.log("\(which) did not turn for \(lost.inWords): nobody is judged for that time"))
        judgeSelf(which, lost, at: now, into: &draft)
        return draft.effects
    }

    private mutating func judgeSelf(_ which: String, _ lost: Duration, at now: Instant, into draft: inout Draft) {
        guard let row = DecisionTable.row(for: Circumstances(topic: .selfSuspicion)) else { return }
        let words = CaseWords([
            "server": settings.serverName, "port": "\(settings.serverPort)",
            "lost": (suspicion?.lost ?? lost).inWords,
        ])
        let fact = Evidence(
            at: now, source: "server",
            text: "\(which) did not turn for \(lost.inMilliseconds) ms, from \((now - lost).clockTime) on")
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
        clear(
            known, because: "the fleet had time to be heard again after \(suspicion.lost.inWords) were lost", at: now,
            into: &draft)
        effects.append(contentsOf: draft.effects)
    }
}
