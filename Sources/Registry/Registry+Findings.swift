import ErrorCatalogue

// What all findings go through: journal, node, store, watchers, history.
extension Registry {
    mutating func raise(
        _ row: DecisionRow, about subject: Subject, of index: Int32?, _ words: CaseWords, _ evidence: [Evidence],
        hasUnit: Bool, at now: Instant, into draft: inout Draft
    ) {
        let facts = index.map { table[$0].facts }
        let finding = Finding(
            id: journal.nextID(), code: row.code, severity: row.severity, subject: subject,
            subjectName: facts?.hostname ?? settings.serverName, site: facts?.site ?? "",
            title: words.fill(row.title), raisedAt: now, updatedAt: now, evidence: evidence,
            likelyCause: words.fill(row.likelyCause), otherCause: words.fill(row.otherCause),
            remedy: row.remedy.steps(on: facts?.platform ?? .unknown, hasUnit: hasUnit).map(words.fill))
        journal.insert(finding)
        write(.finding(finding), into: &draft)
        draft.effects.append(.publish(.raised, finding))
        guard let index else { return }
        table[index].findings.append(finding.id)
        note(index, "error raised", "\(finding.code.rawValue): \(finding.title)", at: now, into: &draft)
        refreshHealth(of: index)
    }

    mutating func update(
        _ known: Finding, with row: DecisionRow, _ words: CaseWords, _ facts: [Evidence], on platform: Platform,
        hasUnit: Bool = false, at now: Instant, into draft: inout Draft
    ) {
        var finding = known
        finding.code = row.code
        finding.severity = row.severity
        finding.title = words.fill(row.title)
        finding.likelyCause = words.fill(row.likelyCause)
        finding.otherCause = words.fill(row.otherCause)
        finding.remedy = row.remedy.steps(on: platform, hasUnit: hasUnit).map(words.fill)
        finding.updatedAt = now
        for fact in facts { finding.add(fact) }
        journal.update(finding)
        write(.finding(finding), into: &draft)
        draft.effects.append(.publish(.updated, finding))
        if let node = finding.subject.node, let index = table.index(of: node) { refreshHealth(of: index) }
    }

    mutating func clear(_ known: Finding, because: String, at now: Instant, into draft: inout Draft) {
        guard let finding = journal.clear(known.id, because: because, at: now) else { return }
        write(.finding(finding), into: &draft)
        draft.effects.append(.publish(.cleared, finding))
        guard let node = finding.subject.node, let index = table.index(of: node) else { return }
        table[index].findings.removeAll { $0 == finding.id }
        note(index, "error cleared", "\(finding.code.rawValue): \(because)", at: now, into: &draft)
        refreshHealth(of: index)
    }

    /// Clears the node's findings of a topic (nil: all) that a condition picks.
    mutating func clearFindings(
        of index: Int32, topic: Topic? = nil, because: String, at now: Instant, into draft: inout Draft,
        where isMeant: (Finding) -> Bool = { _ in true }
    ) {
        guard !table[index].findings.isEmpty else { return }
        for id in table[index].findings {
            guard let finding = journal.active[id], topic == nil || finding.code.topic == topic, isMeant(finding)
            else { continue }
            clear(finding, because: because, at: now, into: &draft)
        }
    }

    /// The words of a case about a node.
    func words(for node: Node, service: ServiceRecord? = nil, at now: Instant) -> CaseWords {
        let connection = node.connection
        let server = Self.split(connection.localAddress)
        var words = [
            "host": node.hostname,
            "address": node.facts.addresses.first ?? Self.split(connection.peerAddress).address,
            "server": settings.serverName,
            "port": server.port.isEmpty ? "\(settings.serverPort)" : server.port,
            "site": node.facts.site,
            "role": node.role.name,
            "since": node.lastSeen.clockTime,
            "loss": node.loss?.how.inWords ?? "lost",
        ]
        if words["address"]?.isEmpty ?? true { words["address"] = "address unknown" }
        if let service {
            let report = service.report
            words["service"] = report.name
            words["unit"] = report.unit.asShellWord
            words["windows_service"] = "\"\((report.unit.isEmpty ? report.name : report.unit).filter { $0 != "\"" })\""
            words["state"] = report.state.inWords
            words["start_type"] = report.startType.inWords
            words["since"] = service.since.clockTime
        }
        return CaseWords(words)
    }

    /// "10.0.0.1:443" or "[::1]:443" in its parts; an address without a port stays whole.
    private static func split(_ address: String) -> (address: String, port: String) {
        guard let colon = address.lastIndex(of: ":") else { return (address, "") }
        let host = address[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed || !host.contains(":") else { return (address, "") }
        return (
            String(isBracketed ? host.dropFirst().dropLast() : host), String(address[address.index(after: colon)...])
        )
    }
}

extension ConnectionLoss {
    /// Completes "its connection was": "reset by its machine".
    var inWords: String {
        switch self {
        case .reset: "reset by its machine"
        case .closedWithoutGoodbye: "closed by its machine without a goodbye"
        case .timedOut: "given up: nothing came and nothing was acknowledged"
        case .protocolError(let what): "closed by the server for a protocol error: \(what)"
        case .closedByServer(let why): "closed by the server: \(why)"
        case .serverDrained: "closed by the server, which was about to stop"
        }
    }
}
