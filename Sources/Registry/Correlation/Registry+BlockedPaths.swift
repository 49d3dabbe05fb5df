import ErrorCatalogue

// Machines that cannot reach their process server: told under its own silence where it is silent, as one error about its data
// port where many report it, and else one by one.
extension Registry {
    /// What a node says about the way to its process server; `since` is when that began.
    public struct DataPath: Equatable, Sendable {
        /// Whether a TCP connection can be made.
        public var isOpen: Bool
        /// The process server's name or address.
        public var processServer: String
        /// The port.
        public var port: Int
        /// Since when it is so.
        public var since: Instant
        /// Why it is not open; empty where that was not told.
        public var detail: String

        /// What a node found.
        public init(isOpen: Bool, processServer: String, port: Int, since: Instant, detail: String = "") {
            self.isOpen = isOpen
            self.processServer = processServer
            self.port = port
            self.since = since
            self.detail = detail
        }
    }

    /// How long reports gather before they are told: those that have one cause come within a moment.
    private var gathering: Duration { settings.heartbeatInterval / 2 }

    /// The node on this session tried its process server's data port.
    public mutating func dataPathTried(_ session: SessionID, _ path: DataPath, at now: Instant) -> Effects {
        guard let index = sessions[session] else { return .none }
        guard path.isOpen else {
            blockedPaths.note(.init(id: table[index].id, path: path), of: index, reviewAt: now + gathering)
            return .none
        }
        var draft = Draft()
        blockedPaths.remove(index, reviewAt: now)
        clearFindings(of: index, topic: .dataPath, .clearedDataPath, ["at": .time(path.since)], at: now, into: &draft)
        refreshHealth(of: index)
        return finish(draft, about: index)
    }

    /// The node's state has changed: it may be one that reports, or one that is reported.
    mutating func noteBlockedPaths(of index: Int32, at now: Instant) {
        guard !blockedPaths.isEmpty else { return }
        switch table[index].reachability {
        case .reachable, .suspect: break
        case .unreachable, .expected, .left: blockedPaths.remove(index, reviewAt: now)
        }
        if table[index].role == .processServer { blockedPaths.reviewAll(at: now) }
    }

    /// Looks at those that are due.
    mutating func reviewBlockedPaths(at now: Instant, into effects: inout Effects) {
        guard let due = blockedPaths.nextReview, due <= now else { return }
        for name in blockedPaths.gateways.keys.sorted() {
            guard let gateway = blockedPaths[name], let due = gateway.reviewAt, due <= now else { continue }
            blockedPaths[name]?.reviewAt = nil
            effects.append(contentsOf: review(gateway, name, at: now))
        }
    }

    private mutating func review(_ gateway: BlockedPaths.Gateway, _ name: String, at now: Instant) -> Effects {
        var draft = Draft()
        let hosts = table.indexes(named: name).first
        let members = gateway.members.filter { table.contains($0.key) && table[$0.key].id == $0.value.id }
        let told = gateway.toldUnder.flatMap { journal.active[$0] }
        guard let first = members.values.min(by: { ($0.path.since, $0.id) < ($1.path.since, $1.id) }) else {
            if let told { letGo(told, at: now, into: &draft) }
            blockedPaths[name] = nil
            return draft.effects
        }
        if let error = errorAbout(hosts) {
            if let told, told.id != error.id {
                clear(told, .clearedFolded, ["id": .text("\(error.id)")], at: now, into: &draft)
            }
            tell(error, of: members, first, at: now, into: &draft)
            return draft.effects.followed(by: fold(members, of: name, under: error.id, at: now))
        }
        // Not judged yet, or a moment ago back: what they report has its cause there, and ends, too.
        if hosts.contains(where: { isUndecided($0) }) {
            blockedPaths.review(name, at: now + gathering)
            return draft.effects
        }
        let isOfSilence = gateway.toldUnder != nil && told?.code != .dataPathBlocked
        if isOfSilence, let back = hosts.map({ table[$0].reachabilitySince }).max(),
            now < back + settings.homecomingGrace
        {
            blockedPaths.review(name, at: back + settings.homecomingGrace)
            return draft.effects
        }
        let subject = Subject.group(.processServer, first.path.processServer)
        let known = journal.finding(about: subject, topic: .dataPath)
        guard known != nil || members.count >= BlockedPaths.togetherMin else {
            blockedPaths[name]?.toldUnder = nil
            return draft.effects.followed(by: tellSingly(members, isSilent: isSilent(hosts), at: now))
        }
        guard let id = known?.id ?? raiseCommon(subject, hosts, members, first, at: now, into: &draft) else {
            return draft.effects
        }
        if let known { tell(known, of: members, first, at: now, into: &draft) }
        return draft.effects.followed(by: fold(members, of: name, under: id, at: now))
    }

    /// The error that says that one of these is lost, by itself or with others.
    private func errorAbout(_ hosts: [Int32]) -> Finding? {
        for index in hosts where table[index].reachability == .unreachable {
            let subject = Subject.node(table[index].id)
            if let own = journal.finding(about: subject, topic: .reachability) { return own }
            if let id = table[index].foldedUnder.flatMap({ factors[$0].finding }) { return journal.active[id] }
            if let flapping = journal.finding(about: subject, topic: .flapping) { return flapping }
        }
        return nil
    }

    /// Silent and not judged, or not back yet after the server's restart.
    private func isUndecided(_ index: Int32) -> Bool {
        table[index].isAwaited || table[index].reachability == .suspect || table[index].reachability == .unreachable
    }

    private func isSilent(_ hosts: [Int32]) -> Bool {
        !hosts.isEmpty && hosts.allSatisfy { table[$0].reachability != .reachable }
    }

