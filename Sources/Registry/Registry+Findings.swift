import ErrorCatalogue

// What all findings go through: journal, node, store, watchers, history.
extension Registry {
    /// Raises an error. One without a measured value among its evidence is not raised: it could not be checked.
    /// - Returns: its id; nil if it was not raised.
    @discardableResult
    mutating func raise(
        _ row: DecisionRow, about subject: Subject, of index: Int32?, named name: String? = nil, site: String? = nil,
        _ words: CaseWords, _ evidence: [Evidence], hits: Int = 1, members: [String] = [], hasUnit: Bool,
        at now: Instant, into draft: inout Draft
    ) -> UInt64? {
        guard evidence.contains(where: \.hasNumbers) else {
            assertionFailure("\(row.name) would be raised without numbers")
            return nil
        }
        let facts = index.map { table[$0].facts }
        var finding = Finding(
            id: journal.nextID(), code: row.code, severity: row.severity, subject: subject,
            subjectName: name ?? facts?.hostname ?? settings.serverName, site: site ?? facts?.site ?? "", title: "",
            raisedAt: now, updatedAt: now, evidence: evidence, likelyCause: "", remedy: [], members: members,
            memberCount: hits)
        finding.say(row, words, on: facts?.platform ?? .unknown, hasUnit: hasUnit)
        journal.insert(finding)
        write(.finding(finding), into: &draft)
        draft.effects.append(.publish(.raised, finding))
        guard let index else { return finding.id }
        table[index].findings.append(finding.id)
        note(index, "error raised", "\(finding.code.rawValue): \(finding.title)", at: now, into: &draft)
        refreshHealth(of: index)
        return finding.id
    }

    /// Says an error by another row, and adds facts to it.
    mutating func update(
        _ known: Finding, with row: DecisionRow, _ words: CaseWords, _ facts: [Evidence], on platform: Platform,
        hasUnit: Bool = false, at now: Instant, into draft: inout Draft
    ) {
        var finding = known
        finding.code = row.code
        finding.severity = row.severity
        finding.say(row, words, on: platform, hasUnit: hasUnit)
        for fact in facts { finding.add(fact) }
        store(finding, at: now, into: &draft)
    }

    /// Says an error again by its own row, with facts that take the place of those before.
    mutating func update(
        _ known: Finding, _ words: CaseWords, replacing facts: [Evidence], at now: Instant, into draft: inout Draft
    ) {
        var finding = known
        if let row = DecisionTable.row(named: known.form.row) {
            finding.say(row, words, on: known.form.platform, hasUnit: known.form.hasUnit)
        }
        finding.evidence = facts
        store(finding, at: now, into: &draft)
    }

    /// Keeps a changed error and tells of it.
    mutating func store(_ changed: Finding, at now: Instant, into draft: inout Draft) {
        var finding = changed
        finding.updatedAt = now
        journal.update(finding)
        write(.finding(finding), into: &draft)
        draft.effects.append(.publish(.updated, finding))
        if let node = finding.subject.node, let index = table.index(of: node) { refreshHealth(of: index) }
    }

    mutating func clear(
        _ known: Finding, _ because: Sentence, _ words: [String: Word], at now: Instant, into draft: inout Draft
    ) {
        guard let finding = journal.clear(known.id, because, CaseWords(words), at: now) else { return }
        write(.finding(finding), into: &draft)
        draft.effects.append(.publish(.cleared, finding))
        guard let node = finding.subject.node, let index = table.index(of: node) else { return }
        table[index].findings.removeAll { $0 == finding.id }
        note(
            index, "error cleared", "\(finding.code.rawValue): \(finding.clearedBecause)", at: now, into: &draft)
        refreshHealth(of: index)
    }

    /// Clears the node's findings of a topic (nil: all) that a condition picks.
    mutating func clearFindings(
        of index: Int32, topic: Topic? = nil, _ because: Sentence, _ words: [String: Word] = [:], at now: Instant,
        into draft: inout Draft, where isMeant: (Finding) -> Bool = { _ in true }
    ) {
        guard !table[index].findings.isEmpty else { return }
        for id in table[index].findings {
            guard let finding = journal.active[id], topic == nil || finding.code.topic == topic, isMeant(finding)
            else { continue }
            clear(finding, because, words, at: now, into: &draft)
        }
    }

    /// The words of a case about a node.
    func words(for node: Node, service: ServiceRecord? = nil, at now: Instant) -> CaseWords {
        let connection = node.connection
        let server = Self.split(connection.localAddress)
        let address = node.facts.addresses.first ?? Attempt.host(of: connection.peerAddress)
        var words: [String: Word] = [
            "host": .text(node.hostname),
            "address": address.isEmpty ? .term("unknown-address") : .text(address),
            "server": .text(settings.serverName),
            "port": .text(server.port.isEmpty ? "\(settings.serverPort)" : server.port),
            "site": .text(node.facts.site),
            "role": node.role.word,
            "since": .time(node.lastSeen),
            "loss": node.loss?.how.word ?? .term("loss.none"),
        ]
        if let service {
            let report = service.report
            words["service"] = .text(report.name)
            words["unit"] = .text(report.unit.asShellWord)
            words["windows_service"] = .text(
                "\"\((report.unit.isEmpty ? report.name : report.unit).filter { $0 != "\"" })\"")
            words["state"] = report.state.word
            words["start_type"] = report.startType.word
            words["since"] = .time(service.since)
        }
        return CaseWords(words)
    }

    /// "10.0.0.1:443" or "[::1]:443" in its parts; an address without a port stays whole.
    private static func split(_ address: String) -> (address: String, port: String) {
        let host = Attempt.host(of: address)
        guard host != address, let colon = address.lastIndex(of: ":") else { return (address, "") }
        return (host, String(address[address.index(after: colon)...]))
    }
}

extension Finding {
    /// Fills its texts in, in English, and keeps what they were made of.
    mutating func say(_ row: DecisionRow, _ words: CaseWords, on platform: Platform, hasUnit: Bool) {
        form = FindingForm(row: row.name, words: words, platform: platform, hasUnit: hasUnit)
        let texts = FindingTexts(row, form, in: .english)
        title = texts.title
        likelyCause = texts.likelyCause
        otherCause = texts.otherCause
        remedy = texts.remedy
    }
}
