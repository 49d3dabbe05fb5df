internal import Registry

// What a scenario does to machines and to the server.
extension Rehearsal {
    mutating func carryOut(_ event: ScenarioPlan.Event) {
        if event.act.isOfServer { return carryOutOnServer(event.act) }
        switch event.act {
        // Operators need a server that answers.
        case .declareFailover, .cancelFailover: if serverState == .up { carryOutOnRecords(event) }
        default:
            for node in event.nodes {
                carryOut(event.act, on: node)
                guard let other = nodes[node].applicationService else { continue }
                carryOut(event.act, onApplicationService: other, of: node)
            }
        }
    }

    private mutating func carryOutOnRecords(_ event: ScenarioPlan.Event) {
        for node in event.nodes {
            let id = nodes[node].id
            if event.act == .declareFailover { server.declareFailover(id) } else { server.cancelFailover(id) }
        }
    }

    private mutating func carryOut(_ act: Scenario.Act, on node: Int) {
        switch act {
        case .stopService(let name, let start):
            setService(name, .stopped, start.map(StartType.init), "stopped by the scenario", of: node)
        case .startService(let name): setService(name, .running, nil, "", of: node)
        case .removeService(let name): setService(name, .notInstalled, nil, "removed by the scenario", of: node)
        case .hangService(let name, let seen): setService(name, ServiceState(seen), nil, "", of: node)
        case .kill, .killAgent: kill(node)
        case .freeze, .hangAgent: nodes[node].isFrozen = true
        case .thaw: thaw(node)
        case .powerOff: powerOff(node)
        case .partition: if nodes[node].cutSince == nil { nodes[node].cutSince = now }
        case .deafen: nodes[node].isDeaf = true
        case .heal:
            nodes[node].isDeaf = false
            heal(node)
        case .restart:
            leave(node, .reboot)
            nodes[node].setBoot()
        case .leave(let reason): leave(node, LeaveReason(reason))
        case .upgrade(let version):
            leave(node, .upgrade)
            nodes[node].facts.agentVersion = version
            oddities.insert(Oddity(node, .versionUnsupported))
        case .garble:
            if nodes[node].cutSince == nil { send(.closed(.protocolError("no message of this protocol")), from: node) }
            end(node)
        case .comeBack: comeBack(node)
        case .losePackets(let percent): nodes[node].lossPercent = percent
        case .refuse(let reason, let issuer):
            guard let reason = AttemptReason.allCases.first(where: { $0.word == reason }) else { break }
            nodes[node].refusal = RehearsedNode.Refusal(reason: reason, issuer: issuer, since: now)
        case .admit:
            nodes[node].refusal = nil
            nodes[node].isOutside = false
        case .setClock(let ahead):
            nodes[node].clockAhead = ahead
            oddities.insert(Oddity(node, .clockSkew))
        case .certificate(let left):
            nodes[node].certificateUntil = now + (left ?? RehearsedServer.certificateLifetime)
            nodes[node].isOutside = false
            oddities.insert(Oddity(node, .certificateExpiring))
        case .comeFrom(let address): nodes[node].peerAddress = address
        case .arriveAt(let address): nodes[node].serverAddress = address
        case .issuedBy(let issuer): nodes[node].issuer = issuer
        case .blockData: setDataPath(of: node, blockedSince: nodes[node].dataBlockedSince ?? now)
        case .openData: setDataPath(of: node, blockedSince: nil)
        case .hide(let door): nodes[node].hidden = door.map { [$0] } ?? Set(Scenario.Door.allCases)
        case .show: nodes[node].hidden = []
        case .reinstall(let key):
            nodes[node].facts.machineID += "-anew"
            leave(node, .reboot)
            nodes[node].setBoot()
            if key == .new { giveNewKey(node) }
            bringUp(node)
            oddities.insert(Oddity(node, .machineChanged))
        case .migrate:
            nodes[node].facts.hardware.id += "-other"
            leave(node, .reboot)
            nodes[node].setBoot()
            bringUp(node)
        case .rename(let name): nodes[node].facts.hostname = name
        case .move(let address): nodes[node].facts.addresses = [address]
        case .clone(let copy): clone(node, copy)
        case .endClone:
            for copy in nodes.indices where nodes[copy].program == .clone && nodes[copy].id == nodes[node].id {
                // An entry of its own would be missed.
                if nodes[copy].key == nodes[node].key { kill(copy) } else { leave(copy, .decommission) }
            }
        case .cloneServer: lead(node, elsewhere: true)
        case .endServerClone: lead(node, elsewhere: false)
        default:
            break
        }
        refreshTruth(node)
    }

    /// All its programs come back with it.
    private mutating func giveNewKey(_ node: Int) {
        nodes[node].setKey()
        guard let other = nodes[node].applicationService else { return }
        leave(other, .reboot)
        (nodes[other].key, nodes[other].facts) = (nodes[node].key, nodes[node].facts)
        bringUp(other)
    }

