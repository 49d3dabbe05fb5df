import ErrorCatalogue

// From facts to findings: raised once, updated in place, cleared by the same facts.
extension Registry {
    // MARK: A node that does not answer

    /// Says why an unreachable node does not answer, or says it better.
    mutating func judgeAbsence(of index: Int32, at now: Instant, into draft: inout Draft) {
        let node = table[index]
        let ending = ending(of: node)
        let neighbours = sites[node.site].neighbours
        let circumstances = Circumstances(
            topic: .reachability, role: node.role, ending: ending, neighbours: neighbours)
        setJudged(index, under: neighbours)
        guard let row = DecisionTable.row(for: circumstances) else { return }
        let subject = Subject.node(node.id)
        let words = words(for: node, at: now)
        if let finding = journal.finding(about: subject, topic: .reachability) {
            // Judged before the server's restart, by evidence that is not at hand any more: it stands.
            guard node.reachabilitySince >= startedAt || node.loss != nil else { return }
            let cause = words.fill(row.likelyCause)
            guard finding.code != row.code || finding.likelyCause != cause else { return }
            var fresh = [neighbourEvidence(of: node, at: now)]
            if let loss = node.loss, loss.at > finding.updatedAt {
                fresh.insert(connectionEvidence(of: node, ending, at: now), at: 0)
            }
            update(finding, with: row, words, fresh, on: node.platform, at: now, into: &draft)
        } else {
            let evidence = [
                heartbeatEvidence(of: node, at: now), connectionEvidence(of: node, ending, at: now),
                neighbourEvidence(of: node, at: now),
            ]
            raise(row, about: subject, of: index, words, evidence, hasUnit: false, at: now, into: &draft)
        }
    }

    private func ending(of node: Node) -> Ending {
        if let loss = node.loss { return Ending(loss.how) }
        return node.components.contains { $0.session != nil } ? .fellSilent : .notBack
    }

    private func heartbeatEvidence(of node: Node, at now: Instant) -> Evidence {
        let silence = (now - node.lastSeen).inWords
        return Evidence(
            at: now, source: "heartbeat",
            text: "last heard at \(node.lastSeen.clockTime), \(silence) ago; a heartbeat was due each "
                + settings.heartbeatInterval.inWords)
    }

    private func connectionEvidence(of node: Node, _ ending: Ending, at now: Instant) -> Evidence {
        let peer = node.connection.peerAddress
        let from = peer.isEmpty ? "its connection" : "its connection from \(peer)"
        if let loss = node.loss {
            return Evidence(at: loss.at, source: "connection", text: "\(from) was \(loss.how.inWords)")
        }
        if ending == .notBack {
            return Evidence(
                at: now, source: "connection",
                text: "no connection since this server started at \(startedAt.clockTime)")
        }
        return Evidence(at: now, source: "connection", text: "\(from) is open, but nothing comes through it")
    }

    private func neighbourEvidence(of node: Node, at now: Instant) -> Evidence {
        let site = sites[node.site]
        let due = site.tally.nodes - site.tally[.left] - site.tally[.expected]
        let text =
            due < 2
            ? "no other node of site \(site.name) should answer"
            : "of \(due) nodes of site \(site.name), \(site.tally[.reachable]) answer"
        return Evidence(at: now, source: "neighbours", text: text)
    }

    // MARK: Services of a node that answers

    /// Compares what the node's services do with what was found wrong with them.
    mutating func judgeServices(of index: Int32, at now: Instant, into draft: inout Draft) {
        guard table[index].reachability == .reachable else { return }
        let services = table[index].services
        for service in services { judge(service, of: index, at: now, into: &draft) }
        let names = Set(services.map(\.record.report.name))
        clearFindings(of: index, topic: .service, because: "no longer watched", at: now, into: &draft) { finding in
            guard case .service(_, let name) = finding.subject else { return false }
            return !names.contains(name)
        }
        refreshHealth(of: index)
    }

    private mutating func judge(
        _ service: Node.Service, of index: Int32, at now: Instant, into draft: inout Draft
    ) {
        let report = service.record.report
        let subject = Subject.service(table[index].id, name: report.name)
        let known = journal.finding(about: subject, topic: .service)
        let circumstances = Circumstances(
            topic: .service, role: table[index].role, service: report.kind, serviceState: report.state,
            startType: report.startType)
        guard let row = DecisionTable.row(for: circumstances) else {
            // On its way up, or not known: neither raises nor clears.
            guard let known, report.state == .running else { return }
            let because = "\(report.name) runs again since \(service.record.since.clockTime)"
            clear(known, because: because, at: now, into: &draft)
            return
        }
        let node = table[index]
        let words = words(for: node, service: service.record, at: now)
        let fact = Evidence(at: service.record.reportedAt, source: "service report", text: evidence(of: service.record))
        guard let known else {
            let answer = Evidence(
                at: node.lastSeen, source: "heartbeat",
                text: "the machine answers: last heard at \(node.lastSeen.clockTime)")
            raise(
                row, about: subject, of: index, words, [fact, answer], hasUnit: !report.unit.isEmpty, at: now,
                into: &draft)
            return
        }
        // The same report again is no news.
        guard known.evidence.last(where: { $0.source == fact.source })?.text != fact.text else { return }
        update(
            known, with: row, words, [fact], on: node.platform, hasUnit: !report.unit.isEmpty, at: now,
            into: &draft)
    }

    private func evidence(of service: ServiceRecord) -> String {
        let report = service.report
        var text =
            "\(report.name): \(report.state.inWords) since \(service.since.clockTime), "
            + "start type \(report.startType.inWords)"
        if !report.detail.isEmpty { text += "; \(report.detail)" }
        return text
    }

    // MARK: The server itself

    mutating func judgeStore(at now: Instant, into draft: inout Draft) {
        guard let failure = store.failure, let row = DecisionTable.row(for: Circumstances(topic: .store)) else {
            return
        }
        let words = CaseWords([
            "server": settings.serverName, "port": "\(settings.serverPort)", "reason": failure.reason,
        ])
        let fact = Evidence(at: now, source: "store", text: failure.reason)
        if let known = journal.finding(about: .server, topic: .store) {
            guard known.evidence.last?.text != fact.text else { return }
            update(known, with: row, words, [fact], on: .unknown, at: now, into: &draft)
        } else {
            raise(row, about: .server, of: nil, words, [fact], hasUnit: false, at: now, into: &draft)
        }
    }

    mutating func clearServerFindings(because: String, at now: Instant, into draft: inout Draft) {
        guard let known = journal.finding(about: .server, topic: .store) else { return }
        clear(known, because: because, at: now, into: &draft)
    }
}
