import ErrorCatalogue

// Two machines with one identity: the one that was there first keeps its place, the other is told why it does not get in.
extension Registry {
    /// So long nobody else came: the identity has one user again. An agent tries at least once a minute.
    static let twinPatience = Duration.seconds(10 * 60)
    /// Nodes watched for it at a time.
    static let twinsMax = 4_096

    /// Whether somebody registers under the identity of another who lives. Nil: no, or nobody can tell yet.
    mutating func refuseTwin(_ registration: Registration, at now: Instant) -> Outcome<RegistrationReply>? {
        // As a rule it is not connected, nothing is wrong with it, and it need not be unpacked.
        // While nothing can be written, who comes back takes nobody's place: it tries again and again.
        guard store.failure == nil, let index = table.index(of: registration.id),
            table[index].isConnected || !table[index].findings.isEmpty,
            let holder = holder(of: index, replacedBy: registration)
        else { return nil }
        let id = registration.id
        let comer = Sighting(registration, at: now)
        guard !comer.isSame(as: holder.sighting) else { return nil }
        let known = journal.finding(about: .node(id), topic: .identity)
        let mayWatch = twins[id] != nil || twins.count < Self.twinsMax
        guard holder.isConnected || known != nil, mayWatch else { return nil }
        var memory = twins[id] ?? TwinMemory(holder.sighting, at: now)
        let isNew = !memory.knows(comer)
        memory.see(comer, at: now)
        twins[id] = memory
        hangSeldom(at: now + Self.twinPatience)
        guard known != nil || memory.isProof else { return nil }
        // Started again, or its holder is gone: the place is free for it.
        if known != nil, isNew && comer.isSuccessor(of: holder.sighting) || !holder.lives(at: now, settings) {
            return nil
        }
        var draft = Draft()
        tellTwins(holder.sighting, comer, memory, of: index, at: now, into: &draft)
        if known == nil, let session = holder.session {
            draft.effects.append(.object(session, "another machine uses this one's identity: \(comer.text). \(remedy)"))
        }
        return Outcome(
            .refused(.duplicateIdentity(holder: holder.sighting.text, comer: comer.text, remedy: remedy)),
            finish(draft, about: index))
    }

    private var remedy: String {
        "Give the copy an identity of its own: on \(settings.serverName): rollcall pki node --out DIRECTORY; copy that to it, "
            + "and restart its agent"
    }

    /// Who holds a node's place.
    private struct Holder {
        var sighting: Sighting
        var session: SessionID?
        var isFresh: Bool
        var lastSeen: Instant

        var isConnected: Bool { session != nil }

        func lives(at now: Instant, _ settings: RegistrySettings) -> Bool {
            isFresh || now - lastSeen < settings.unreachableAfter
        }
    }

    /// The program whose place the registration would take.
    private func holder(of index: Int32, replacedBy registration: Registration) -> Holder? {
        let node = table[index]
        guard node.reachability != .left, node.reachability != .expected else { return nil }
        let component = node.components.first {
            registration.components.contains($0.kind) && $0.session != registration.session
        }
        guard let component, component.isExpected else { return nil }
        return Holder(
            sighting: Sighting(node.facts, component.connection, at: node.lastSeen), session: component.session,
            isFresh: component.isFresh, lastSeen: component.lastHeard ?? node.lastSeen)
    }

    private mutating func tellTwins(
        _ holder: Sighting, _ comer: Sighting, _ memory: TwinMemory, of index: Int32, at now: Instant,
        into draft: inout Draft
    ) {
        guard let row = DecisionTable.row(for: Circumstances(topic: .identity, twin: TwinKind(holder, comer))) else {
            return
        }
        var words = words(for: table[index], at: now)
        words["address"] = .text(holder.address)
        words["other_address"] = .text(comer.address)
        words["other_host"] = .text(comer.hostname)
        words["boot"] = .text(holder.bootID.hexadecimal)
        words["other_boot"] = .text(comer.bootID.hexadecimal)
        let others = memory.sightings.filter { !$0.isSame(as: holder) && !$0.isSame(as: comer) }
        let evidence = ([holder, comer] + others).map { sighting in
            Evidence(
                at: sighting.lastAt, source: "registration", .sighted,
                [
                    "host": .text(sighting.hostname), "address": .text(sighting.address),
                    "boot": sighting.bootID.isEmpty ? .term("unknown") : .text(sighting.bootID.hexadecimal),
                    "machine": sighting.machineID.isEmpty ? .term("unknown") : .text(sighting.machineID),
                    "count": .count(memory.sightings.first { $0.isSame(as: sighting) }?.count ?? sighting.count),
                    "at": .time(sighting.lastAt),
                ])
        }
        let subject = Subject.node(table[index].id)
        guard let known = journal.finding(about: subject, topic: .identity) else {
            raise(row, about: subject, of: index, words, evidence, hits: 2, hasUnit: false, at: now, into: &draft)
            return
        }
        guard known.form.row != row.name || now - known.updatedAt >= .seconds(60) else { return }
        update(known, words, replacing: evidence, at: now, into: &draft)
    }

    /// The identity has one user again.
    mutating func reviewTwins(at now: Instant, into effects: inout Effects) {
        let over = twins.filter { $0.value.contestedAt + Self.twinPatience <= now }.map(\.key).sorted()
        for id in over {
            var draft = Draft()
            let first = twins.removeValue(forKey: id)?.sightings.first
            guard let known = journal.finding(about: .node(id), topic: .identity) else {
                // One machine after all: what has changed meanwhile can be told now.
                guard let first, let index = table.index(of: id) else { continue }
                let facts = table[index].facts
                var old = facts
                (old.hostname, old.machineID) = (first.hostname, first.machineID)
                noteChanges(index, from: old, to: facts, at: now, into: &draft)
                effects.append(contentsOf: draft.effects)
                continue
            }
            clear(known, .clearedOneUser, ["at": .time(known.updatedAt)], at: now, into: &draft)
            effects.append(contentsOf: draft.effects)
        }
        if let next = twins.values.map(\.contestedAt).min() { hangSeldom(at: next + Self.twinPatience) }
    }

    mutating func resumeTwins() {
        for finding in journal.findings(of: .identity) {
            guard let id = finding.subject.node, let index = table.index(of: id) else { continue }
            let node = table[index]
            twins[id] = TwinMemory(Sighting(node.facts, node.connection, at: node.lastSeen), at: startedAt)
            hangSeldom(at: startedAt + Self.twinPatience)
        }
    }
}

extension Sighting {
    init(_ facts: NodeFacts, _ connection: ConnectionFacts, at lastAt: Instant) {
        let peer = Attempt.host(of: connection.peerAddress)
        self.init(
            hostname: facts.hostname, address: peer.isEmpty ? facts.addresses.first ?? "" : peer, bootID: facts.bootID,
            machineID: facts.machineID, instance: connection.instance, firstAt: lastAt, lastAt: lastAt)
    }

    init(_ registration: Registration, at now: Instant) {
        self.init(registration.facts, registration.connection, at: now)
    }

    /// For a person who has to find it.
    var text: String {
        // The beginnings of the ids are enough to tell two apart; the error has them whole.
        "\(hostname) at \(address.isEmpty ? "an unknown address" : address) (boot id "
            + "\(bootID.isEmpty ? "unknown" : bootID.prefix(4).hexadecimal), "
            + "machine id \(machineID.isEmpty ? "unknown" : String(machineID.prefix(8))))"
    }
}

extension Sequence<UInt8> {
    /// Two digits a byte.
    var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
