import ErrorCatalogue

// What a registration tells besides being there: clock, version and certificate.
extension Registry {
    /// A clock that is off by this much is worth a word.
    static let skewWarning = Duration.seconds(60)
    /// A clock that is off by this much breaks things.
    static let skewCritical = Duration.seconds(15 * 60)
    /// How often a machine whose clock was off is asked for the time again.
    static let clockReview = Duration.seconds(600)
    /// A certificate that ends this soon is worth a word.
    static let certificateWarning = Duration.seconds(30 * 86_400)
    /// An agent may be so many minor releases older than the server.
    static let minorReleasesMax = 4

    /// Looks at what a registration measured.
    mutating func measure(
        _ index: Int32, _ registration: Registration, at now: Instant, into draft: inout Draft
    ) {
        if registration.sentAt != nil { judgeClock(index, at: now, into: &draft) }
        judgeVersion(index, registration.facts.agentVersion, at: now, into: &draft)
        judgeCertificate(index, registration.connection.certificateUntil, at: now, into: &draft)
    }

    private mutating func judgeClock(_ index: Int32, at now: Instant, into draft: inout Draft) {
        let skew = table[index].clockSkew
        let size = skew.magnitude
        clockVotes.cast(skew, by: table[index].id)
        if size >= Self.skewWarning || journal.finding(about: .server, topic: .clock) != nil {
            judgeOwnClock(at: now, into: &draft)
        }
        if size >= Self.skewWarning, let common = findingOfOwnClock(explaining: skew) {
            return clearFindings(
                of: index, topic: .clock, .clearedFolded, ["id": .text("\(common.id)")], at: now, into: &draft)
        }
        guard size >= Self.skewWarning else {
            clearFindings(
                of: index, topic: .clock, .clearedClock, ["at": .time(now), "skew": .duration(size)], at: now,
                into: &draft)
            return
        }
        var words = words(for: table[index], at: now)
        words["skew"] = .duration(size)
        words["direction"] = .term(skew < .zero ? "skew.behind" : "skew.ahead")
        let fact = Evidence(
            at: now, source: "clock", .skewMeasured,
            ["skew": .duration(size), "direction": words["direction"] ?? .text(""), "at": .time(now)])
        judge(
            Circumstances(topic: .clock, level: size >= Self.skewCritical ? .critical : .warning), index, words, fact,
            at: now, into: &draft)
        deadlines.hang(index, noLaterThan: now + Self.clockReview)
    }

    /// A clock is measured when its machine registers. One that was off is measured anew from time to time, or the error
    /// would stay until the machine happens to come back.
    mutating func reviewClock(of index: Int32, at now: Instant, into draft: inout Draft) {
        guard journal.finding(about: .node(table[index].id), topic: .clock) != nil,
            let session = table[index].components.first(where: { $0.isFresh })?.session
        else { return }
        let due = table[index].registeredAt + Self.clockReview
        guard due <= now else { return deadlines.hang(index, noLaterThan: due) }
        draft.effects.append(.askForFullReport(session))
        deadlines.hang(index, noLaterThan: now + Self.clockReview)
    }

    private mutating func judgeVersion(
        _ index: Int32, _ version: String, at now: Instant, into draft: inout Draft
    ) {
        guard let agent = Release(version), let server = Release(settings.serverVersion) else { return }
        let isTooOld =
            agent.major < server.major
            || (agent.major == server.major && agent.minor + Self.minorReleasesMax < server.minor)
        let isTooNew = table[index].role != .mobilityAgent && (agent.major, agent.minor) > (server.major, server.minor)
        guard isTooOld || isTooNew else {
            clearFindings(
                of: index, topic: .version, .clearedVersion, ["version": .text(version)], at: now,
                into: &draft)
            return
        }
        var words = words(for: table[index], at: now)
        words["version"] = .text(version)
        words["server_version"] = .text(settings.serverVersion)
        let fact = Evidence(
            at: now, source: "registration", .versions,
            [
                "version": .text(version), "server_version": .text(settings.serverVersion),
                "at": .time(now),
            ])
        judge(Circumstances(topic: .version), index, words, fact, at: now, into: &draft)
    }

    private mutating func judgeCertificate(
        _ index: Int32, _ until: Instant?, at now: Instant, into draft: inout Draft
    ) {
        guard let until else { return }
        guard until - now < Self.certificateWarning else {
            clearFindings(of: index, topic: .certificate, .clearedGotIn, ["at": .time(now)], at: now, into: &draft)
            return
        }
        var words = words(for: table[index], at: now)
        words["until"] = .day(until)
        let fact = Evidence(
            at: now, source: "connection", .certificateValidity,
            ["from": .term("unknown"), "until": .day(until)])
        judge(Circumstances(topic: .certificate), index, words, fact, at: now, into: &draft)
    }

    /// Says what was measured of a node, or says it anew if it is another thing than before.
    mutating func judge(
        _ circumstances: Circumstances, _ index: Int32, _ words: CaseWords, _ fact: Evidence, at now: Instant,
        into draft: inout Draft
    ) {
        guard let row = DecisionTable.row(for: circumstances) else { return }
        let subject = Subject.node(table[index].id)
        guard let known = journal.finding(about: subject, topic: row.code.topic) else {
            raise(row, about: subject, of: index, words, [fact], hasUnit: false, at: now, into: &draft)
            return
        }
        // The same again is no news: each registration measures anew.
        guard known.form.row != row.name || known.form.words != words else { return }
        update(known, with: row, words, [fact], on: table[index].platform, at: now, into: &draft)
    }
}

/// "MAJOR.MINOR…" of a version.
private struct Release {
    var major: Int
    var minor: Int

    init?(_ text: String) {
        let parts = text.split(separator: ".").prefix(2).map { Int($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return nil }
        (self.major, self.minor) = (major, minor)
    }
}
