internal import Registry

// What a scenario does to the server, and with copies of it.
extension Rehearsal {
    /// The tag of the server's copy, which has the same registry.
    var copyTag: ServerTag {
        ServerTag(registry: ModelStore.registry, start: server.tag.start + 1, run: 0xC0B1, host: "cs-02.corp.example")
    }

    mutating func carryOutOnServer(_ act: Scenario.Act) {
        switch act {
        case .restartServer: crashServer()
        case .restoreServer(let age):
            crashServer()
            if let backup = backups[max(start, now - age)] { server.restore(backup) }
        case .stallServer:
            guard serverState == .up else { break }
            serverState = .stalled
            stalledAt = now
        case .resumeServer: if serverState == .stalled { bringUpServer() }
        case .startServer: if serverState == .down { bringUpServer() }
        case .setServerClock(let ahead):
            serverClockSetAt = now
            troubledServerUntil = max(troubledServerUntil, now + Self.aftermath)
            server.setClock(ahead: ahead)
            if serverState == .up { server.noticeClock() }
        case .serverCertificate(let left):
            server.certificateUntil = now + (left ?? RehearsedServer.certificateLifetime)
            if serverState == .up { server.readCertificate() }
            for node in nodes.indices where nodes[node].isOutside && nodes[node].connection == nil {
                nodes[node].isOutside = false
                refreshTruth(node)
            }
        case .overloadServer(let percent):
            server.load = percent
            troubledServerUntil = max(troubledServerUntil, now + Self.aftermath)
        case .breakStore:
            isStoreBroken = true
            server.breakStore()
        case .slowStore: commitTime = Self.slowCommitTime
        case .mendStore: mendStore()
        default: break
        }
    }

    /// From now on the server's name leads the machine to the copy, or back. What it was connected to knows nothing of its
    /// connection.
    mutating func lead(_ node: Int, elsewhere: Bool) {
        guard nodes[node].isLedElsewhere != elsewhere else { return }
        nodes[node].isLedElsewhere = elsewhere
        nodes[node].isOutside = false
        guard let connection = nodes[node].connection, nodes[node].isRunning, !nodes[node].isFrozen else { return }
        if !connection.isElsewhere { nodes[node].abandoned.append(connection.number) }
        nodes[node].connection = nil
        dialLater(node)
    }

    private mutating func crashServer() {
        serverState = .down
        server.crash()
        deferred.removeAll { $0.isGoneWithTheProcess }
        var numbers: UInt64 = firstLiveConnection
        for node in nodes.indices {
            guard let connection = nodes[node].connection, !connection.isElsewhere else { continue }
            numbers = max(numbers, connection.number + 1)
            if nodes[node].cutSince == nil {
                let delay = nodes[node].transit()
                queue.add(.ended(node: node, connection: connection.number), at: now + delay)
            }
        }
        firstLiveConnection = max(firstLiveConnection, numbers)
    }

    /// A new process after a crash; the old one after it stood still. As in the server's loop, timers come before input.
    private mutating func bringUpServer() {
        let old = serverState
        serverState = .up
        upSince = now
        troubledServerUntil = now + Self.aftermath
        if old == .down {
            server.restart()
        } else {
            server.resumed(after: now - stalledAt)
            server.readCertificate()
        }
        server.tick()
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
        server.mendStore()
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
