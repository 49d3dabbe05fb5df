/// What a registering node is told.
public enum RegistrationReply: Equatable, Sendable {
    /// It is known and written down; these are its terms.
    case admitted(RegistrationTerms)
    /// It was not registered, and why.
    case refused(RegistrationRefusal)
}

extension Registry {
    /// A node tells who it is, for the first time or again.
    ///
    /// A registration that tells nothing new writes nothing: a fleet that reconnects costs no commits. One that does
    /// is refused while the registry cannot be written.
    public mutating func register(_ registration: Registration, at now: Instant) -> Outcome<RegistrationReply> {
        do {
            var checked = try registration.checked()
            try mustBeLetIn(checked.id)
            let newKey = takesEntry(&checked) ? registration.id : nil
            if let refused = refuseTwin(checked, at: now) { return refused }
            let wasHere = serverIdentity.isAsked(checked.lastServer) && hasBeenHere(checked.id)
            var (index, draft) = try admit(checked, newKey: newKey, at: now)
            judgeServerIdentity(checked, of: index, wasHere: wasHere, at: now, into: &draft)
            return Outcome(.admitted(terms), finish(draft, about: index))
        } catch {
            return Outcome(.refused(error))
        }
    }

    /// What every node is told on admission.
    public var terms: RegistrationTerms {
        RegistrationTerms(
            heartbeatInterval: settings.heartbeatInterval, suspectAfter: settings.suspectAfter,
            unreachableAfter: settings.unreachableAfter)
    }

    /// - Parameter newKey: by which the machine is known from now on.
    private mutating func admit(
        _ registration: Registration, newKey: NodeID?, at now: Instant
    ) throws(RegistrationRefusal) -> (Int32, Draft) {
        var draft = Draft()
        let index: Int32
        if let known = table.index(of: registration.id) {
            try update(known, with: registration, newKey: newKey, at: now, into: &draft)
            index = known
        } else {
            index = try insert(registration, at: now, into: &draft)
        }
        attach(registration, to: index, at: now, into: &draft)
        if let load = registration.load { (table[index].load, table[index].loadAt) = (load, now) }
        if let sentAt = registration.sentAt { table[index].clockSkew = sentAt - now }
        table[index].registeredAt = now
        refactor(index, registration.facts, table[index].connection)
        returned(index, how: "registered", at: now, into: &draft)
        measure(index, registration, at: now, into: &draft)
        gotIn(index, at: now, into: &draft)
        awaitSilentComponents(of: index)
        takeServices(registration.services, of: index, isComplete: true, at: now, into: &draft)
        return (index, draft)
    }

    private mutating func insert(
        _ registration: Registration, at now: Instant, into draft: inout Draft
    ) throws(RegistrationRefusal) -> Int32 {
        try mustBeWritable()
        guard table.count < settings.nodesMax else { throw .nodeLimit(nodesMax: settings.nodesMax) }
        try mustHaveRoom(forSite: registration.facts.site)
        let facts = registration.facts
        let index = table.insert(
            Node(
                id: registration.id, facts: facts, site: sites.row(named: facts.site), components: [], services: [],
                reachability: .reachable, reachabilitySince: now, firstSeen: now, registeredAt: now, lastSeen: now,
                clockSkew: .zero, durability: Node.Durability(isStored: false)))
        count(index, +1)
        draft.isRowChanged = true
        draft.areFactsChanged = true
        let text =
            "registered for the first time, as \(facts.role.phrase) of site \(facts.site)"
            + (registration.connection.peerAddress.isEmpty ? "" : ", from \(registration.connection.peerAddress)")
        note(index, "registered", text, at: now, into: &draft)
        draft.effects.append(.log("\(facts.hostname) (\(registration.id)) \(text)"))
        judgeHardware(of: index, at: now, into: &draft)
        return index
    }

    private mutating func update(
        _ index: Int32, with registration: Registration, newKey: NodeID?, at now: Instant, into draft: inout Draft
    ) throws(RegistrationRefusal) {
        let old = table[index].facts
        let new = registration.facts
        guard old.role == new.role else {
            throw .roleDiffers(hostname: old.hostname, registered: old.role, given: new.role)
        }
        let durability = table[index].durability
        let hasNewComponent = registration.components.contains { table[index].position(of: $0) == nil }
        // A row in a commit under way is written again: this answer, too, has to wait until it is on the disk.
        let mustWrite =
            old != new || newKey != nil || hasNewComponent || durability.commitsPending > 0
            || durability.hasUnwrittenFacts
            || table[index].services.map(\.record.report) != registration.services
        guard mustWrite else { return }
        do {
            try mustBeWritable()
        } catch {
            // Refused, but heard: nobody shall call it lost because of our disk.
            touch(index, heard: now)
            throw error
        }
        if old.site != new.site { try mustHaveRoom(forSite: new.site) }
        draft.isRowChanged = true
        draft.areFactsChanged = true
        if !old.bootID.isEmpty, !new.bootID.isEmpty, old.bootID != new.bootID {
            let how = table[index].goodbye == .reboot ? ", as it had said" : ""
            note(index, "rebooted", "the machine restarted\(how): it has a new boot id", at: now, into: &draft)
        }
        let changes = old.changes(to: new)
        if !changes.isEmpty {
            note(index, "changed", changes.joined(separator: "; "), at: now, into: &draft)
        }
        let change = newKey.map { replaceKey(of: index, by: $0, .hardware, at: now, into: &draft) }
        noteChanges(index, from: old, to: new, change, at: now, into: &draft)
        move(index, to: new.site, at: now)
        table.setFacts(new, of: index)
        judgeHardware(of: index, at: now, into: &draft)
    }

