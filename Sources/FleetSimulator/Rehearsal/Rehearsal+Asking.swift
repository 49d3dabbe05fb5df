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
        let wait = settings.answerWait
        for session in question.sessions where listener(on: session.number) == nil {
            guard let node = server.nodeOf(session.number) else { continue }
            // Its program hangs, and its kernel confirms what comes; or nothing comes back at all.
            let isConfirmed = nodes[node].isFrozen && isReached(node)
            if isConfirmed { noteAnswer(of: node) }
            let way = Answer.Way.connection(unconfirmed: isConfirmed ? 0 : 1, sentAgain: isConfirmed ? 0 : 3)
            server.answered(session, Answer(way, isAnswered: isConfirmed, after: wait), at: now)
        }
        guard let machine = question.machine, let node = indexes[question.node] else { return }
        let isAnswered = isReached(node) && !nodes[node].isHidden
        if isAnswered { noteAnswer(of: node) }
        let after = isAnswered ? nodes[node].baseDelay * 2 : wait
        server.answered(
            question.node,
            [
                Answer(.echo(sent: 2), isAnswered: isAnswered, after: after),
                Answer(.port(machine.port, isOpen: false), isAnswered: isAnswered, after: after),
            ], at: now)
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
