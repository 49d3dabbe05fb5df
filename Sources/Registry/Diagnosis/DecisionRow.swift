public import ErrorCatalogue

/// One row of the decision table: a pattern of facts, and what is said when a case fits it, in both languages.
///
/// In the texts, `{host}`, `{address}`, `{server}`, `{port}`, `{site}`, `{role}`, `{service}`, `{unit}`, `{state}`,
/// `{start_type}`, `{since}`, `{loss}`, `{reason}` and others stand for the case's own words.
public struct DecisionRow: Equatable, Sendable {
    /// Names the row in what is kept and sent: never change one.
    public var name: String
    /// Which error it is.
    public var code: ErrorCode
    /// How bad.
    public var severity: Severity
    /// When the row applies.
    public var pattern: Pattern
    /// One line.
    public var title: Phrase
    /// The most likely cause.
    public var likelyCause: Phrase
    /// The next most likely one; empty if none comes to mind.
    public var otherCause: Phrase
    /// What to do, step by step.
    public var remedy: Remedy

    init(
        _ name: String, _ code: ErrorCode, _ severity: Severity, _ pattern: Pattern, title: Phrase,
        cause: Phrase, other: Phrase = Phrase("", ""), remedy: Remedy
    ) {
        self.name = name
        self.code = code
        self.severity = severity
        self.pattern = pattern
        self.title = title
        likelyCause = cause
        otherCause = other
        self.remedy = remedy
    }

    init(
        _ name: String, _ code: ErrorCode, _ pattern: Pattern, title: Phrase, cause: Phrase,
        other: Phrase = Phrase("", ""), remedy: Remedy
    ) {
        self.init(name, code, .critical, pattern, title: title, cause: cause, other: other, remedy: remedy)
    }

    /// Facts a case must have. A list that is empty is fulfilled by everything.
    public struct Pattern: Equatable, Sendable {
        var topic: Topic
        var roles: [Role] = []
        var endings: [Ending] = []
        var neighbours: [Neighbours] = []
        var service: ServiceKind?
        var states: [ServiceState] = []
        var startTypes: [StartType] = []
        var ownClocks: [OwnClock] = []
        var probes: [ProbeAnswer] = []
        var components: [ComponentKind] = []
        var factors: [FactorKind] = []
        var attempts: [AttemptReason] = []
        var levels: [Severity] = []
        var twins: [TwinKind] = []
        var changes: [MachineChange] = []

        /// Whether the case has these facts.
        public func fits(_ case: Circumstances) -> Bool {
            topic == `case`.topic
                && Self.allows(roles, `case`.role) && Self.allows(endings, `case`.ending)
                && Self.allows(neighbours, `case`.neighbours) && (service == nil || service == `case`.service)
                && Self.allows(states, `case`.serviceState) && Self.allows(startTypes, `case`.startType)
                && Self.allows(ownClocks, `case`.ownClock) && Self.allows(probes, `case`.probe)
                && Self.allows(components, `case`.component) && Self.allows(factors, `case`.factor)
                && Self.allows(attempts, `case`.attempt) && Self.allows(levels, `case`.level)
                && Self.allows(twins, `case`.twin) && Self.allows(changes, `case`.change)
        }

        /// Whether the row can apply to nodes of this role.
        public func concerns(_ role: Role?) -> Bool { roles.isEmpty || (role.map(roles.contains) ?? true) }

        private static func allows<Fact: Equatable>(_ wanted: [Fact], _ fact: Fact?) -> Bool {
            guard !wanted.isEmpty else { return true }
            return fact.map(wanted.contains) ?? false
        }
    }

    /// Steps by the platform they are taken on.
    public struct Remedy: Equatable, Sendable {
        /// On Linux, where a unit's name is known if the steps name one.
        public var linux: [Phrase]
        /// On Windows.
        public var windows: [Phrase]
        /// Anywhere else, or without a unit's name.
        public var other: [Phrase]

        /// The same steps everywhere.
        init(_ steps: Phrase...) { (linux, windows, other) = (steps, steps, steps) }

        /// Steps by platform.
        init(linux: [Phrase], windows: [Phrase], other: [Phrase]) {
            (self.linux, self.windows, self.other) = (linux, windows, other)
        }

        /// The steps for a node of this platform.
        public func steps(on platform: Platform, hasUnit: Bool) -> [Phrase] {
            switch platform {
            case .windows: windows
            case .linux where hasUnit || !linux.contains(where: { $0.english.contains("{unit}") }): linux
            case .linux, .unknown: other
            }
        }
    }
}

