import ErrorCatalogue

// Who goes and comes back again and again is told once, with a count, until it has stayed one way for long enough.
extension Registry {
    /// Whether this subject is told as flapping: its single absences are no errors of their own then.
    func isFlapping(_ subject: Subject) -> Bool { journal.finding(about: subject, topic: .flapping) != nil }

    /// To be called before a node is reachable again. What the server itself was the cause of does not count, nor what is
    /// told of many as one.
    mutating func noteReturn(of index: Int32, at now: Instant, into draft: inout Draft) {
        guard homecoming == nil, suspicion == nil else { return }
        let node = table[index]
        let wasError: Bool
        switch node.reachability {
        case .unreachable where node.foldedUnder == nil: wasError = true
        case .suspect where node.loss.map { $0.how != .serverDrained } ?? false: wasError = false
        default: return
        }
        let subject = Subject.node(node.id)
        guard
            let memory = flaps.cameBack(
                subject, wasError: wasError, isTold: isFlapping(subject), settings, at: now)
        else { return hangSeldom(at: now + settings.flappingWindow) }
        tellFlapping(
            subject, of: index, memory, words(for: node, at: now),
            Circumstances(
                topic: .flapping, role: node.role, ending: ending(of: node, at: now),
                level: memory.errors > 0 ? .critical : .warning), at: now, into: &draft)
    }

    /// A service runs, after an error said that it did not, or while it is told as flapping.
    mutating func noteReturn(
        of service: ServiceRecord, at index: Int32, hadError: Bool, now: Instant, into draft: inout Draft
    ) {
        let subject = Subject.service(table[index].id, name: service.report.name)
        let isTold = isFlapping(subject)
        guard hadError || (isTold && service.since > flaps.memories[subject]?.last ?? .distantPast) else { return }
        guard let memory = flaps.cameBack(subject, wasError: true, isTold: isTold, settings, at: now) else {
            return hangSeldom(at: now + settings.flappingWindow)
        }
        tellFlapping(
            subject, of: index, memory, words(for: table[index], service: service, at: now),
            Circumstances(topic: .flapping, service: service.report.kind), at: now, into: &draft)
    }

    /// All who were told as one are back.
    mutating func noteReturn(ofFactor row: Int32, at now: Instant, into draft: inout Draft) {
        guard homecoming == nil, suspicion == nil else { return }
        let key = factors[row].key
        let subject = Self.subject(of: key)
        guard
            let memory = flaps.cameBack(
                subject, wasError: true, isTold: isFlapping(subject), settings, at: now)
        else { return hangSeldom(at: now + settings.flappingWindow) }
        tellFlapping(
            subject, of: nil, memory, words(ofFactor: row), Circumstances(topic: .flapping, factor: key.kind), at: now,
            into: &draft)
    }

    private mutating func tellFlapping(
        _ subject: Subject, of index: Int32?, _ memory: FlapJournal.Memory, _ base: CaseWords,
        _ circumstances: Circumstances, at now: Instant, into draft: inout Draft
    ) {
        hangSeldom(at: now + settings.flappingQuiet)
        guard let row = DecisionTable.row(for: circumstances) else { return }
        var words = base
        words["count"] = .count(memory.count)
        words["since"] = .time(memory.first)
        words["quiet"] = .duration(settings.flappingQuiet)
        let fact = Evidence(
            at: now, source: "history", .flapped,
            [
                "count": .count(memory.count), "errors": .count(memory.errors), "first": .time(memory.first),
                "last": .time(now),
            ])
        if let known = journal.finding(about: subject, topic: .flapping) {
            // The count follows no faster than heartbeats come.
            guard now - known.updatedAt >= settings.heartbeatInterval else { return }
            var finding = known
            finding.code = row.code
            finding.severity = row.severity
            finding.say(row, words, on: known.form.platform, hasUnit: known.form.hasUnit)
            finding.evidence = [fact]
            store(finding, at: now, into: &draft)
            return
        }
        var name: String?
        var site: String?
        if index == nil, case .group(_, let value) = subject { name = value.isEmpty ? settings.serverName : value }
        if case .site(let value) = subject { (name, site) = (value, value) }
        raise(
            row, about: subject, of: index, named: name, site: site, words, [fact], hasUnit: words["unit"] != nil,
            at: now, into: &draft)
    }

    /// Those who have stayed one way for long enough are flapping no more; those who came back once are forgotten.
    mutating func reviewFlapping(at now: Instant, into effects: inout Effects) {
        // While the server doubts itself, nobody's state is decided: what it missed is still on its way.
        if let until = suspicion?.until ?? homecoming?.until, until > now { return hangSeldom(at: until) }
        var over: [Finding] = []
        for (subject, memory) in flaps.memories {
            guard let finding = journal.finding(about: subject, topic: .flapping) else {
                let end = memory.last + settings.flappingWindow
                if end <= now { flaps.forget(subject) } else { hangSeldom(at: end) }
                continue
            }
            let end = max(steadySince(subject) ?? now, memory.last) + settings.flappingQuiet
            if end <= now { over.append(finding) } else { hangSeldom(at: end) }
        }
        for finding in over.sorted(by: { $0.id < $1.id }) {
            effects.append(contentsOf: endFlapping(finding, at: now))
        }
    }

    /// Since when it is as it is; nil while that is not decided.
    private func steadySince(_ subject: Subject) -> Instant? {
        switch subject {
        case .node(let id):
            guard let index = table.index(of: id), table[index].reachability != .suspect else { return nil }
            // A late heartbeat now and then makes it suspect, and is not what is told.
            return table[index].reachability == .reachable ? .distantPast : table[index].reachabilitySince
        case .service(let id, let name):
            guard let index = table.index(of: id) else { return .distantPast }
            return table[index].services.first { $0.record.report.name == name }?.record.since ?? .distantPast
        case .site, .group: return row(of: subject).map { factors[$0].movedAt } ?? .distantPast
        case .peer, .server: return .distantPast
        }
    }

    private func row(of subject: Subject) -> Int32? {
        switch subject {
        case .site(let name): factors.index(.site, name)
        case .group(let kind, let value): factors.index(kind, value)
        default: nil
        }
    }

    /// What is still wrong is told as it is from now on.
    private mutating func endFlapping(_ finding: Finding, at now: Instant) -> Effects {
        var draft = Draft()
        flaps.forget(finding.subject)
        let since = steadySince(finding.subject) ?? now
        clear(
            finding, .clearedSteady,
            ["at": .time(max(since, finding.raisedAt)), "quiet": .duration(settings.flappingQuiet)],
            at: now, into: &draft)
        if let row = row(of: finding.subject), factors[row].finding == finding.id {
            factors[row].finding = nil
            if factors[row].folded > 0 { raiseCommon(row, at: now, into: &draft) }
        }
        guard let id = finding.subject.node, let index = table.index(of: id) else { return draft.effects }
        switch table[index].reachability {
        case .unreachable: judgeAbsence(of: index, at: now, into: &draft)
        case .reachable: judgeServices(of: index, at: now, into: &draft)
        default: break
        }
        return finish(draft, about: index)
    }

    /// Those who were told as flapping before the restart have their time to be steady, too.
    mutating func resumeFlapping() {
        for finding in journal.findings(of: .flapping) {
            var (count, since) = (1, finding.raisedAt)
            if case .count(let told)? = finding.form.words["count"] { count = told }
            if case .time(let told)? = finding.form.words["since"] { since = told }
            flaps.resume(finding.subject, count: count, since: since, at: startedAt)
            hangSeldom(at: startedAt + settings.flappingQuiet)
        }
    }
}