    /// Nobody reports it any more.
    private mutating func letGo(_ told: Finding, at now: Instant, into draft: inout Draft) {
        guard told.code != .dataPathBlocked else {
            return clear(told, .clearedDataPath, ["at": .time(now)], at: now, into: &draft)
        }
        var finding = told
        finding.members = []
        finding.evidence.removeAll { $0.statement == .blockedTogether }
        if finding.subject.node != nil, finding != told { store(finding, at: now, into: &draft) }
    }

    /// What was told of single machines is told with others; nobody looks well who is cut off.
    private mutating func fold(
        _ members: [Int32: BlockedPaths.Report], of name: String, under id: UInt64, at now: Instant
    ) -> Effects {
        let isNew = blockedPaths[name]?.toldUnder != id
        blockedPaths[name]?.toldUnder = id
        var effects = Effects.none
        for index in members.keys.sorted() {
            var draft = Draft()
            clearFindings(of: index, topic: .dataPath, .clearedFolded, ["id": .text("\(id)")], at: now, into: &draft)
            if isNew {
                note(index, "error raised", "told with others: error \(id)", at: now, waits: true, into: &draft)
            }
            refreshHealth(of: index)
            effects.append(contentsOf: finish(draft, about: index))
        }
        return effects
    }

    /// Says in an error, of many or of the process server itself, who reports it now.
    private mutating func tell(
        _ known: Finding, of members: [Int32: BlockedPaths.Report], _ first: BlockedPaths.Report, at now: Instant,
        into draft: inout Draft
    ) {
        guard known.code == .dataPathBlocked || known.subject.node != nil, known.code.topic != .flapping else { return }
        var finding = known
        finding.members = Array(names(of: members).prefix(RegistryLimits.membersPerFindingMax))
        guard finding.members != known.members else { return }
        finding.evidence.removeAll { $0.statement == .blockedTogether }
        finding.add(blockedTogether(members, first, at: now))
        if known.code == .dataPathBlocked, let row = DecisionTable.row(named: known.form.row) {
            finding.memberCount = members.count
            finding.say(row, words(ofBlocked: members, first), on: .unknown, hasUnit: false)
        }
        store(finding, at: now, into: &draft)
    }

    private mutating func raiseCommon(
        _ subject: Subject, _ hosts: [Int32], _ members: [Int32: BlockedPaths.Report], _ first: BlockedPaths.Report,
        at now: Instant, into draft: inout Draft
    ) -> UInt64? {
        let neighbours: Neighbours = isSilent(hosts) ? .noneAnswers : .someAnswer
        guard
            let row = DecisionTable.row(
                for: Circumstances(topic: .dataPath, neighbours: neighbours, factor: .processServer))
        else { return nil }
        var evidence = [blockedTogether(members, first, at: now)]
        for index in hosts {
            evidence.append(
                Evidence(
                    at: table[index].lastSeen, source: "heartbeat",
                    neighbours == .someAnswer ? .machineAnswers : .lastHeard,
                    [
                        "at": .time(table[index].lastSeen), "silence": .duration(now - table[index].lastSeen),
                        "interval": .duration(settings.heartbeatInterval),
                    ]))
        }
        return raise(
            row, about: subject, of: nil, named: first.path.processServer, words(ofBlocked: members, first), evidence,
            hits: members.count,
            members: Array(names(of: members).prefix(RegistryLimits.membersPerFindingMax)), hasUnit: false, at: now,
            into: &draft)
    }

    private mutating func tellSingly(
        _ members: [Int32: BlockedPaths.Report], isSilent: Bool, at now: Instant
    ) -> Effects {
        var effects = Effects.none
        for (index, report) in members.sorted(by: { $0.key < $1.key }) {
            var draft = Draft()
            let path = report.path
            var words = words(for: table[index], at: now)
            words["process_server"] = .text(path.processServer)
            words["ps_port"] = .text("\(path.port)")
            let fact = Evidence(
                at: now, source: "registration", .dataPathReport,
                [
                    "host": .text(table[index].hostname), "process_server": .text(path.processServer),
                    "ps_port": .text("\(path.port)"), "since": .time(path.since), "at": .time(now),
                    "detail": path.detail.isEmpty ? .term("unknown") : .text(path.detail),
                ])
            judge(
                Circumstances(topic: .dataPath, neighbours: isSilent ? .noneAnswers : .someAnswer), index, words, fact,
                at: now, into: &draft)
            refreshHealth(of: index)
            effects.append(contentsOf: finish(draft, about: index))
        }
        return effects
    }

    // MARK: what is said of them

    private func names(of members: [Int32: BlockedPaths.Report]) -> [String] {
        members.keys.map { table[$0].hostname }.sorted()
    }

    private func words(
        ofBlocked members: [Int32: BlockedPaths.Report], _ first: BlockedPaths.Report
    ) -> CaseWords {
        CaseWords([
            "process_server": .text(first.path.processServer), "ps_port": .text("\(first.path.port)"),
            "count": .count(members.count), "host": .text(names(of: members).first ?? ""),
        ])
    }

    private func blockedTogether(
        _ members: [Int32: BlockedPaths.Report], _ first: BlockedPaths.Report, at now: Instant
    ) -> Evidence {
        let names = names(of: members)
        return Evidence(
            at: now, source: "registration", .blockedTogether,
            [
                "count": .count(members.count), "process_server": .text(first.path.processServer),
                "ps_port": .text("\(first.path.port)"), "since": .time(first.path.since),
                "names": .text(
                    names.prefix(BlockedPaths.namesMax).joined(separator: ", ")
                        + (names.count > BlockedPaths.namesMax ? ", …" : "")),
            ])
    }
}

extension Effects {
    fileprivate func followed(by others: Effects) -> Effects {
        var all = self
        all.append(contentsOf: others)
        return all
    }
}
