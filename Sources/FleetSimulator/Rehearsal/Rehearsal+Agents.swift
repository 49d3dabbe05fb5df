internal import AgentClient
internal import Registry

// What agents do by themselves, and what of it arrives at the server.
extension Rehearsal {
    // MARK: an agent's life

    mutating func bringUp(_ node: Int) {
        nodes[node].life += 1
        nodes[node].instance = UInt64(node + 1) << 32 + nodes[node].life
        nodes[node].isRunning = true
        nodes[node].isOff = false
        nodes[node].isOutside = false
        nodes[node].lastServer = nil
        nodes[node].backoff.reset()
        let delay = Duration.milliseconds(Int.random(in: 0...1_000, using: &nodes[node].chance))
        queue.add(.dial(node: node, life: nodes[node].life), at: now + delay)
        refreshTruth(node)
    }

    mutating func dialLater(_ node: Int) {
        guard nodes[node].isRunning else { return }
        let delay = nodes[node].nextDelay()
        queue.add(.dial(node: node, life: nodes[node].life), at: now + delay)
    }

    mutating func dial(_ node: Int) {
        guard nodes[node].isRunning, !nodes[node].isFrozen, nodes[node].connection == nil else { return }
        if nodes[node].cutSince != nil || nodes[node].isDeaf {
            queue.add(.dialled(node: node, life: nodes[node].life), at: now + timings.dialLimit)
        } else {
            let delay = nodes[node].transit() * 3
            queue.add(.dialled(node: node, life: nodes[node].life), at: now + min(delay, timings.dialLimit))
        }
    }

    mutating func dialled(_ node: Int) {
        guard nodes[node].isRunning, !nodes[node].isFrozen, nodes[node].connection == nil else { return }
        let isElsewhere = nodes[node].isLedElsewhere
        guard nodes[node].cutSince == nil, !nodes[node].isDeaf, isElsewhere || serverState != .down else {
            return dialLater(node)
        }
        if !isElsewhere, let refusal = refusal(of: node) {
            // Nobody looks at certificates while the server stands still: the handshake ends in nothing.
            guard serverState == .up else { return dialLater(node) }
            let delay = nodes[node].transit()
            queue.add(.refused(node: node, refusal), at: now + delay)
            return dialLater(node)
        }
        let number = nextConnection
        nextConnection += 1
        // No beat before it is welcome.
        nodes[node].connection = .init(
            number: number, start: now, beats: -1, lastArrival: now, isElsewhere: isElsewhere)
        if isElsewhere || nodes[node].isOutside {
            nodes[node].isOutside = isElsewhere
            refreshTruth(node)
        }
        guard !isElsewhere else { return queue.add(.welcome(node: node, connection: number), at: now + commitTime) }
        send(.register, from: node)
        queue.add(.unregistered(node: node, connection: number), at: now + timings.registrationLimit)
    }

    /// Why it does not get in: what the scenario says, or what the certificates say by the clocks of those who read them.
    private func refusal(of node: Int) -> RehearsedNode.Refusal? {
        if let refusal = nodes[node].refusal { return refusal }
        let until = server.certificateUntil
        if until <= now + nodes[node].clockAhead {
            return .init(reason: until <= server.now ? .serverNotTrusted : .clock, issuer: "", since: now)
        }
        let own = certificateUntil(of: node)
        return own <= server.now ? .init(reason: .certificateExpired, issuer: issuer(of: node), since: own) : nil
    }

    /// The server turned it away, and has noted why.
    mutating func refused(_ node: Int, _ refusal: RehearsedNode.Refusal) {
        if nodes[node].connection == nil {
            nodes[node].isOutside = true
            refreshTruth(node)
        }
        server.attempted(attempt(of: node, refusal))
    }

    mutating func welcome(_ node: Int, _ connection: UInt64) {
        guard nodes[node].connection?.number == connection, (nodes[node].connection?.beats ?? 0) < 0 else { return }
        nodes[node].connection?.start = now
        nodes[node].connection?.beats = 0
        nodes[node].lastServer = nodes[node].connection?.isElsewhere == true ? copyTag : server.tag
        queue.add(.beat(node: node, connection: connection), at: now + settings.heartbeatInterval)
        if nodes[node].dataBlockedSince != nil { tellDataPath(of: node) }
    }