    /// What happens to a machine happens to all its programs; a service that stops says goodbye, one that hangs does not.
    private mutating func carryOut(_ act: Scenario.Act, onApplicationService other: Int, of machine: Int) {
        switch act {
        case .stopService(RoleServices.scout, _), .removeService(RoleServices.scout): leave(other, .serviceStop)
        case .hangService(RoleServices.scout, _): nodes[other].isFrozen = true
        case .startService(RoleServices.scout):
            if nodes[other].isRunning { thaw(other) } else { bringUp(other) }
        case .clone, .endClone, .reinstall, .migrate, .rename, .move: break
        case _ where act.isOfAgentOnly: break
        case .restart:
            leave(other, .reboot)
            nodes[other].facts.bootID = nodes[machine].facts.bootID
        default: carryOut(act, on: other)
        }
        refreshTruth(other)
        refreshTruth(machine)
    }

    private mutating func setService(
        _ name: String, _ state: ServiceState, _ start: StartType?, _ detail: String, of node: Int
    ) {
        guard let index = nodes[node].services.firstIndex(where: { $0.name == name }) else { return }
        nodes[node].services[index].state = state
        if let start { nodes[node].services[index].startType = start }
        nodes[node].services[index].detail = detail
        nodes[node].servicesSince = now
        if let other = nodes[node].applicationService { nodes[other].services = nodes[node].services }
        guard isRegistered(node) else { return }
        send(.report([nodes[node].services[index]]), from: node)
    }

    private mutating func setDataPath(of node: Int, blockedSince since: Instant?) {
        guard nodes[node].dataBlockedSince != since, !nodes[node].facts.processServer.isEmpty else { return }
        nodes[node].dataBlockedSince = since
        oddities.insert(Oddity(node, .dataPathBlocked))
        guard isRegistered(node) else { return }
        tellDataPath(of: node)
    }

    mutating func tellDataPath(of node: Int) {
        let since = nodes[node].dataBlockedSince
        send(.dataPath(isOpen: since == nil, since: since ?? now), from: node)
    }

    private func isRegistered(_ node: Int) -> Bool {
        nodes[node].isRunning && !nodes[node].isFrozen && (nodes[node].connection?.beats ?? -1) >= 0
    }

    /// Nothing of the machine says that it is gone; when it is up again, its kernel knows nothing of old connections.
    private mutating func powerOff(_ node: Int) {
        if let connection = nodes[node].connection { nodes[node].abandoned.append(connection.number) }
        end(node)
        nodes[node].isOff = true
    }

    private mutating func comeBack(_ node: Int) {
        guard !nodes[node].isRunning else { return }
        let wasOff = nodes[node].isOff
        if wasOff, nodes[node].program != .applicationService { nodes[node].setBoot() }
        if let other = nodes[node].applicationService { nodes[other].facts.bootID = nodes[node].facts.bootID }
        bringUp(node)
        if wasOff, nodes[node].cutSince == nil { resetAbandoned(of: node, afterCut: .seconds(60)) }
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
        nodes[node].isOff = reason.isOfMachine
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
        // A machine without power resets nothing.
        if !nodes[node].isOff { resetAbandoned(of: node, afterCut: now - since) }
    }

    /// The machine's kernel is asked about connections it does not know any more.
    private mutating func resetAbandoned(of node: Int, afterCut length: Duration) {
        for connection in nodes[node].abandoned {
            let delay = nodes[node].retransmission(afterCut: length)
            queue.add(.arrival(node: node, connection: connection, .closed(.reset)), at: now + delay)
        }
        nodes[node].abandoned = []
    }

    /// The same identity a second time.
    private mutating func clone(_ node: Int, _ what: Scenario.Copy) {
        var copy = RehearsedNode(fleet.nodes[node], seed: fleet.options.seed, program: .clone, timings: timings)
        copy.facts.hostname = nodes[node].facts.hostname
        if what != .agent { copy.facts.addresses = ["10.250.\(node / 250).\(node % 250 + 1)"] }
        if what == .hardware {
            copy.setKey()
            copy.facts.hardware = Hardware(id: copy.facts.hardware.id, networkCards: ["52:54:00:ff:00:01"])
        }
        if what == .identity { copy.facts.machineID += "-copy" }
        if what == .agent || what == .snapshot { copy.facts.bootID = nodes[node].facts.bootID }
        if what == .snapshot { copy.instance = nodes[node].instance }
        copy.wasCloned = true
        nodes[node].wasCloned = true
        nodes.append(copy)
        bringUp(nodes.count - 1)
        if what == .snapshot { nodes[nodes.count - 1].instance = nodes[node].instance }
    }
}

extension ServiceState {
    fileprivate init(_ seen: Scenario.HungState) {
        switch seen {
        case .running: self = .running
        case .starting: self = .starting
        case .stopping: self = .stopping
        case .unknown: self = .unknown
        }
    }
}

extension StartType {
    fileprivate init(_ start: Scenario.ServiceStart) {
        switch start {
        case .automatic: self = .automatic
        case .manual: self = .manual
        case .disabled: self = .disabled
        }
    }
}

extension LeaveReason {
    fileprivate init(_ reason: Scenario.Goodbye) {
        switch reason {
        case .shutdown: self = .shutdown
        case .reboot: self = .reboot
        case .serviceStop: self = .serviceStop
        case .upgrade: self = .upgrade
        case .decommission: self = .decommission
        }
    }

    fileprivate var isOfMachine: Bool { self == .shutdown || self == .reboot || self == .decommission }
}
