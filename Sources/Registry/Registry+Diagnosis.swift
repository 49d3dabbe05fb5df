import ErrorCatalogue

// From facts to findings: raised once, updated in place, cleared by the same facts.
extension Registry {
    // MARK: A node that does not answer

    /// Says why an unreachable node does not answer, or says it better.
    mutating func judgeAbsence(of index: Int32, at now: Instant, into draft: inout Draft) {
        setJudged(index, under: sites[table[index].site].neighbours)
        if let row = commonCause(of: index) { return fold(index, under: row, at: now, into: &draft) }
        // Told with others still: the error follows as they return, and lets go of the rest in its time.
        guard table[index].foldedUnder == nil else { return }
        guard !isFlapping(.node(table[index].id)) else { return }
        guard let row = DecisionTable.row(for: circumstances(ofAbsence: table[index], at: now)) else { return }
        if let finding = journal.finding(about: .node(table[index].id), topic: .reachability) {
            sayAbsence(finding, of: index, by: row, at: now, into: &draft)
        } else {
            raiseAbsence(of: index, by: row, at: now, into: &draft)
        }
    }

    private mutating func sayAbsence(
        _ finding: Finding, of index: Int32, by row: DecisionRow, at now: Instant, into draft: inout Draft
    ) {
        let node = table[index]
        // Judged before the server's restart, by evidence that is not at hand any more: it stands.
        guard node.reachabilitySince >= startedAt || node.loss != nil || node.probe != nil else { return }
        let words = words(for: node, at: now)
        guard finding.code != row.code || finding.likelyCause != words.fill(row.likelyCause) else { return }
        var fresh: [Evidence] = []
        if let loss = node.loss, loss.at > finding.updatedAt {
            fresh.append(connectionEvidence(of: node, ending(of: node, at: now), at: now))
        }
        fresh += askedEvidence(of: node).filter { $0.at > finding.updatedAt }
        fresh.append(neighbourEvidence(of: node, at: now))
        update(finding, with: row, words, fresh, on: node.platform, at: now, into: &draft)
    }

    private mutating func raiseAbsence(
        of index: Int32, by row: DecisionRow, at now: Instant, into draft: inout Draft
    ) {
        let node = table[index]
        var evidence = [
            heartbeatEvidence(of: node, at: now), connectionEvidence(of: node, ending(of: node, at: now), at: now),
            neighbourEvidence(of: node, at: now),
        ]
        evidence += askedEvidence(of: node)
        evidence.append(selfEvidence(since: node.lastSeen, at: now))
        let (count, answering) = node.role == .processServer ? dependants(of: index) : (0, 0)
        if count > 0 {
            evidence.append(
                Evidence(
                    at: now, source: "neighbours", .dependants,
                    ["dependants": .count(count), "at_risk": .count(answering)]))
        }
        raise(
            row, about: .node(node.id), of: index, words(for: node, at: now), evidence, hits: count + 1, hasUnit: false,
            at: now, into: &draft)
    }

    /// What the decision table is asked about a node that does not answer.
    func circumstances(ofAbsence node: Node, at now: Instant) -> Circumstances {
        // Nobody of the site answers, but they did not fall silent together: that says nothing about the path.
        let neighbours = sites[node.site].neighbours
        return Circumstances(
            topic: .reachability, role: node.role, ending: ending(of: node, at: now),
            neighbours: neighbours == .noneAnswers ? .noNeighbours : neighbours, probe: node.probeAnswer,
            attempt: failure(of: node))
    }

    /// Why it does not get in, if somebody tries in its name, or from the address that is its own.
    private func failure(of node: Node) -> AttemptReason? {
        guard !attempts.callers.isEmpty else { return nil }
        let host = Attempt.host(of: node.connection.peerAddress)
        let reasons = node.facts.addresses.contains(host) ? AttemptReason.allCases : []
        let keys =
            [AttemptJournal.Key(node: node.id, address: "", reason: nil)]
            + reasons.map { AttemptJournal.Key(node: nil, address: host, reason: $0) }
        let callers = keys.lazy.compactMap { attempts.caller($0) }
        return callers.first { $0.count >= AttemptJournal.failuresMin && $0.last.at >= node.lastSeen }?.last.reason
    }

