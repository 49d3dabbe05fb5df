// Suspect → ask → judge. Silence makes a node suspect; what comes back of a question is evidence for the verdict.
extension Registry {
    /// What a silent node's machine has answered since it was last heard.
    struct Asking: Sendable {
        var queue = AskQueue()
        /// How late the last heartbeat of a suspect was, where that was long.
        var heldUp: [Int32: Duration] = [:]
        /// Questions over open connections.
        var questions: TokenBucket
        /// Of those, the ones that go to machines themselves: some packets, two descriptors and two seconds each.
        var machines: TokenBucket

        init(_ settings: RegistrySettings) {
            questions = TokenBucket(perSecond: settings.asksPerSecond)
            machines = TokenBucket(perSecond: max(1, settings.asksPerSecond / 5))
        }
    }

    /// A node has become suspect.
    mutating func askSoon(_ index: Int32, at now: Instant) {
        let isConnected = table[index].components.contains { $0.session != nil }
        guard settings.askSuspects == .machine || (settings.askSuspects == .connection && isConnected) else { return }
        asking.queue.due.hang(index, noLaterThan: now)
    }

    /// Asks who is due, within the fleet's rate.
    mutating func ask(at now: Instant, into effects: inout Effects) {
        guard settings.askSuspects != .off else { return }
        // To stand in a line is cheap; who falls due last is not to wait for it.
        var looks = RegistryLimits.asksPerTickMax * 10
        while looks > 0 {
            guard let index = asking.queue.due.popDue(at: now, looks: &looks) else { break }
            if isToBeAsked(index) { asking.queue.append(index, of: table[index].site) }
        }
        for _ in 0..<RegistryLimits.asksPerTickMax {
            guard asking.queue.nextTurn != nil, asking.questions.next <= now else { break }
            let next = asking.queue.next(at: now, pause: settings.askInterval) { [sites] site in
                sites[site].seemsLost
            }
            guard let index = next else { break }
            guard isToBeAsked(index) else { continue }
            let question = question(about: index, at: now, into: &effects)
            if question != nil || settings.askSuspects == .machine {
                let pause = table[index].reachability == .suspect ? settings.askInterval : settings.unreachableAfter
                asking.queue.due.hang(index, noLaterThan: now + pause)
            }
            guard let question else { continue }
            _ = asking.questions.take(at: now)
            effects.append(.ask(question))
        }
    }

    /// When somebody is next to be asked.
    var nextAsk: Instant? {
        guard settings.askSuspects != .off else { return nil }
        let waiting = asking.queue.nextTurn.map { max($0, asking.questions.next) }
        return [asking.queue.due.nextDeadline, waiting].compactMap { $0 }.min()
    }

    private func isToBeAsked(_ index: Int32) -> Bool {
        table.contains(index)
            && (table[index].reachability == .suspect || table[index].reachability == .unreachable)
    }

    private mutating func question(about index: Int32, at now: Instant, into effects: inout Effects) -> Question? {
        var sessions: [SessionID] = []
        for case let session? in table[index].components.map(\.session) where !sessions.contains(session) {
            sessions.append(session)
        }
        var machine: Question.Machine?
        if settings.askSuspects == .machine, let door = door(of: index), asking.machines.take(at: now) {
            machine = door
            askWitness(of: table[index].site, at: now, into: &effects)
        }
        guard !sessions.isEmpty || machine != nil else { return nil }
        return Question(node: table[index].id, sessions: sessions, machine: machine)
    }

    /// Where to ask a machine itself: the address of its connection, if that is its own. What a machine says of its addresses
    /// is only its word, and behind a NAT device they may be somebody else's here.
    private func door(of index: Int32) -> Question.Machine? {
        let peer = Attempt.host(of: table[index].connection.peerAddress)
        let isOwn = table[index].facts.addresses.contains(peer) || peer == "::1" || peer.hasPrefix("127.")
        return isOwn && !peer.isEmpty ? Question.Machine(address: peer, port: table[index].role.askedPort) : nil
    }

    /// A machine of the site that is heard is asked, too: only where those answer, silence of another one means something. A
    /// firewall may keep all of them from being asked.
    private mutating func askWitness(of site: Int32, at now: Instant, into effects: inout Effects) {
        guard !sites[site].answersQuestions(at: now), let witness = sites[site].witness, table.contains(witness),
            table[witness].reachability == .reachable, table[witness].site == site, let door = door(of: witness),
            asking.machines.take(at: now)
        else { return }
        effects.append(.ask(Question(node: table[witness].id, sessions: [], machine: door)))
    }

    /// The node was heard: it may stand for its site, and the others of it are worth a question.
    mutating func noteWitness(_ index: Int32) {
        asking.queue.release(table[index].site)
        guard settings.askSuspects == .machine, door(of: index) != nil else { return }
        sites[table[index].site].witness = index
    }

    // MARK: what comes back

