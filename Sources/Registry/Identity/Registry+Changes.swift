import ErrorCatalogue

/// How a machine became another that is still the same.
public enum MachineChange: UInt8, Hashable, Sendable, CaseIterable {
    /// Its key is the same, what its installation made is not.
    case reinstalled = 1
    /// It has another host name.
    case renamed = 2
    /// None of its addresses is as it was.
    case moved = 3
    /// Its hardware is the same, its key is not.
    case newKey = 4
    /// Its key is the same, its hardware is not.
    case otherHardware = 5

    /// As operators read it.
    public var inWords: String {
        switch self {
        case .reinstalled: "same key, another machine id"
        case .renamed: "same key, another host name"
        case .moved: "same key, other addresses"
        case .newKey: "same hardware, another key"
        case .otherHardware: "same key, other hardware"
        }
    }
}

// The same machine, reinstalled, renamed or moved: one entry, and a word about it for a day.
extension Registry {
    /// So long it is told: whoever comes to work the next morning reads it.
    static let changeToldFor = Duration.seconds(86_400)

    /// The node's facts are about to change.
    mutating func noteChanges(
        _ index: Int32, from old: NodeFacts, to new: NodeFacts, _ newKey: KeyChange? = nil, at now: Instant,
        into draft: inout Draft
    ) {
        // While two may use the identity, it is not told that one became the other.
        guard twins[table[index].id] == nil else { return }
        var changes = old.machineChanges(to: new)
        if let newKey {
            changes.insert(
                MachineFactChange(kind: .newKey, term: "fact.key", old: "\(newKey.old)", new: "\(newKey.new)"), at: 0)
        }
        guard let first = changes.first,
            let row = DecisionTable.row(for: Circumstances(topic: .change, change: first.kind))
        else { return }
        let subject = Subject.node(table[index].id)
        var words = words(for: table[index], at: now)
        words["host"] = .text(new.hostname)
        words["old"] = .text(first.old)
        words["new"] = .text(first.new)
        words["node"] = .text(new.hostname.asShellWord)
        var evidence = changes.map { change in
            Evidence(
                at: now, source: "registration", .machineChanged,
                [
                    "what": .term(change.term), "old": .text(change.old), "new": .text(change.new), "at": .time(now),
                ])
        }
        if newKey != nil { evidence.append(hardwareEvidence(of: index, and: new, at: now)) }
        if let known = journal.finding(about: subject, topic: .change) {
            update(known, with: row, words, evidence, on: new.platform, at: now, into: &draft)
        } else {
            raise(row, about: subject, of: index, words, evidence, hasUnit: false, at: now, into: &draft)
        }
        hangSeldom(at: now + Self.changeToldFor)
    }

    /// It was told for long enough.
    mutating func reviewChanges(at now: Instant, into effects: inout Effects) {
        var draft = Draft()
        for finding in journal.findings(of: .change) {
            let end = finding.updatedAt + Self.changeToldFor
            guard end <= now else {
                hangSeldom(at: end)
                continue
            }
            clear(finding, .clearedTold, ["at": .time(finding.updatedAt)], at: now, into: &draft)
        }
        effects.append(contentsOf: draft.effects)
    }
}

/// One thing that tells machines apart, before and after.
fileprivate struct MachineFactChange {
    var kind: MachineChange
    var term: String
    var old: String
    var new: String
}

extension NodeFacts {
    /// The most telling one first. What was not known before is no change.
    fileprivate func machineChanges(to new: NodeFacts) -> [MachineFactChange] {
        var changes: [MachineFactChange] = []
        func compare(_ kind: MachineChange, _ term: String, _ old: String, _ new: String) {
            guard !old.isEmpty, !new.isEmpty, old != new else { return }
            changes.append(MachineFactChange(kind: kind, term: term, old: old, new: new))
        }
        compare(.otherHardware, "fact.hardware", hardware.id, new.hardware.id)
        compare(.reinstalled, "fact.machine-id", machineID, new.machineID)
        // Host names are compared without regard to case (RFC 4343).
        if hostname.lowercased() != new.hostname.lowercased() {
            compare(.renamed, "fact.hostname", hostname, new.hostname)
        }
        if Set(addresses).isDisjoint(with: new.addresses) {
            compare(
                .moved, "fact.addresses", addresses.joined(separator: ", "), new.addresses.joined(separator: ", "))
        }
        return changes
    }
}
