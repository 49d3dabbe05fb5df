internal import AgentClient

/// What the agents of one loop did. Counts only grow; a summary is the difference of two.
struct FleetCounters: Equatable, Sendable {
    /// Reasons that are told apart; further ones are counted together.
    static let reasonsMax = 20

    var registrations: UInt64 = 0
    var heartbeats: UInt64 = 0
    /// Connections that were lost, or could not be made.
    var reconnects: UInt64 = 0
    /// Refusals and complaints by the server, and dials that failed.
    var errors: UInt64 = 0
    /// Agents that were asked to come back later.
    var postponed: UInt64 = 0
    /// From heartbeat to answer.
    var latency = LatencyHistogram()
    /// Why connections were lost or refused, and how often.
    var reasons: [String: UInt64] = [:]

    mutating func count(_ event: AgentEvent) {
        switch event {
        case .registered: registrations += 1
        case .heartbeatAnswered(let delay):
            heartbeats += 1
            latency.add(delay)
        case .dialFailed(let reason):
            reconnects += 1
            errors += 1
            note(reason)
        case .connectionLost(let reason):
            reconnects += 1
            note(reason)
        case .registrationRefused(let code, let message): refused("registration refused: \(code) \(message)")
        case .heartbeatRefused(let code, let message): refused("heartbeat refused: \(code) \(message)")
        case .objection(let code, let message): refused("server objects: \(code) \(message)")
        case .toldToComeBack: postponed += 1
        case .nextAttempt, .intervalChanged, .asked, .fullReportAsked, .servicesChanged, .dataPathChanged,
            .clockDiffers,
            .otherServer,
            .saidGoodbye:
            break
        }
    }

    private mutating func refused(_ reason: String) {
        errors += 1
        note(reason)
    }

    private mutating func note(_ reason: String) {
        let key = reasons[reason] != nil || reasons.count < Self.reasonsMax ? reason : "others"
        reasons[key, default: 0] += 1
    }

    /// The reasons that came up since an earlier state of the same counters.
    func reasons(since earlier: FleetCounters) -> [String: UInt64] {
        reasons.filter { $0.value > earlier.reasons[$0.key] ?? 0 }
            .reduce(into: [:]) { $0[$1.key] = $1.value - (earlier.reasons[$1.key] ?? 0) }
    }

    mutating func merge(_ other: FleetCounters) {
        registrations += other.registrations
        heartbeats += other.heartbeats
        reconnects += other.reconnects
        errors += other.errors
        postponed += other.postponed
        latency.merge(other.latency)
        for (reason, count) in other.reasons {
            let key = reasons[reason] != nil || reasons.count < Self.reasonsMax ? reason : "others"
            reasons[key, default: 0] += count
        }
    }
}
