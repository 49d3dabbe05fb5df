import ErrorCatalogue

// Where most machines' clocks are off alike, it is the server's that is wrong: one error about it, and none about them.
extension Registry {
    /// Looks at what most machines say of the server's clock.
    mutating func judgeOwnClock(at now: Instant, into draft: inout Draft) {
        let known = journal.finding(about: .server, topic: .clock)
        let majority = clockVotes.majority
        guard let majority, majority.skew.magnitude >= Self.skewWarning,
            let row = DecisionTable.row(for: Circumstances(topic: .clock, factor: .fleet))
        else {
            guard let known, clockVotes.isQuorate else { return }
            let skew = majority?.skew.magnitude ?? .zero
            return clear(known, .clearedClock, ["at": .time(now), "skew": .duration(skew)], at: now, into: &draft)
        }
        // They are ahead of a clock that is behind.
        let facts: [String: Word] = [
            "skew": .duration(majority.skew.magnitude), "count": .count(majority.agreeing),
            "due": .count(majority.voters), "at": .time(now),
            "direction": .term(majority.skew < .zero ? "skew.ahead" : "skew.behind"),
        ]
        var words = CaseWords(facts)
        words["server"] = .text(settings.serverName)
        words["port"] = .text("\(settings.serverPort)")
        let fact = Evidence(at: now, source: "clock", .clocksAgree, facts)
        if let known {
            guard now - known.updatedAt >= .seconds(60) else { return }
            return update(known, words, replacing: [fact], at: now, into: &draft)
        }
        let id = raise(row, about: .server, of: nil, words, [fact], hasUnit: false, at: now, into: &draft) ?? 0
        for index in clockVotes.voters(of: majority).compactMap({ table.index(of: $0) }) {
            clearFindings(of: index, topic: .clock, .clearedFolded, ["id": .text("\(id)")], at: now, into: &draft)
        }
    }

    /// The error that says of the whole fleet what is measured of this machine's clock.
    func findingOfOwnClock(explaining skew: Duration) -> Finding? {
        guard let known = journal.finding(about: .server, topic: .clock),
            clockVotes.majority?.agrees(with: skew) ?? true
        else { return nil }
        return known
    }
}
