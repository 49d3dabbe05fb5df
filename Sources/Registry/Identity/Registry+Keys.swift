// Which machine a key stands for: that of the entry of its own id, unless the machine came back with another key.
extension Registry {
    /// The id of the entry for which a key stands.
    public func entry(of key: NodeID) -> NodeID { keys[key]?.node ?? key }

    /// The key by which the machine of an entry is let in.
    public func key(of node: NodeID) -> NodeID {
        var key = node
        while let next = keys[key]?.replacedBy { key = next }
        return key
    }

    /// - Throws: why the key is refused, if another one took its place.
    func mustBeLetIn(_ key: NodeID) throws(RegistrationRefusal) {
        guard let record = keys[key], record.replacedBy != nil else { return }
        let hostname = table.index(of: record.node).map { table[$0].hostname } ?? "\(record.node)"
        throw .keyReplaced(
            hostname: hostname, by: self.key(of: record.node), since: record.since,
            remedy: "If this is another machine than the one that has that key, say so on \(settings.serverName): "
                + "rollcall node \(hostname.asShellWord) --apart. If it is an old copy, stop its agent")
    }

    /// Whether the machine takes the entry of one that is away: its key is new, and its hardware says that it is that one.
    /// The registration is then that entry's.
    func takesEntry(_ registration: inout Registration) -> Bool {
        if let known = keys[registration.id] {
            registration.id = known.node
            return false
        }
        guard settings.adoptsByHardware, keys.count < RegistryLimits.keysMax,
            table.index(of: registration.id) == nil,
            let index = namesake(of: registration.facts, otherThan: registration.id),
            // Who lives keeps its place, whatever others say of themselves, and who may live, after this server's start;
            // and so do two who share an identity, for nobody knows whose the hardware is.
            !isHere(index), !table[index].isAwaited, twins[table[index].id] == nil,
            journal.finding(about: .node(table[index].id), topic: .identity) == nil,
            table[index].facts.hardware.sharesCard(with: registration.facts.hardware)
        else { return false }
        registration.id = table[index].id
        return true
    }

    /// Another entry of the same role whose hardware has the same name: one that is here before those that are away, of
    /// these the one heard last.
    func namesake(of facts: NodeFacts, otherThan id: NodeID) -> Int32? {
        table.indexes(ofHardware: facts.hardware.id, limit: RegistryLimits.hardwareNamesakesMax)
            .filter { table[$0].role == facts.role && table[$0].id != id }
            .max {
                (isHere($0) ? 1 : 0, table[$0].lastSeen, table[$0].id)
                    < (isHere($1) ? 1 : 0, table[$1].lastSeen, table[$1].id)
            }
    }

    /// Whether it has a connection on which something may still come: one that a machine without power leaves behind stays
    /// open for a while.
    func isHere(_ index: Int32) -> Bool { table[index].isConnected && table[index].reachability != .unreachable }

    /// From now on the entry's machine is known by another key; the one before is refused.
    mutating func replaceKey(
        of index: Int32, by new: NodeID, _ decision: KeyDecision, at now: Instant, into draft: inout Draft
    ) -> KeyChange {
        let node = table[index].id
        let old = key(of: node)
        keep(KeyRecord(key: old, node: node, since: now, decision: decision, replacedBy: new), into: &draft)
        keep(KeyRecord(key: new, node: node, since: now, decision: decision), into: &draft)
        let why = decision == .hardware ? "its hardware is the same" : "an operator said that it is one machine"
        note(index, "key replaced", "key \(old) → \(new): \(why)", at: now, into: &draft)
        draft.effects.append(.log("\(table[index].hostname) is known by key \(new) instead of \(old): \(why)"))
        return KeyChange(old: old, new: new)
    }

    mutating func keep(_ record: KeyRecord, into draft: inout Draft) {
        keys[record.key] = record
        draft.effects.append(.persist(.key(record)))
    }

    mutating func forgetKey(_ key: NodeID, into draft: inout Draft) {
        keys[key] = nil
        draft.effects.append(.persist(.removeKey(key)))
    }
}

/// A machine came back with another key.
struct KeyChange: Equatable, Sendable {
    /// The one before; it is refused from now on.
    var old: NodeID
    /// The one by which it is known from now on.
    var new: NodeID
}
