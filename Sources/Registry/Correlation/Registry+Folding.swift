import ErrorCatalogue

// Many told as one.
extension Registry {
    /// How long members may keep each other waiting: as long as somebody comes back within it, the rest is not judged
    /// one by one.
    private var settlingTime: Duration { max(settings.homecomingGrace, settings.unreachableAfter) * 2 }

    /// Tells the node under what it has in common with others.
    mutating func fold(_ index: Int32, under row: Int32, at now: Instant, into draft: inout Draft) {
        guard table[index].foldedUnder != row else { return }
        unfold(index, at: now, into: &draft)
        table[index].foldedUnder = row
        factors[row].folded += 1
        factors[row].movedAt = now
        if factors[row].listed.count < RegistryLimits.membersPerFindingMax { factors[row].listed.append(index) }
        if factors[row].finding == nil {
            factors[row].bucket = table[index].factors.bucket ?? 0
            raiseCommon(row, at: now, into: &draft)
        } else {
            tellLater(row, at: now)
        }
        let id = factors[row].finding ?? 0
        clearFindings(of: index, topic: .reachability, .clearedFolded, ["id": .text("\(id)")], at: now, into: &draft)
        note(index, "error raised", "told with others: error \(id)", at: now, waits: true, into: &draft)
        refreshHealth(of: index)
    }

    /// The node came back, left, or is told by itself. The last one clears the error.
    mutating func unfold(_ index: Int32, at now: Instant, into draft: inout Draft) {
        guard let row = table[index].foldedUnder else { return }
        table[index].foldedUnder = nil
        factors[row].folded -= 1
        factors[row].listed.removeAll { $0 == index }
        factors[row].movedAt = now
        refreshHealth(of: index)
        guard factors[row].folded == 0 else { return tellLater(row, at: now) }
        let wasBroken = explains(row, factors[row].bucket)
        endCommon(
            row, table[index].reachability == .reachable || wasBroken ? .clearedAllBack : .clearedToldApart, at: now,
            into: &draft)
    }

    private mutating func tellLater(_ row: Int32, at now: Instant) {
        factorDeadlines.hang(row, noLaterThan: max(factors[row].toldAt + settings.heartbeatInterval / 2, now))
    }

    mutating func raiseCommon(_ row: Int32, at now: Instant, into draft: inout Draft) {
        let key = factors[row].key
        guard let decision = DecisionTable.row(for: Circumstances(topic: .reachability, factor: key.kind)) else {
            return
        }
        let subject = Self.subject(of: key)
        factors[row].toldAt = now
        // After a restart the error may be there from before: its members are folded under it again.
        if let known = journal.finding(about: subject, topic: .reachability) {
            factors[row].finding = known.id
            if key.kind == .site { factors.lostSites.append(row) }
            return tellLater(row, at: now)
        }
        if let flapping = journal.finding(about: subject, topic: .flapping) {
            return factors[row].finding = flapping.id
        }
        let evidence = evidenceOfTogether(row, at: now)
        factors[row].finding = raise(
            decision, about: subject, of: nil, named: key.value.isEmpty ? settings.serverName : key.value,
            site: key.kind == .site ? key.value : "", words(ofFactor: row), evidence, hits: factors[row].folded,
            members: [], hasUnit: false, at: now, into: &draft)
        if key.kind == .site { factors.lostSites.append(row) }
        factors[row].gatheredUntil = 0
        gather(row, at: now)
        factorDeadlines.hang(row, noLaterThan: now + settings.heartbeatInterval / 2)
    }

    /// Those who were judged by themselves a moment ago belong to it, too; or, if it is a site, to what the others have in
    /// common that fell silent with it. Looks at no more than so many nodes, and goes on from there.
    private mutating func gather(_ row: Int32, at now: Instant) {
        guard let start = factors[row].gatheredUntil else { return }
        let bucket = factors[row].bucket
        let isOfAll = factors[row].key.kind == .site || row == FactorTable.fleet
        let end = min(start + Int32(RegistryLimits.looksPerSliceMax), table.endIndex)
        for member in start..<end
        where table.contains(member) && table[member].reachability == .unreachable && table[member].foldedUnder == nil
            && (table[member].factors.bucket.map { abs($0 &- bucket) <= FactorTable.reach } ?? false)
            && (isOfAll || table[member].factors.contains(row))
        {
            deadlines.hang(member, noLaterThan: now)
        }
        factors[row].gatheredUntil = end < table.endIndex ? end : nil
        if end < table.endIndex { factorDeadlines.hang(row, noLaterThan: now + .milliseconds(1)) }
    }