extension DecisionRow.Pattern: CustomStringConvertible {
    /// The pattern for operators: "mobility agent · connection reset or closed without goodbye".
    public var description: String {
        var parts: [String] = []
        if !roles.isEmpty { parts.append(roles.map(\.name).joined(separator: " or ")) }
        if !endings.isEmpty { parts.append(endings.map(\.inWords).joined(separator: " or ")) }
        if !neighbours.isEmpty { parts.append(neighbours.map(\.inWords).joined(separator: " or ")) }
        if let service { parts.append(service.inWords) }
        if !states.isEmpty { parts.append(states.map(\.inWords).joined(separator: " or ")) }
        if !startTypes.isEmpty { parts.append("start type " + startTypes.map(\.inWords).joined(separator: " or ")) }
        if topic == .selfSuspicion { parts.append("a loop of the server did not turn") }
        if topic == .serverLoad { parts.append("loops of the server lose a fifth of their time") }
        if topic == .serverClock { parts.append("the server's clock was set") }
        if !ownClocks.isEmpty { parts.append(ownClocks.map(\.inWords).joined(separator: " or ")) }
        if !components.isEmpty { parts.append(components.map { "\($0.name) silent" }.joined(separator: " or ")) }
        if !probes.isEmpty { parts.append(probes.map(\.inWords).joined(separator: " or ")) }
        if topic == .clock, !factors.isEmpty { parts.append("most machines' clocks are off alike") }
        if topic != .clock, !factors.isEmpty {
            parts.append(
                (topic == .flapping ? "many " : "many at once ")
                    + (factors.count == FactorKind.allCases.count
                        ? "with something in common" : factors.map(\.inWords).joined(separator: " or ")))
        }
        if !attempts.isEmpty, topic != .serverCertificate {
            parts.append(
                "cannot get in: " + attempts.map(\.word).joined(separator: " or ")
                    + (levels.isEmpty ? "" : ", the server's own certificate having ended"))
        }
        if topic == .serverCertificate {
            let isClose = levels == [.critical]
            parts.append(
                attempts.isEmpty
                    ? "server's certificate ends" + (isClose ? ", very soon" : "") : "server's certificate ended")
        }
        if topic == .serverIdentity {
            parts.append(
                levels == [.critical]
                    ? "an agent was at another server of this identity, and came back"
                    : "an agent was at another server of this identity")
        }
        if (topic == .clock && factors.isEmpty) || topic == .certificate {
            parts.append(
                (topic == .clock ? "clock off" : "certificate ends") + (levels == [.critical] ? ", badly" : ""))
        }
        if topic == .flapping {
            parts.append("lost and back again and again" + (levels == [.warning] ? ", in time" : ""))
        }
        if topic == .identity {
            parts.append("two with one identity: " + twins.map(\.inWords).joined(separator: " or "))
        }
        if topic == .hardware {
            parts.append("hardware of another entry" + (levels == [.warning] ? ", which is here" : ", which is away"))
        }
        if topic == .change { parts.append(changes.map(\.inWords).joined(separator: " or ")) }
        if topic == .version { parts.append("version outside what this server supports") }
        if topic == .failover { parts.append("failover declared, not registered in time") }
        if topic == .dataPath { parts.append("reports that its process server does not answer") }
        if topic == .store { parts.append("a write to the registry failed") }
        return parts.joined(separator: " · ")
    }
}

extension Ending {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .reset: "connection reset"
        case .closed: "connection closed without goodbye"
        case .fellSilent: "fell silent on an open connection"
        case .notBack: "not back after the server's restart"
        case .closedByServer: "connection closed by the server"
        case .restarting: "said that its machine restarts, and is not back"
        case .upgrading: "said that it is being upgraded, and is not back"
        }
    }
}

extension Neighbours {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .someAnswer: "others of the site answer"
        case .noneAnswers: "nobody of the site answers"
        case .noNeighbours: "no other node in the site"
        }
    }
}

extension ServiceKind {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .scoutApplicationService: "InMage Scout Application Service"
        case .other: "another watched service"
        }
    }
}

extension OwnClock {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .none: "does not dial in itself"
        case .fresh: "heard itself"
        case .stale: "silent itself"
        }
    }
}

extension ProbeAnswer {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .yes: "answers a probe"
        case .no: "does not answer a probe"
        case .unknown: "not asked"
        }
    }
}

extension FactorKind {
    /// As operators read it.
    public var inWords: String {
        switch self {
        case .site: "of one site"
        case .processServer: "of one process server"
        case .serverAddress: "on one address of the server"
        case .natAddress: "behind one shared address"
        case .agentVersion: "of one agent version"
        case .fleet: "of all sites"
        case .certificateIssuer: "with certificates of one issuer"
        }
    }
}