    /// A question about the node of this session was not answered by its agent; this is what was found instead.
    public mutating func answered(_ session: SessionID, _ answer: Answer, at now: Instant) -> Effects {
        guard let index = sessions[session] else { return .none }
        return answered(table[index].id, [answer], at: now)
    }

    /// What came back of a question: evidence for the verdict, with its time.
    public mutating func answered(_ id: NodeID, _ answers: [Answer], at now: Instant) -> Effects {
        guard let index = table.index(of: id) else { return .none }
        let site = table[index].site
        if answers.contains(where: { $0.isAnswered == true }) {
            asking.queue.release(site)
            if answers.contains(where: { $0.isAnswered == true && $0.way.isFromOutside }) {
                sites[site].answeredAt = now
            }
        }
        guard isToBeAsked(index) else { return .none }
        var draft = Draft()
        var probe = table[index].probe ?? Node.Probe()
        if probe.at <= table[index].lastSeen { probe = Node.Probe() }
        probe.take(
            answers, isOwnAddress: door(of: index) != nil, siteAnswers: sites[site].answersQuestions(at: now), at: now)
        table[index].probe = probe
        countFactors(of: index)
        switch table[index].reachability {
        case .suspect: deadlines.hang(index, noLaterThan: verdictDeadline(of: index))
        case .unreachable:
            if probe.answer == .yes { unfold(index, at: now, into: &draft) }
            judgeAbsence(of: index, at: now, into: &draft)
        default: break
        }
        return finish(draft, about: index)
    }

    // MARK: what is said of it

    /// What asking has brought since the node was last heard, oldest first.
    func askedEvidence(of node: Node) -> [Evidence] {
        guard let probe = node.probe, probe.at > node.lastSeen else { return [] }
        let address = Attempt.host(of: node.connection.peerAddress)
        var evidence = probe.answers.map { fact in
            Evidence(
                at: fact.at, source: fact.answer.way.isFromOutside ? "probe" : "connection", fact.answer.sentence,
                fact.answer.words(address: address, at: fact.at))
        }
        if probe.answer == .unknown, probe.answers.contains(where: { $0.answer.isAnswered == false }) {
            evidence.append(
                Evidence(
                    at: probe.at, source: "probe", .askedNobodyAnswers,
                    ["site": .text(node.facts.site), "at": .time(probe.at)]))
        }
        return evidence
    }
}

extension Node {
    /// What asking has brought since the node was last heard.
    struct Probe: Equatable, Sendable {
        /// An answer, and when it came.
        struct Fact: Equatable, Sendable {
            var answer: Answer
            var at: Instant
        }

        /// The newest of each way.
        var answers: [Fact] = []
        /// What they say together.
        var answer = ProbeAnswer.unknown
        /// When the newest came.
        var at = Instant.distantPast
        /// Its machine has answered in this silence.
        var hasAnswered = false

        /// Takes answers in. `isOwnAddress`: its connection comes from an address of its own, not from a proxy that confirms in
        /// its place; `siteAnswers`: machines of its site answer such questions, so that no answer means something.
        mutating func take(_ new: [Answer], isOwnAddress: Bool, siteAnswers: Bool, at now: Instant) {
            for answer in new {
                answers.removeAll { $0.answer.way.isSame(as: answer.way) }
                answers.append(Fact(answer: answer, at: now))
            }
            at = now
            let yes = answers.contains { $0.answer.isAnswered == true && ($0.answer.way.isFromOutside || isOwnAddress) }
            let no = answers.contains { $0.answer.isAnswered == false && (!$0.answer.way.isFromOutside || siteAnswers) }
            answer = yes ? .yes : no ? .no : .unknown
            hasAnswered = hasAnswered || yes
        }
    }
}

extension Node {
    /// Whether its machine has answered since it was last heard.
    var hasAnswered: Bool { probe.map { $0.hasAnswered && $0.at > lastSeen } ?? false }
}

extension Answer {
    fileprivate var sentence: Sentence {
        switch way {
        case .connection: isAnswered == true ? .askedConfirmed : .askedUnconfirmed
        case .echo: isAnswered == true ? .askedEchoAnswered : .askedEchoUnanswered
        case .port(_, let isOpen):
            isAnswered == true ? (isOpen ? .askedPortOpen : .askedPortRefused) : .askedPortUnanswered
        }
    }

    fileprivate func words(address: String, at moment: Instant) -> [String: Word] {
        var words: [String: Word] = ["at": .time(moment), "after": .duration(after)]
        words["address"] = address.isEmpty ? .term("unknown-address") : .text(address)
        switch way {
        case .connection(let unconfirmed, let sentAgain):
            words["segments"] = .count(unconfirmed)
            words["again"] = .count(sentAgain)
        case .echo(let sent): words["count"] = .count(sent)
        case .port(let port, _): words["asked_port"] = .text("\(port)")
        }
        return words
    }
}