    /// Why it is away that said it would be back, and nothing of it was heard since; nil for others.
    private func announcedReturn(of node: Node) -> LeaveReason? {
        guard let reason = node.goodbye, reason.isToComeBack, node.loss == nil,
            !node.components.contains(where: { $0.session != nil })
        else { return nil }
        return reason
    }

    func ending(of node: Node, at now: Instant) -> Ending {
        switch announcedReturn(of: node) {
        case .reboot: return .restarting
        case .upgrade: return .upgrading
        default: break
        }
        if let loss = node.loss { return isLate(loss, of: node, at: now) ? .fellSilent : Ending(loss.how) }
        return node.components.contains { $0.session != nil } ? .fellSilent : .notBack
    }

    /// An old connection that ends after the verdict explains no silence that began before: the path has healed, or its
    /// machine is up again, and the node has a while to come back; as long as nothing can be written, it cannot. Only if it does not,
    /// that end is what is known best.
    private func isLate(_ loss: Node.Loss, of node: Node, at now: Instant) -> Bool {
        node.reachability == .unreachable && loss.at > node.reachabilitySince
            && (now < comeBackDeadline(after: loss) || store.failure != nil)
    }

    /// Until when a node may come back whose old connection ended after the verdict.
    func comeBackDeadline(after loss: Node.Loss) -> Instant { loss.at + settings.homecomingGrace }

    func heartbeatEvidence(of node: Node, at now: Instant) -> Evidence {
        Evidence(
            at: now, source: "heartbeat", .lastHeard,
            [
                "at": .time(node.lastSeen), "silence": .duration(now - node.lastSeen),
                "interval": .duration(settings.heartbeatInterval),
            ])
    }

    func connectionEvidence(of node: Node, _ ending: Ending, at now: Instant) -> Evidence {
        let peer = node.connection.peerAddress
        let from: Word = peer.isEmpty ? .term("unknown-address") : .text(peer)
        if let loss = node.loss {
            return Evidence(
                at: loss.at, source: "connection", .connectionEnded, ["peer": from, "loss": loss.how.word])
        }
        if let reason = announcedReturn(of: node) {
            return Evidence(
                at: node.lastSeen, source: "connection", .saidGoodbye,
                ["at": .time(node.lastSeen), "reason": reason.word, "grace": .duration(settings.returnGrace)])
        }
        if ending == .notBack {
            return Evidence(at: now, source: "connection", .noConnection, ["at": .time(startedAt)])
        }
        return Evidence(at: now, source: "connection", .connectionOpen, ["peer": from])
    }

    private func neighbourEvidence(of node: Node, at now: Instant) -> Evidence {
        let site = sites[node.site]
        let due = site.tally.nodes - site.tally[.left] - site.tally[.expected]
        guard due >= 2 else {
            return Evidence(at: now, source: "neighbours", .alone, ["site": .text(site.name)])
        }
        return Evidence(
            at: now, source: "neighbours", .neighbours,
            ["due": .count(due), "site": .text(site.name), "answering": .count(site.tally[.reachable])])
    }

    // MARK: The server itself

    mutating func judgeStore(at now: Instant, into draft: inout Draft) {
        guard let failure = store.failure, let row = DecisionTable.row(for: Circumstances(topic: .store)) else {
            return
        }
        let words = CaseWords([
            "server": .text(settings.serverName), "port": .text("\(settings.serverPort)"),
            "reason": .text(failure.reason), "since": .time(failure.since),
        ])
        var fact = Evidence(at: now, source: "store", .store, ["reason": .text(failure.reason)])
        fact.words["since"] = .time(failure.since)
        if let known = journal.finding(about: .server, topic: .store) {
            guard known.evidence.last?.text != fact.text else { return }
            update(known, with: row, words, [fact], on: .unknown, at: now, into: &draft)
        } else {
            raise(row, about: .server, of: nil, words, [fact], hasUnit: false, at: now, into: &draft)
        }
    }

    mutating func clearServerFindings(_ because: Sentence, at now: Instant, into draft: inout Draft) {
        guard let known = journal.finding(about: .server, topic: .store) else { return }
        clear(known, because, [:], at: now, into: &draft)
    }
}
