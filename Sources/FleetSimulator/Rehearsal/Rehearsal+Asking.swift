internal import Registry

// What the server's questions find.
extension Rehearsal {
    /// The agent at the other end of a connection, if what the server says there reaches it and it minds.
    func listener(on connection: UInt64) -> Int? {
        guard let node = server.nodeOf(connection), nodes[node].connection?.number == connection,
            nodes[node].isHeard, !nodes[node].isDeaf
        else { return nil }
        return node
    }

    /// An agent that lives says so at once; of the others, their kernels and machines are heard when its time is over.
    mutating func ask(_ question: Question) {
        for session in question.sessions {
            guard let node = listener(on: session.number), var connection = nodes[node].connection,
                connection.beats >= 0
            else { continue }
            connection.beats += 1
            nodes[node].connection = connection
            send(.beat(number: connection.beats, sent: now + nodes[node].clockAhead), from: node)
        }
        queue.add(.answersAreDue(question), at: now + settings.answerWait)
    }

    mutating func answer(_ question: Question) {
        for session in question.sessions where listener(on: session.number) == nil {
            guard let node = server.nodeOf(session.number) else { continue }
            askKernel(of: node, about: session)
        }
        if let machine = question.machine { ask(machine, of: question.node) }
    }

    /// What TCP knows of the other end. Its program hangs, and its kernel confirms what comes; or nothing comes back at all.
    private mutating func askKernel(of node: Int, about session: SessionID) {
        let isReached = isReached(node)
        guard !isReached || nodes[node].connection?.number == session.number else {
            // It has no such connection any more, and says so to whoever sends on it.
            let delay = nodes[node].baseDelay * 2
            return queue.add(
                .arrival(node: node, connection: session.number, .closed(.reset)), at: now + delay)
        }
        if isReached { noteAnswer(of: node) }
        let way = Answer.Way.connection(unconfirmed: isReached ? 0 : 1, sentAgain: isReached ? 0 : 3)
        server.answered(session, Answer(way, isAnswered: isReached, after: settings.answerWait))
    }

    /// An echo, and a connection to a port: whoever has the address answers, if no firewall is before it.
    private mutating func ask(_ machine: Question.Machine, of id: NodeID) {
        let node = nodes.indices.first {
            nodes[$0].program != .applicationService && !nodes[$0].isOff
                && nodes[$0].facts.addresses.contains(machine.address)
        }
        func answer(_ door: Scenario.Door, _ way: Answer.Way) -> Answer {
            guard let node, isReached(node), !nodes[node].hidden.contains(door) else {
                return Answer(way, isAnswered: false, after: settings.answerWait)
            }
            return Answer(way, isAnswered: true, after: nodes[node].baseDelay * 2)
        }
        let isOpen = node.map { isServing($0) } ?? false
        let answers = [answer(.echo, .echo(sent: 2)), answer(.ports, .port(machine.port, isOpen: isOpen))]
        if let node, answers.contains(where: { $0.isAnswered == true }) { noteAnswer(of: node) }
        server.answered(id, answers)
    }

    /// Whether a program listens at the port that its role has: a process server's takes data, the others are for their group.
    private func isServing(_ node: Int) -> Bool {
        guard nodes[node].facts.role == .processServer else { return nodes[node].isRunning }
        return nodes[node].services.contains { $0.name == RoleServices.dataMover && $0.state == .running }
    }

    /// All programs of a machine are spoken for by any answer of it.
    private mutating func noteAnswer(of node: Int) {
        for program in [indexes[nodes[node].id], node].compactMap(\.self) { nodes[program].answeredAt = now }
    }

    /// Whether the machine is up, and its path whole in both directions.
    private func isReached(_ node: Int) -> Bool {
        !nodes[node].isOff && nodes[node].cutSince == nil && !nodes[node].isDeaf
    }
}