    /// Errors about many that were there before the restart, and under which nobody is told any more, are over.
    mutating func releaseRestored(at now: Instant, into effects: inout Effects) {
        guard let due = restoredCommonReview, due <= now else { return }
        restoredCommonReview = nil
        let held = Set(factors.rows.compactMap(\.finding) + blockedPaths.gateways.values.compactMap(\.toldUnder))
        var draft = Draft()
        let over = journal.active.values.filter {
            $0.isCommon && $0.code.topic != .flapping && !held.contains($0.id)
        }
        for finding in over.sorted(by: { $0.id < $1.id }) {
            clear(finding, .clearedAllBack, ["at": .time(now)], at: now, into: &draft)
        }
        effects.append(contentsOf: draft.effects)
    }

    static func subject(of key: FactorTable.Key) -> Subject {
        key.kind == .site ? .site(key.value) : .group(key.kind, key.value)
    }

    private mutating func endCommon(
        _ row: Int32, _ statement: Sentence, at now: Instant, into draft: inout Draft
    ) {
        guard let id = factors[row].finding, let finding = journal.active[id] else { return }
        factors[row].finding = nil
        factors.lostSites.removeAll { $0 == row }
        factors[row].listed = []
        if statement == .clearedAllBack { noteReturn(ofFactor: row, at: now, into: &draft) }
        if finding.code.topic == .reachability {
            clear(finding, statement, ["at": .time(now)], at: now, into: &draft)
        }
        factors.freeIfUnused(row)
    }

    /// Tells the error of a row anew, once for many members; and judges its members one by one when it no longer explains
    /// their silence and nobody has come back for a while. At most `RegistryLimits.verdictsPerTickMax` of them at a time.
    mutating func review(factor row: Int32, at now: Instant) -> Effects {
        guard let id = factors[row].finding, var finding = journal.active[id] else { return .none }
        gather(row, at: now)
        var draft = Draft()
        if !explains(row, factors[row].bucket), factors[row].folded > 0 {
            // A server that stood still has not seen them come back.
            let deadline = max(factors[row].movedAt + settlingTime, suspicion?.until ?? .distantPast)
            guard now >= deadline || factors[row].releasedUntil != nil else {
                factorDeadlines.hang(row, noLaterThan: deadline)
                retell(row, &finding, at: now, into: &draft)
                return draft.effects
            }
            release(row, at: now, into: &draft)
            if factors[row].folded > 0 { factorDeadlines.hang(row, noLaterThan: now + .milliseconds(1)) }
            return draft.effects
        }
        factors[row].releasedUntil = nil
        retell(row, &finding, at: now, into: &draft)
        return draft.effects
    }

    /// Judges some members one by one.
    private mutating func release(_ row: Int32, at now: Instant, into draft: inout Draft) {
        var index = factors[row].releasedUntil ?? 0
        let end = min(index + Int32(RegistryLimits.looksPerSliceMax), table.endIndex)
        var judged = 0
        while index < end, judged < RegistryLimits.verdictsPerTickMax / 5 {
            if isFolded(index, under: row) {
                unfold(index, at: now, into: &draft)
                judgeAbsence(of: index, at: now, into: &draft)
                judged += 1
            }
            index += 1
        }
        factors[row].releasedUntil = index < table.endIndex ? index : nil
    }

    private func isFolded(_ index: Int32, under row: Int32) -> Bool {
        table.contains(index) && table[index].foldedUnder == row
    }

