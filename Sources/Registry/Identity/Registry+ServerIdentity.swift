import ErrorCatalogue

// Two servers of one identity: agents carry from one to the other what each said of itself.
extension Registry {
    /// So long no agent said anything of another living server: the other one is gone.
    static let otherServerPatience = Duration.seconds(60 * 60)

    /// Which run of which registry this is, and the numbers of the runs that the registry remembers, this one included.
    public mutating func identify(as tag: ServerTag, runs: [UInt64]) {
        serverIdentity.own = tag
        serverIdentity.runs = Set(runs)
    }

    /// What agents are told; nil where nobody told the registry.
    public var serverTag: ServerTag? { serverIdentity.own }

    /// Whether the node has registered since this server's start.
    func hasBeenHere(_ id: NodeID) -> Bool {
        table.index(of: id).map { table[$0].registeredAt >= startedAt } ?? false
    }

    /// An agent says at which server it registered before, and it was not this one.
    mutating func judgeServerIdentity(
        _ registration: Registration, of index: Int32, wasHere: Bool, at now: Instant, into draft: inout Draft
    ) {
        guard let own = serverIdentity.own, let last = registration.lastServer, serverIdentity.isAsked(last) else {
            return
        }
        // The first time it is here, from a server of another registry: it was given a new server.
        guard wasHere || last.registry == own.registry else { return }
        let known = journal.finding(about: .server, topic: .serverIdentity)
        // Both live, or it is known already that they did.
        let isCritical = wasHere || known?.severity == .critical
        guard
            let row = DecisionTable.row(
                for: Circumstances(topic: .serverIdentity, level: isCritical ? .critical : .information))
        else { return }
        if serverIdentity.witnesses.count < ServerIdentity.witnessesMax {
            serverIdentity.witnesses.insert(registration.id)
        }
        serverIdentity.contestedAt = now
        hangSeldom(at: now + Self.otherServerPatience)
        var words = words(for: table[index], at: now)
        words["other_host"] = .text(last.host)
        words["count"] = .count(serverIdentity.witnesses.count)
        let fact = Evidence(
            at: now, source: "registration", .otherServer,
            [
                "host": .text(table[index].hostname), "at": .time(now), "other_host": .text(last.host),
                "registry": .text("\(last.registry)"), "start": .count(Int(clamping: last.start)),
                "run": .text(String(last.run, radix: 16)), "own_registry": .text("\(own.registry)"),
                "own_start": .count(Int(clamping: own.start)), "own_run": .text(String(own.run, radix: 16)),
            ])
        guard let known else {
            raise(row, about: .server, of: nil, words, [fact], hasUnit: false, at: now, into: &draft)
            return
        }
        // A whole fleet may say so: its number follows once a minute.
        guard known.form.row != row.name || now - known.updatedAt >= .seconds(60) else { return }
        update(known, with: row, words, [fact], on: .unknown, at: now, into: &draft)
    }

    /// Nobody speaks of another server any more. That a backup was restored is told for a day.
    mutating func reviewServerIdentity(at now: Instant, into effects: inout Effects) {
        guard let contestedAt = serverIdentity.contestedAt else { return }
        guard let known = journal.finding(about: .server, topic: .serverIdentity) else {
            serverIdentity.contestedAt = nil
            return
        }
        let end = contestedAt + (known.severity == .critical ? Self.otherServerPatience : Self.changeToldFor)
        guard end <= now else { return hangSeldom(at: end) }
        serverIdentity.contestedAt = nil
        serverIdentity.witnesses = []
        var draft = Draft()
        clear(known, .clearedOneServer, ["at": .time(contestedAt)], at: now, into: &draft)
        effects.append(contentsOf: draft.effects)
    }

    mutating func resumeServerIdentity() {
        guard journal.finding(about: .server, topic: .serverIdentity) != nil else { return }
        serverIdentity.contestedAt = startedAt
        hangSeldom(at: startedAt + Self.otherServerPatience)
    }
}
