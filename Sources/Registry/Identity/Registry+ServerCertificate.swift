import ErrorCatalogue

// The server's own certificate: told in time, ever louder, and cleared by a reload with a new one.
extension Registry {
    /// From so long before its end on the server's certificate is worth a word (the product that this one follows warns
    /// from 60 days, and each day in the last 7).
    static let serverCertificateWarning = Duration.seconds(60 * 86_400)
    /// From here on it is critical.
    static let serverCertificateCritical = Duration.seconds(7 * 86_400)

    /// The server's certificate was read, at the start or anew.
    public mutating func serverCertificateRead(until: Instant, at now: Instant) -> Effects {
        serverCertificateUntil = until
        var effects = Effects.none
        reviewServerCertificate(at: now, into: &effects)
        return effects
    }

    /// Nobody can trust it any more.
    func hasOwnCertificateEnded(at now: Instant) -> Bool { serverCertificateUntil.map { $0 <= now } ?? false }

    /// Tells how many days are left, each day anew.
    mutating func reviewServerCertificate(at now: Instant, into effects: inout Effects) {
        guard let until = serverCertificateUntil else { return }
        var draft = Draft()
        defer { effects.append(contentsOf: draft.effects) }
        let left = until - now
        let known = journal.finding(about: .server, topic: .serverCertificate)
        guard left < Self.serverCertificateWarning else {
            hangSeldom(at: until - Self.serverCertificateWarning + .milliseconds(1))
            if let known { clear(known, .clearedServerCertificate, ["until": .day(until)], at: now, into: &draft) }
            return
        }
        let hasEnded = left <= .zero
        if !hasEnded { hangSeldom(at: min(until, now + .seconds(86_400))) }
        guard
            let row = DecisionTable.row(
                for: Circumstances(
                    topic: .serverCertificate, attempt: hasEnded ? .certificateExpired : nil,
                    level: left < Self.serverCertificateCritical ? .critical : .warning))
        else { return }
        let days = Word.count(Int(max(.zero, left).inMilliseconds / 86_400_000))
        let words = CaseWords([
            "server": .text(settings.serverName), "port": .text("\(settings.serverPort)"), "until": .day(until),
            "days": days,
        ])
        let fact = Evidence(
            at: now, source: "server", .serverCertificate, ["until": .day(until), "days": days, "at": .day(now)])
        guard let known else {
            raise(row, about: .server, of: nil, words, [fact], hasUnit: false, at: now, into: &draft)
            return
        }
        guard known.form.words != words || known.form.row != row.name else { return }
        var finding = known
        finding.severity = row.severity
        finding.say(row, words, on: .unknown, hasUnit: false)
        finding.evidence = [fact]
        store(finding, at: now, into: &draft)
    }
}