    private mutating func retell(
        _ row: Int32, _ finding: inout Finding, at now: Instant, into draft: inout Draft
    ) {
        let count = factors[row].folded
        if factors[row].listed.count * 2 < min(count, RegistryLimits.membersPerFindingMax) { listMore(row) }
        let names = factors[row].listed.map { table[$0].hostname }.sorted()
        guard names != finding.members || count != finding.memberCount, finding.code.topic == .reachability else {
            return
        }
        finding.members = names
        finding.memberCount = count
        factors[row].toldAt = now
        let evidence = evidenceOfTogether(row, at: now)
        update(finding, words(ofFactor: row), replacing: evidence, at: now, into: &draft)
    }

    /// Looks for members to list at no more than so many nodes, and goes on from there the next time.
    private mutating func listMore(_ row: Int32) {
        var index = factors[row].listedUntil
        for _ in 0..<min(RegistryLimits.looksPerSliceMax, Int(table.endIndex)) {
            guard factors[row].listed.count < RegistryLimits.membersPerFindingMax else { break }
            if index >= table.endIndex { index = 0 }
            if isFolded(index, under: row), !factors[row].listed.contains(index) { factors[row].listed.append(index) }
            index += 1
        }
        factors[row].listedUntil = index
    }

    func words(ofFactor row: Int32) -> CaseWords {
        let bucket = factors[row].bucket
        let first = factors[row].listed.min { (table[$0].lastSeen, $0) < (table[$1].lastSeen, $1) }
        var words =
            first.map { self.words(for: table[$0], at: table[$0].lastSeen) }
            ?? CaseWords(["server": .text(settings.serverName), "port": .text("\(settings.serverPort)")])
        let key = factors[row].key
        words["factor"] = .text(key.value)
        words["common"] = .term("factor.\(key.kind.word)", key.value)
        words["lost"] = .count(factors[row].together(bucket))
        words["due"] = .count(max(factors[row].dueBefore(bucket), factors[row].together(bucket)))
        return words
    }

    private mutating func evidenceOfTogether(_ row: Int32, at now: Instant) -> [Evidence] {
        let bucket = factors[row].bucket
        let key = factors[row].key
        let (together, due) = (factors[row].together(bucket), factors[row].dueBefore(bucket))
        let times = factors[row].listed.map { table[$0].lastSeen }
        var evidence = [
            Evidence(
                at: now, source: "neighbours", .fellTogether,
                [
                    "lost": .count(together), "due": .count(max(due, together)),
                    "factor": .term("factor.\(key.kind.word)", key.value), "from": .time(times.min() ?? now),
                    "to": .time(times.max() ?? now),
                ])
        ]
        evidence.append(selfEvidence(since: times.min() ?? now, at: now))
        if due > together {
            let names = exceptions(row)
            evidence.append(
                Evidence(
                    at: now, source: "neighbours", .exceptions,
                    [
                        "answering": .count(due - together),
                        "names": names.isEmpty ? .term("unknown") : .text(names.joined(separator: ", ")),
                    ]))
        }
        return evidence
    }

    /// Some of a row that still answer. Looks at no more than so many nodes, and goes on from there the next time the error is
    /// told: a summary is no reason to stall.
    private mutating func exceptions(_ row: Int32) -> [String] {
        var found = factors[row].exceptions.filter { isException($0, of: row) }
        var looks = 0
        var index = factors[row].lookedUntil
        while found.count < 10, looks < min(RegistryLimits.looksPerSliceMax, Int(table.endIndex)) {
            if index >= table.endIndex { index = 0 }
            if isException(index, of: row), !found.contains(index) { found.append(index) }
            index += 1
            looks += 1
        }
        factors[row].exceptions = found
        factors[row].lookedUntil = index
        return found.map { table[$0].hostname }.sorted()
    }

    private func isException(_ index: Int32, of row: Int32) -> Bool {
        guard table.contains(index), table[index].reachability == .reachable else { return false }
        return table[index].factors.contains(row)
    }
}

extension Finding {
    /// Whether it tells many nodes as one.
    var isCommon: Bool {
        switch subject {
        case .site, .group: true
        default: false
        }
    }
}
