internal import ErrorCatalogue
internal import Registry

// What is true of the fleet, and what must therefore never be.
extension Rehearsal {
    /// How often the picture is compared with the truth.
    var lookPeriod: Duration { max(settings.heartbeatInterval, .seconds(10)) }

    /// A machine that is well for so long is not listed as lost: the longest back-off, a dial that failed late, a
    /// registration and a beat.
    var returnBound: Duration {
        timings.longestRetry + timings.dialLimit + timings.registrationLimit + settings.heartbeatInterval
            + .seconds(5)
    }

    /// A machine that nothing is heard of for so long is listed as lost; longer if something of it answers questions.
    private func lossBound(of node: Int) -> Duration {
        let isAnswered = nodes[node].answeredAt.map { $0 >= silentSince(node) ?? now } ?? false
        let patience = settings.unreachableAfter * (isAnswered ? 4 : 1)
        return patience + settings.heartbeatInterval / 2 + .seconds(5)
    }

    /// So many errors may be raised: for each machine that something happened to, what it says of itself and what is
    /// said of it; and for the server's own troubles one each for the machines they hit.
    var raisedMax: Int {
        var causes = 0
        for event in plan.events where !event.isUndoing {
            let nodes = event.act.isOfServer ? event.act.hitsAll ? fleet.nodes.count : 1 : event.nodes.count
            causes += nodes * event.act.errorsMax(flapping: settings.flappingCount)
        }
        return causes
    }

    /// Notes since when a machine can be heard, or not.
    mutating func refreshTruth(_ node: Int) {
        if nodes[node].isUnhindered {
            nodes[node].wellSince = nodes[node].wellSince ?? now
        } else {
            nodes[node].wellSince = nil
        }
        if nodes[node].isHeard {
            nodes[node].silentSince = nil
            nodes[node].hasLeft = false
        } else {
            nodes[node].silentSince = nodes[node].silentSince ?? now
        }
    }

    /// Compares the registry's picture with the truth.
    mutating func look() {
        guard serverState == .up else { return }
        // It holds still where nothing reached it.
        if server.events != eventsLookedAt {
            eventsLookedAt = server.events
            do {
                try server.registry.checkInvariants()
            } catch {
                violate("\(error)")
            }
        }
        for what in server.watch.nonsense { violate(what) }
        for node in fleet.nodes.indices where !nodes[node].wasCloned { look(at: node) }
        lookAtErrors()
        if server.watch.raised > raisedMax {
            violate("\(server.watch.raised) errors raised; \(raisedMax) have a cause")
        }
    }

    private mutating func look(at node: Int) {
        let isWell = isWell(node)
        let doubted = max(upSince, serverClockSetAt ?? start)
        let judgedFrom = doubted == start ? start : doubted + settings.homecomingGrace
        let isLost = silentSince(node).map { max($0, judgedFrom) + lossBound(of: node) <= now } ?? false
        guard isWell || isLost, !isStoreBroken else { return }
        guard let view = server.registry.node(nodes[node].id) else {
            if isWell { violate("\(nodes[node].facts.hostname) is well, and not known") }
            return
        }
        if isWell, view.reachability != .reachable {
            violate("\(view.facts.hostname) is well since \(text(nodes[node].wellSince)), and \(view.reachability)")
        }
        if isLost, view.reachability != .unreachable, view.reachability != .left, view.reachability != .expected,
            !nodes[node].hasLeft
        {
            violate("\(view.facts.hostname) is silent since \(text(silentSince(node))), and \(view.reachability)")
        }
    }

    /// Since when nothing of the machine can be heard, whichever of its programs dials in.
    private func silentSince(_ node: Int) -> Instant? {
        guard let other = nodes[node].applicationService else { return nodes[node].silentSince }
        guard let own = nodes[node].silentSince, let its = nodes[other].silentSince else { return nil }
        return max(own, its)
    }

    /// An error that is there has a cause that is there, or went not long ago.
    private mutating func lookAtErrors() {
        for error in server.watch.active where error.finding.severity > .information {
            let finding = error.finding
            // It is told until it has been quiet for a while.
            let quiet = settings.flappingQuiet + settings.unreachableAfter * 2
            let steadySince = finding.subject.node.flatMap { indexes[$0] }.map { nodes[$0].wellSince ?? now } ?? start
            if finding.code == .flapping, now < max(error.toldAt, upSince, steadySince) + quiet { continue }
            // What many had in common before a restart is held until those who are still away can be told anew.
            let held = upSince + settings.homecomingGrace + settings.unreachableAfter + lookPeriod
            if finding.isAboutMany, upSince != start, now < held { continue }
            let isGroundless =
                switch finding.subject {
                case .node(let id): isWell(id) && !isCloned(id) && !isOdd(id, finding.code)
                case .service(let id, let name): isWell(id) && !isCloned(id) && isRunning(name, on: id)
                case .site(let site): nodes.allSatisfy { $0.facts.site != site || isWell($0.id) }
                case .group where finding.code == .dataPathBlocked:
                    nodes.allSatisfy { isWell($0.id) && !isOdd($0.id, .dataPathBlocked) }
                case .group: nodes.allSatisfy { isWell($0.id) }
                case .peer: false
                case .server: isServerWell(finding.code)
                }
            if isGroundless { violate("nothing is wrong any more, and yet: \(finding.title)") }
        }
    }