    mutating func beat(_ node: Int, _ number: UInt64) {
        guard var connection = nodes[node].connection, connection.number == number, nodes[node].isRunning,
            !nodes[node].isFrozen
        else { return }
        connection.beats += 1
        nodes[node].connection = connection
        let arrival = send(.beat(number: connection.beats, sent: now + nodes[node].clockAhead), from: node)
        // An answer that is certain to come in time needs nobody who waits for it.
        if serverState != .up || nodes[node].isDeaf || arrival.map({ $0 - now > .seconds(5) }) ?? true {
            queue.add(
                .unanswered(node: node, connection: number, beat: connection.beats), at: now + timings.answerLimit)
        }
        if nodes[node].backoff.failures > 0, now - connection.start >= timings.steadyAfter {
            nodes[node].backoff.reset()
        }
        let interval = settings.heartbeatInterval
        let passed = (now - connection.start).inNanoseconds / interval.inNanoseconds
        let next = connection.start + .nanoseconds((passed + 1) * interval.inNanoseconds)
        queue.add(.beat(node: node, connection: number), at: next)
    }

    /// The server has not answered: the agent tries another connection.
    mutating func giveUp(_ node: Int) {
        guard let connection = nodes[node].connection, !nodes[node].isFrozen else { return }
        if nodes[node].cutSince != nil {
            nodes[node].abandoned.append(connection.number)
        } else {
            send(.closed(.closedWithoutGoodbye), from: node)
        }
        nodes[node].connection = nil
        dialLater(node)
    }

    /// - Returns: when it arrives; nil while the path is cut, for then nobody knows.
    @discardableResult
    mutating func send(_ message: RehearsedMessage, from node: Int) -> Instant? {
        guard var connection = nodes[node].connection else { return nil }
        if connection.isElsewhere {
            // The copy answers as the server would.
            if nodes[node].cutSince == nil, !nodes[node].isDeaf { nodes[node].connection?.answered = connection.beats }
            return nil
        }
        guard nodes[node].cutSince == nil else {
            nodes[node].connection?.held.append(message)
            return nil
        }
        connection.lastArrival = max(connection.lastArrival, now + nodes[node].transit())
        nodes[node].connection = connection
        queue.add(
            .arrival(node: node, connection: connection.number, message), at: connection.lastArrival)
        return connection.lastArrival
    }

    // MARK: at the server

    mutating func arrived(_ message: RehearsedMessage, of node: Int, on connection: UInt64) {
        guard connection >= firstLiveConnection else {
            // The process that knew this connection is gone; its kernel says so.
            queue.add(.ended(node: node, connection: connection), at: now + nodes[node].baseDelay)
            return
        }
        switch message {
        case .register:
            if nodes[node].lastServer?.run == copyTag.run { copyMetAt = now }
            guard let refused = server.registered(node, registration(of: node, on: connection)) else { return }
            nodes[node].isOutside = true
            refreshTruth(node)
            guard let reason = refused.attemptReason else { return }
            server.attempted(attempt(of: node, .init(reason: reason, issuer: "", since: now)))
        case .beat(let number, let sent):
            heartbeats += 1
            server.beat(connection, beat: number, sent: sent)
            if nodes[node].connection?.number == connection, !nodes[node].isDeaf {
                nodes[node].connection?.answered = number
            }
        case .report(let services): server.reported(connection, services)
        case .dataPath(let isOpen, let since):
            let path = Registry.DataPath(
                isOpen: isOpen, processServer: nodes[node].facts.processServer, port: Self.dataPort, since: since)
            server.dataPathTried(connection, path)
        case .leave(let reason):
            nodes[node].hasLeft = server.nodeOf(connection) != nil
            server.left(connection, reason)
        case .closed(let loss): server.lost(connection, loss)
        }
    }
}
