internal import Registry

// What a scenario does to machines and to the server.
extension Rehearsal {
    mutating func carryOut(_ event: ScenarioPlan.Event) {
        switch event.act {
        case .restartServer: crashServer()
        case .stallServer:
            serverState = .stalled
            stalledAt = now
        case .resumeServer: resumeServer()
        case .breakStore:
            isStoreBroken = true
            server.breakStore()
        case .slowStore: commitTime = Self.slowCommitTime
        case .mendStore: mendStore()
        default: for node in event.nodes { carryOut(event.act, on: node) }
        }
    }

    private mutating func carryOut(_ act: Scenario.Act, on node: Int) {
        switch act {
        case .stopService(let name): setService(name, .stopped, of: node)
        case .startService(let name): setService(name, .running, of: node)
        case .kill: kill(node)
        case .freeze: nodes[node].isFrozen = true
        case .thaw: thaw(node)
        case .partition: if nodes[node].cutSince == nil { nodes[node].cutSince = now }
        case .heal: heal(node)
        case .restart:
            leave(node, .reboot)
            nodes[node].setBoot()
        case .leave: leave(node, .decommission)
        case .comeBack: if !nodes[node].isRunning { bringUp(node) }
        case .losePackets(let percent): nodes[node].lossPercent = percent
        case .clone: clone(node)
        case .endClone:
            for copy in nodes.indices where nodes[copy].isClone && nodes[copy].id == nodes[node].id { kill(copy) }
        default: break
        }
        refreshTruth(node)
    }

    private mutating func setService(_ name: String, _ state: ServiceState, of node: Int) {
        guard let index = nodes[node].services.firstIndex(where: { $0.name == name }) else { return }
        nodes[node].services[index].state = state
        nodes[node].servicesSince = now
        nodes[node].services[index].detail = state == .stopped ? "stopped by the scenario" : ""
        guard nodes[node].isRunning, !nodes[node].isFrozen, (nodes[node].connection?.beats ?? -1) >= 0 else { return }
        send(.report([nodes[node].services[index]]), from: node)
    }

    /// The program dies; its machine's kernel resets the connection, where it can.
    private mutating func kill(_ node: Int) {
        guard nodes[node].isRunning else { return }
        if nodes[node].cutSince == nil {
            send(.closed(.reset), from: node)
        } else if let connection = nodes[node].connection {
            nodes[node].abandoned.append(connection.number)
        }
        end(node)
    }

    private mutating func leave(_ node: Int, _ reason: LeaveReason) {
        guard nodes[node].isRunning else { return }
        nodes[node].isFrozen = false
        if nodes[node].cutSince == nil, (nodes[node].connection?.beats ?? -1) >= 0 {
            send(.leave(reason), from: node)
        } else if let connection = nodes[node].connection {
            nodes[node].abandoned.append(connection.number)
        }
        end(node)
    }

    private mutating func end(_ node: Int) {
        nodes[node].isRunning = false
        nodes[node].isFrozen = false
        nodes[node].connection = nil
        nodes[node].life += 1
        refreshTruth(node)
    }

    private mutating func thaw(_ node: Int) {
        guard nodes[node].isFrozen else { return }
        nodes[node].isFrozen = false
        guard let connection = nodes[node].connection else {
            queue.add(.dial(node: node, life: nodes[node].life), at: now)
            return
        }
        // What changed on the machine meanwhile, and the beat that is due.
        if connection.beats >= 0 {
            send(.report(nodes[node].services), from: node)
            queue.add(.beat(node: node, connection: connection.number), at: now)
        } else {
            queue.add(.unregistered(node: node, connection: connection.number), at: now)
        }
    }

    private mutating func heal(_ node: Int) {
        guard let since = nodes[node].cutSince else { return }
        nodes[node].cutSince = nil
        let wait = nodes[node].retransmission(afterCut: now - since)
        if var connection = nodes[node].connection {
            connection.lastArrival = max(connection.lastArrival, now + wait)
            for message in connection.held {
                queue.add(
                    .arrival(node: node, connection: connection.number, message), at: connection.lastArrival)
            }
            connection.held = []
            nodes[node].connection = connection
        }
        for connection in nodes[node].abandoned {
            queue.add(
                .arrival(node: node, connection: connection, .closed(.reset)),
                at: now + nodes[node].retransmission(afterCut: now - since))
        }
        nodes[node].abandoned = []
    }

    /// The same disk, key and identity on a second machine, which got an address and a boot of its own.
    private mutating func clone(_ node: Int) {
        var copy = RehearsedNode(fleet.nodes[node], seed: fleet.options.seed, isClone: true, timings: timings)
        copy.facts.addresses = ["10.250.\(node / 250).\(node % 250 + 1)"]
        copy.wasCloned = true
        nodes[node].wasCloned = true
        nodes.append(copy)
        bringUp(nodes.count - 1)
    }

    // MARK: the server

    private mutating func crashServer() {
        serverState = .down
        server.crash()
        deferred.removeAll { $0.isGoneWithTheProcess }
        var numbers: UInt64 = firstLiveConnection
        for node in nodes.indices {
            guard let connection = nodes[node].connection else { continue }
            numbers = max(numbers, connection.number + 1)
            if nodes[node].cutSince == nil {
                let delay = nodes[node].transit()
                queue.add(.ended(node: node, connection: connection.number), at: now + delay)
            }
        }
        firstLiveConnection = max(firstLiveConnection, numbers)
    }

    /// A new process after a crash; the old one after it stood still. As in the server's loop, timers come before input.
    private mutating func resumeServer() {
        let old = serverState
        guard old != .up else { return }
        serverState = .up
        upSince = now
        troubledServerUntil = now + Self.aftermath
        if old == .down { server.restart(at: now) } else { server.resumed(after: now - stalledAt, at: now) }
        server.tick(at: now)
        settle()
        let waiting = deferred
        deferred = []
        for event in waiting { queue.add(event, at: now) }
    }

    private mutating func mendStore() {
        commitTime = Self.commitTime
        guard isStoreBroken else { return }
        isStoreBroken = false
        storedSince = now
        troubledServerUntil = now + Self.aftermath
        server.mendStore(at: now)
    }
}

extension Rehearsal.Event {
    fileprivate var isGoneWithTheProcess: Bool {
        switch self {
        case .arrival, .commit: true
        default: false
        }
    }
}
