import ErrorCatalogue

// Two identities whose machines call their hardware by one name: a clone, or one machine that came back with another key.
extension Registry {
    /// So often it is looked at again whether it is still so.
    static let hardwareReviewPeriod = Duration.seconds(10 * 60)

    /// Says that another node has the same hardware, or no more.
    mutating func judgeHardware(of index: Int32, at now: Instant, into draft: inout Draft) {
        let id = table[index].id
        let known = journal.finding(about: .node(id), topic: .hardware)
        let facts = table[index].facts
        guard !isDecided(id), let other = namesake(of: facts, otherThan: id), !isDecided(table[other].id),
            // One error names both: the one that came later has it.
            journal.finding(about: .node(table[other].id), topic: .hardware) == nil,
            let row = DecisionTable.row(
                for: Circumstances(topic: .hardware, level: isHere(other) ? .warning : .information))
        else {
            if let known { clear(known, .clearedOneHardware, ["at": .time(now)], at: now, into: &draft) }
            return
        }
        hangSeldom(at: now + Self.hardwareReviewPeriod)
        var words = words(for: table[index], at: now)
        words["hardware"] = .text(facts.hardware.id)
        words["id"] = .text("\(id)")
        words["other_id"] = .text("\(table[other].id)")
        words["other_host"] = .text(table[other].hostname)
        words["other_address"] = address(of: other)
        words["other_since"] = .time(table[other].lastSeen)
        let evidence = [hardwareEvidence(of: other, and: facts, at: now)]
        guard let known else {
            raise(row, about: .node(id), of: index, words, evidence, hits: 2, hasUnit: false, at: now, into: &draft)
            return
        }
        guard known.form.row != row.name else { return }
        update(known, with: row, words, evidence, on: facts.platform, at: now, into: &draft)
    }

    /// What both said of their hardware. To be called while the first is as it was.
    func hardwareEvidence(of index: Int32, and facts: NodeFacts, at now: Instant) -> Evidence {
        let node = table[index]
        let cards = Set(node.facts.hardware.networkCards).intersection(facts.hardware.networkCards)
        return Evidence(
            at: now, source: "registration", .sameHardware,
            [
                "hardware": .text(facts.hardware.id), "count": .count(cards.count),
                "host": .text(node.hostname), "address": address(of: index), "seen": .time(node.lastSeen),
                "other_host": .text(facts.hostname), "at": .time(now),
            ])
    }

    private func isDecided(_ id: NodeID) -> Bool { keys[id]?.decision == .byOperator }

    private func address(of index: Int32) -> Word {
        let node = table[index]
        let address = node.facts.addresses.first ?? Attempt.host(of: node.connection.peerAddress)
        return address.isEmpty ? .term("unknown-address") : .text(address)
    }

    /// Looks at all of them again.
    mutating func reviewHardware(at now: Instant, into effects: inout Effects) {
        for finding in journal.findings(of: .hardware) {
            guard let index = finding.subject.node.flatMap({ table.index(of: $0) }) else { continue }
            var draft = Draft()
            judgeHardware(of: index, at: now, into: &draft)
            effects.append(contentsOf: draft.effects)
        }
    }
}