    /// It runs, and its machine had the time to say so.
    private func isRunning(_ service: String, on id: NodeID) -> Bool {
        guard let index = indexes[id] else { return false }
        let node = nodes[index]
        return (node.servicesSince.map { $0 + .seconds(60) <= now } ?? true)
            && node.services.contains { $0.name == service && $0.state == .running }
    }

    private func isWell(_ id: NodeID) -> Bool {
        guard let node = indexes[id] else { return false }
        return isWell(node) && (nodes[node].applicationService.map { isWell($0) } ?? true)
    }

    /// Since when all programs of the machine are well; nil if one is not. Of its absence, its agent alone is the proof.
    private func wellSince(_ node: Int, for code: ErrorCode) -> Instant? {
        guard let other = nodes[node].applicationService, !Self.absences.contains(code) else {
            return nodes[node].wellSince
        }
        guard let own = nodes[node].wellSince, let its = nodes[other].wellSince else { return nil }
        return max(own, its)
    }

    /// It and the server had the time that a return takes.
    private func isWell(_ node: Int) -> Bool {
        // Who comes back with news cannot be let in while nothing can be written.
        guard !isStoreBroken, let since = nodes[node].wellSince else { return false }
        return max(since, upSince, storedSince) + returnBound <= now
    }

    /// It is heard, and this can be said of it all the same.
    private func isOdd(_ id: NodeID, _ code: ErrorCode) -> Bool {
        guard let node = indexes[id] else { return false }
        return oddities.contains(Oddity(node, code)) || (code == .clockSkew && serverClockSetAt != nil)
    }

    private static let absences: Set<ErrorCode> = [
        .noContact, .machineGone, .noHeartbeatFromSource, .processServerSilent, .masterTargetSilent,
    ]

    private func isServerWell(_ code: ErrorCode) -> Bool {
        switch code {
        case .serverCertificateExpiring: server.certificateUntil - server.now > .seconds(60 * 86_400)
        case .clockSkew: serverClockSetAt == nil && !oddities.contains { $0.code == .clockSkew }
        case .duplicateServer: max(copyMetAt ?? start, upSince) + .seconds(3_600) + Self.aftermath <= now
        default: !isStoreBroken && server.load == 0 && troubledServerUntil <= now
        }
    }

    /// Looks at errors in the moment they are raised: whoever was well all the time is not reported, whatever the server
    /// went through itself.
    mutating func lookAtRaised() {
        for finding in server.watch.takeRaised() {
            let id: NodeID? =
                switch finding.subject {
                case .node(let id): id
                default: nil
                }
            if finding.code == .duplicateIdentity { lookAtCopies(finding) }
            guard finding.severity > .information, let id, let node = indexes[id], !nodes[node].wasCloned,
                !isOdd(id, finding.code), let since = wellSince(node, for: finding.code), since + returnBound <= now
            else { continue }
            violate("\(finding.title): it was well since \(text(since))")
        }
    }

    /// An error about a second user of an identity tells the two apart, by address and boot.
    private mutating func lookAtCopies(_ finding: Finding) {
        let told = finding.evidence.map(\.text).joined(separator: "; ")
        for node in nodes where finding.subject == .node(node.id) && node.isRunning && node.component == nil {
            let addresses = [node.peerAddress] + node.facts.addresses
            if !addresses.contains(where: { !$0.isEmpty && told.contains($0) }) {
                violate("\(finding.title): \(addresses.joined(separator: " ")) is not named: \(told)")
            }
            let boot = node.facts.bootID.hexadecimal
            if !told.contains(boot) { violate("\(finding.title): boot \(boot) is not named: \(told)") }
        }
    }

    private func isCloned(_ id: NodeID) -> Bool { indexes[id].map { nodes[$0].wasCloned } ?? false }

    private mutating func violate(_ what: String) {
        guard violations.count < RehearsalReport.violationsMax else { return }
        violations.append("after \(text(now)): \(what)")
    }

    private func text(_ moment: Instant?) -> String {
        guard let moment else { return "?" }
        let seconds = (moment - start).inMilliseconds / 1_000
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
    }
}

extension Finding {
    fileprivate var isAboutMany: Bool {
        switch subject {
        case .site, .group: true
        default: false
        }
    }
}

extension [UInt8] {
    fileprivate var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}

/// Something that can be said of a machine though it is heard.
struct Oddity: Hashable {
    var node: Int
    var code: ErrorCode

    init(_ node: Int, _ code: ErrorCode) { (self.node, self.code) = (node, code) }
}

extension Scenario.Act {
    /// What happens to the server so keeps machines out, or makes them look odd.
    fileprivate var hitsAll: Bool {
        switch self {
        case .setServerClock, .serverCertificate, .restoreServer: true
        default: false
        }
    }

    /// So many errors about a machine have a cause in it. A bad line is lost and found until that is called flapping.
    fileprivate func errorsMax(flapping count: Int) -> Int {
        if case .losePackets = self { count + 2 } else { 2 }
    }
}