    /// Moves the node to another site's counts.
    private mutating func move(_ index: Int32, to site: String, at now: Instant) {
        let old = table[index].site
        guard sites[old].name != site else { return }
        let judged = table[index].judgedUnder
        setJudged(index, under: nil)
        count(index, -1)
        let isLost = table[index].reachability == .unreachable
        if isLost { sites[old].unreachable.remove(index) }
        let new = sites.row(named: site)
        table[index].site = new
        count(index, +1)
        if isLost { sites[new].unreachable.insert(index) }
        setJudged(index, under: judged)
        reviewLater(old, at: now)
        reviewLater(new, at: now)
        sites.releaseIfEmpty(old)
    }

    /// The session speaks for these components from now on; older sessions of theirs are closed.
    private mutating func attach(
        _ registration: Registration, to index: Int32, at now: Instant, into draft: inout Draft
    ) {
        let session = registration.session
        for position in table[index].components.indices
        where table[index].components[position].session == session
            && !registration.components.contains(table[index].components[position].kind)
        {
            table[index].components[position].disconnect("its connection no longer speaks for it")
            table[index].components[position].isExpected = false
        }
        for kind in registration.components {
            if let position = table[index].position(of: kind) {
                if let old = table[index].components[position].session, old != session {
                    replace(old, of: index, by: registration.connection, into: &draft)
                }
            } else {
                table[index].components.append(Component(kind: kind))
            }
            guard let position = table[index].position(of: kind) else { continue }
            if table[index].components[position].session != session {
                table[index].components[position].connectedAt = now
            }
            drop(spokenForWith: position, unless: registration.components, of: index, into: &draft)
            table[index].components[position].session = session
            table[index].components[position].lastSession = session
            table[index].components[position].isSilent = false
            table[index].components[position].isExpected = true
            table[index].components[position].lastHeard = now
            table[index].components[position].connection = registration.connection
        }
        sessions[session] = index
        touch(index, heard: now)
    }

    /// A newer connection took the place of this one, for all it spoke for.
    private mutating func replace(
        _ old: SessionID, of index: Int32, by connection: ConnectionFacts, into draft: inout Draft
    ) {
        sessions[old] = nil
        for position in table[index].components.indices where table[index].components[position].session == old {
            table[index].components[position].disconnect("replaced by a newer connection")
        }
        let from = connection.peerAddress.isEmpty ? "" : " from \(connection.peerAddress)"
        draft.effects.append(.closeSession(old, reason: "replaced by a newer connection of this node\(from)"))
    }

    /// Programs that shared a connection with this one are one process with it: if it comes back without them, nobody
    /// waits for them any more.
    private mutating func drop(
        spokenForWith position: Int, unless kinds: [ComponentKind], of index: Int32, into draft: inout Draft
    ) {
        guard let shared = table[index].components[position].lastSession else { return }
        for other in table[index].components.indices
        where other != position && table[index].components[other].lastSession == shared
            && table[index].components[other].session == nil && table[index].components[other].isExpected
            && !kinds.contains(table[index].components[other].kind)
        {
            table[index].components[other].isExpected = false
            draft.isRowChanged = true
        }
    }

    /// The node's failures to get in are over.
    private mutating func gotIn(_ index: Int32, at now: Instant, into draft: inout Draft) {
        table[index].failoverDeclaredAt = nil
        // An error of before a restart has no failures behind it any more.
        guard attempts.forget(node: table[index].id) || !table[index].findings.isEmpty else { return }
        clearFindings(of: index, topic: .admission, .clearedGotIn, ["at": .time(now)], at: now, into: &draft)
    }

    private func mustBeWritable() throws(RegistrationRefusal) {
        if let failure = store.failure { throw .registryNotWritable(reason: failure.reason) }
    }

    private func mustHaveRoom(forSite site: String) throws(RegistrationRefusal) {
        guard sites.contains(site) || sites.count < RegistryLimits.sitesMax else {
            throw .siteLimit(site: site, sitesMax: RegistryLimits.sitesMax)
        }
    }
}

extension NodeFacts {
    /// What changed, a phrase for each field; the boot id is told apart.
    fileprivate func changes(to new: NodeFacts) -> [String] {
        var changes: [String] = []
        func compare(_ what: String, _ old: String, _ new: String) {
            if old != new { changes.append("\(what) \(old.isEmpty ? "–" : old) → \(new.isEmpty ? "–" : new)") }
        }
        compare("host name", hostname, new.hostname)
        compare("site", site, new.site)
        compare("process server", processServer, new.processServer)
        compare("agent version", agentVersion, new.agentVersion)
        compare("operating system", osVersion, new.osVersion)
        compare("addresses", addresses.joined(separator: ", "), new.addresses.joined(separator: ", "))
        compare("machine id", machineID, new.machineID)
        compare("hardware", hardware.id, new.hardware.id)
        compare(
            "network cards", hardware.networkCards.map(\.description).joined(separator: ", "),
            new.hardware.networkCards.map(\.description).joined(separator: ", "))
        if platform != new.platform { changes.append("platform changed") }
        return changes
    }
}
