import DequeModule
public import ErrorCatalogue

/// Errors that are, and the newest of those that were. An error is raised once, updated in place, cleared by the same
/// facts that raised it; its id is never used again.
struct ErrorJournal: Sendable {
    private struct Key: Hashable, Sendable {
        var subject: Subject
        var topic: Topic
    }

    private(set) var active = ShardedDictionary<UInt64, Finding>()
    private var ids = ShardedDictionary<Key, UInt64>()
    /// The active ones, worst first.
    private(set) var order = FindingOrder()
    /// Of active ones of the topics that are looked through now and then, which are few beside all.
    private var listed: [Topic: Set<UInt64>] = [.admission: [], .flapping: [], .identity: [], .change: []]
    /// Newest last.
    private(set) var cleared = Deque<Finding>()
    private(set) var lastID: UInt64
    private(set) var criticalCount = 0
    private(set) var warningCount = 0

    /// A journal that gives out ids after this one.
    init(lastID: UInt64 = 0) {
        self.lastID = lastID
    }

    /// The worst severity among all active findings; nil if there is none.
    var worst: Severity? {
        active.isEmpty ? nil : criticalCount > 0 ? .critical : warningCount > 0 ? .warning : .information
    }

    /// The worst severity among these; nil if none is active.
    func worst(of ids: [UInt64]) -> Severity? { ids.compactMap { active[$0]?.severity }.max() }

    /// The active finding about this subject.
    func finding(about subject: Subject, topic: Topic) -> Finding? {
        ids[Key(subject: subject, topic: topic)].flatMap { active[$0] }
    }

    /// The finding of this id, active or recently cleared.
    func finding(_ id: UInt64) -> Finding? {
        active[id] ?? cleared.last { $0.id == id }
    }

    /// Active ones of a topic that is listed, oldest first.
    func findings(of topic: Topic) -> [Finding] { (listed[topic] ?? []).sorted().compactMap { active[$0] } }

    /// How many are active of a topic that is listed.
    func count(of topic: Topic) -> Int { listed[topic]?.count ?? 0 }

    /// Gives out an id for a finding to be raised.
    mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// Puts a finding in: a new one, or one from the store.
    mutating func insert(_ finding: Finding) {
        lastID = max(lastID, finding.id)
        guard finding.clearedAt == nil else {
            keepCleared(finding)
            return
        }
        let key = Key(subject: finding.subject, topic: finding.code.topic)
        precondition(ids[key] == nil, "one active finding about a subject and topic")
        ids[key] = finding.id
        active[finding.id] = finding
        order.insert(FindingRank(finding))
        listed[finding.code.topic]?.insert(finding.id)
        count(finding.severity, +1)
    }

    private mutating func count(_ severity: Severity, _ amount: Int) {
        switch severity {
        case .critical: criticalCount += amount
        case .warning: warningCount += amount
        case .information: break
        }
    }

    /// Changes an active finding in place. Its subject and topic stay.
    mutating func update(_ finding: Finding) {
        guard let old = active[finding.id] else { return }
        count(old.severity, -1)
        count(finding.severity, +1)
        let (from, to) = (FindingRank(old), FindingRank(finding))
        if from != to || old.code != finding.code {
            order.remove(from)
            order.insert(to)
        }
        active[finding.id] = finding
    }

    /// Ends an active finding.
    /// - Returns: it, cleared; nil if it was not active.
    mutating func clear(_ id: UInt64, _ because: Sentence, _ words: CaseWords, at now: Instant) -> Finding? {
        guard var finding = active.removeValue(forKey: id) else { return nil }
        ids[Key(subject: finding.subject, topic: finding.code.topic)] = nil
        count(finding.severity, -1)
        order.remove(FindingRank(finding))
        listed[finding.code.topic]?.remove(id)
        finding.clearedAt = now
        finding.form.clearing = because
        finding.form.clearingWords = words
        finding.clearedBecause = words.fill(because.phrase)
        keepCleared(finding)
        return finding
    }

    private mutating func keepCleared(_ finding: Finding) {
        if cleared.count >= RegistryLimits.clearedFindingsMax { cleared.removeFirst() }
        cleared.append(finding)
    }
}

extension ErrorCode {
    /// What kind of trouble the code speaks of.
    public var topic: Topic {
        switch self {
        case .noContact, .machineGone, .noHeartbeatFromSource, .processServerSilent, .masterTargetSilent:
            .reachability
        case .applicationServiceNotRunning, .serviceNotRunning: .service
        case .registryNotWritable: .store
        case .serverStalled: .selfSuspicion
        case .serverClockStepped: .serverClock
        case .serverOverloaded: .serverLoad
        case .commonCause: .reachability
        case .componentSilent: .component
        case .flapping: .flapping
        case .duplicateIdentity: .identity
        case .duplicateHardware: .hardware
        case .machineChanged: .change
        case .duplicateServer: .serverIdentity
        case .serverCertificateExpiring: .serverCertificate
        case .clockSkew: .clock
        case .versionUnsupported: .version
        case .certificateExpiring: .certificate
        case .dataPathBlocked: .dataPath
        case .failoverOverdue: .failover
        case .agentElsewhere, .certificateExpired, .certificateNotYetValid, .certificateRevoked,
            .certificateSuperseded, .certificateUntrusted, .certificateMissing, .serverNotTrusted,
            .tlsVersionUnsupported, .handshakeBroken, .wrongPassphrase, .registrationRefused:
            .admission
        }
    }
}

extension Finding {
    /// Adds a fact. The first ones stay, they led to the finding; of the rest the newest stay.
    mutating func add(_ fact: Evidence) {
        if evidence.count >= RegistryLimits.evidencePerFindingMax {
            evidence.remove(at: RegistryLimits.evidencePerFindingMax / 2)
        }
        evidence.append(fact)
    }
}
