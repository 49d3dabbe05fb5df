import ErrorCatalogue

// Errors about those who keep failing to get in.
extension Registry {
    /// How often failing peers are looked through for those who gave up.
    private static let reviewPeriod = Duration.seconds(30)

    /// A peer failed again: from the third time on it is an error, told anew no more than once a minute.
    mutating func judgePeer(_ key: AttemptJournal.Key, at now: Instant, into draft: inout Draft) {
        guard let caller = attempts.caller(key), caller.count >= AttemptJournal.failuresMin,
            let row = DecisionTable.row(
                for: Circumstances(
                    topic: .admission,
                    attempt: isRenewed(caller.last) ? .certificateSuperseded : caller.last.reason,
                    level: hasOwnCertificateEnded(at: now) ? .critical : nil))
        else { return }
        let index = key.node.flatMap { table.index(of: $0) }
        // Its error says more: both machines.
        if caller.last.reason == .duplicateIdentity, let node = key.node,
            journal.finding(about: .node(node), topic: .identity) != nil
        {
            return
        }
        let subject: Subject =
            index.map { .node(table[$0].id) } ?? .peer(caller.last.address, caller.last.reason)
        let words = words(for: caller, of: index, at: now)
        let evidence = evidence(of: caller)
        if let known = journal.finding(about: subject, topic: .admission) {
            guard known.form.row != row.name || now - known.updatedAt >= .seconds(60) else { return }
            if known.form.row == row.name {
                update(known, words, replacing: evidence, at: now, into: &draft)
            } else {
                update(known, with: row, words, evidence, on: known.form.platform, at: now, into: &draft)
            }
            return
        }
        guard attempts.told < RegistryLimits.failingPeerFindingsMax else { return }
        attempts.told += 1
        raise(
            row, about: subject, of: index, named: index == nil ? caller.last.address : nil, words, evidence,
            hasUnit: false, at: now, into: &draft)
        // Why it is silent is known now.
        if let index, table[index].reachability == .unreachable { judgeAbsence(of: index, at: now, into: &draft) }
        hangReview(at: now)
    }

    /// Whether its certificate has expired, and its node is here with a newer one: renewed meanwhile, and this is a copy. An
    /// old one that is valid still is let in: restored snapshots have one.
    private func isRenewed(_ attempt: Attempt) -> Bool {
        guard attempt.reason == .certificateExpired, let until = attempt.validUntil,
            let index = attempt.node.flatMap({ table.index(of: $0) }),
            let newer = table[index].connection.certificateUntil
        else { return false }
        return newer > until
    }

    private mutating func hangReview(at now: Instant) {
        nextAttemptReview = min(nextAttemptReview ?? (now + Self.reviewPeriod), now + Self.reviewPeriod)
    }

    /// Clears the errors of peers that have stopped trying.
    mutating func forgetPeers(at now: Instant, into effects: inout Effects) {
        guard let due = nextAttemptReview, due <= now else { return }
        nextAttemptReview = nil
        var draft = Draft()
        let gone = attempts.takeForgotten(at: now)
        for key in gone {
            let subject: Subject =
                key.node.flatMap { table.index(of: $0) }.map { .node(table[$0].id) }
                ?? .peer(key.address, key.reason ?? .stalled)
            guard let known = journal.finding(about: subject, topic: .admission) else { continue }
            clear(known, .clearedStoppedTrying, ["at": .time(known.updatedAt)], at: now, into: &draft)
        }
        // What was there before the restart, and did not try again.
        for finding in journal.findings(of: .admission)
        where now - finding.updatedAt >= AttemptJournal.patienceMin {
            let key: AttemptJournal.Key =
                switch finding.subject {
                case .peer(let address, let reason): .init(node: nil, address: address, reason: reason)
                default: .init(node: finding.subject.node, address: "", reason: nil)
                }
            guard attempts.caller(key) == nil else { continue }
            clear(finding, .clearedStoppedTrying, ["at": .time(finding.updatedAt)], at: now, into: &draft)
        }
        attempts.told = journal.count(of: .admission)
        effects.append(contentsOf: draft.effects)
        if !attempts.callers.isEmpty || attempts.told > 0 { hangReview(at: now) }
    }

    private func words(for caller: AttemptJournal.Caller, of index: Int32?, at now: Instant) -> CaseWords {
        let attempt = caller.last
        var words: [String: Word] = [
            "peer": index.map { .text(table[$0].hostname) } ?? .term("unknown-machine"),
            "address": .text(attempt.address), "server": .text(settings.serverName),
            "port": .text("\(settings.serverPort)"), "interval": .duration(caller.interval ?? .zero),
            "count": .count(caller.count), "detail": .text(attempt.detail),
            "claimed": attempt.claimedName.isEmpty ? .term("unknown") : .text(attempt.claimedName),
            "issuer": attempt.issuer.isEmpty ? .term("unknown") : .text(attempt.issuer),
        ]
        if let from = attempt.validFrom { words["from"] = .day(from) }
        if let until = attempt.validUntil {
            words["until"] = .day(until)
            words["ago"] = .duration(now - until)
        }
        return CaseWords(words)
    }

    private func evidence(of caller: AttemptJournal.Caller) -> [Evidence] {
        let attempt = caller.last
        var evidence = [
            Evidence(
                at: attempt.at, source: "attempts", .attempts,
                [
                    "count": .count(caller.count), "address": .text(attempt.address), "first": .time(caller.firstAt),
                    "interval": .duration(caller.interval ?? .zero), "at": .time(attempt.at),
                ]),
            Evidence(
                at: attempt.at, source: "attempts", .attemptDetail,
                [
                    "detail": .text(attempt.detail), "bytes_in": .count(Int(clamping: attempt.bytesIn)),
                    "bytes_out": .count(Int(clamping: attempt.bytesOut)),
                ]),
        ]
        if let from = attempt.validFrom, let until = attempt.validUntil {
            evidence.append(
                Evidence(
                    at: attempt.at, source: "attempts", .certificateValidity,
                    ["from": .day(from), "until": .day(until)]))
        }
        if !attempt.issuer.isEmpty {
            evidence.append(
                Evidence(at: attempt.at, source: "attempts", .certificateIssuer, ["issuer": .text(attempt.issuer)]))
        }
        return evidence
    }
}
