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

    /// A machine that nothing is heard of for so long is listed as lost.
    var lossBound: Duration { settings.unreachableAfter + settings.heartbeatInterval / 2 + .seconds(5) }

    /// So many errors may be raised: for each machine that something happened to, what it says of itself and what is
    /// said of it; and for the server's own troubles one each for the machines they hit.
    var raisedMax: Int {
        var causes = 0
        for event in plan.events where !event.isUndoing {
            causes += event.act.isOfServer ? 2 : 2 * event.nodes.count
        }
        return causes
    }

    /// Notes since when a machine can be heard, or not.
    mutating func refreshTruth(_ node: Int) {
        let isWell = nodes[node].isHeard && nodes[node].lossPercent == 0
        if isWell { nodes[node].wellSince = nodes[node].wellSince ?? now } else { nodes[node].wellSince = nil }
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
        do {
            try server.registry.checkInvariants()
        } catch {
            violate("\(error)")
        }
        for what in server.nonsense { violate(what) }
        for node in nodes.indices where !nodes[node].wasCloned { look(at: node) }
        lookAtErrors()
        if server.raised > raisedMax { violate("\(server.raised) errors raised; \(raisedMax) have a cause") }
    }

    private mutating func look(at node: Int) {
        let isWell = isWell(node)
        let judgedFrom = upSince == start ? start : upSince + settings.homecomingGrace
        let isLost = nodes[node].silentSince.map { max($0, judgedFrom) + lossBound <= now } ?? false
        guard isWell || isLost, !isStoreBroken else { return }
        guard let view = server.registry.node(nodes[node].id) else {
            if isWell { violate("\(nodes[node].facts.hostname) is well, and not known") }
            return
        }
        if isWell, view.reachability != .reachable {
            violate("\(view.facts.hostname) is well since \(text(nodes[node].wellSince)), and \(view.reachability)")
        }
        if isLost, view.reachability != .unreachable, view.reachability != .left, !nodes[node].hasLeft {
            violate("\(view.facts.hostname) is silent since \(text(nodes[node].silentSince)), and \(view.reachability)")
        }
    }

    /// An error that is there has a cause that is there, or went not long ago.
    private mutating func lookAtErrors() {
        for finding in server.published.values where finding.clearedAt == nil && finding.severity > .information {
            // It is told until it has been quiet for a while.
            let quiet = settings.flappingQuiet + settings.unreachableAfter
            if finding.code == .flapping, now < max(finding.updatedAt, upSince) + quiet { continue }
            let isGroundless =
                switch finding.subject {
                case .node(let id): isWell(id) && !isCloned(id)
                case .service(let id, let name): isWell(id) && !isCloned(id) && isRunning(name, on: id)
                case .site(let site): nodes.allSatisfy { $0.facts.site != site || isWell($0.id) }
                case .group: nodes.allSatisfy { isWell($0.id) }
                case .peer: false
                case .server: !isStoreBroken && troubledServerUntil <= now
                }
            if isGroundless { violate("nothing is wrong any more, and yet: \(finding.title)") }
        }
    }

    /// It runs, and its machine had the time to say so.
    private func isRunning(_ service: String, on id: NodeID) -> Bool {
        guard let node = nodes.first(where: { $0.id == id && !$0.isClone }) else { return false }
        return (node.servicesSince.map { $0 + .seconds(60) <= now } ?? true)
            && node.services.contains { $0.name == service && $0.state == .running }
    }

    private func isWell(_ id: NodeID) -> Bool {
        nodes.firstIndex { $0.id == id && !$0.isClone }.map { isWell($0) } ?? false
    }

    /// It and the server had the time that a return takes.
    private func isWell(_ node: Int) -> Bool {
        nodes[node].wellSince.map { max($0, upSince, storedSince) + returnBound <= now } ?? false
    }

    /// Looks at errors in the moment they are raised: whoever was well all the time is not reported, whatever the server
    /// went through itself.
    mutating func lookAtRaised() {
        for finding in server.takeRaised() {
            let id: NodeID? =
                switch finding.subject {
                case .node(let id): id
                default: nil
                }
            guard let id, let node = nodes.firstIndex(where: { $0.id == id && !$0.isClone }), !nodes[node].wasCloned,
                let since = nodes[node].wellSince, since + returnBound <= now
            else { continue }
            violate("\(finding.title): it was well since \(text(since))")
        }
    }

    private func isCloned(_ id: NodeID) -> Bool { nodes.contains { $0.id == id && $0.wasCloned } }

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
