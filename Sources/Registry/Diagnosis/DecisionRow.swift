public import ErrorCatalogue

/// One row of the decision table: a pattern of facts, and what is said when a case fits it.
///
/// In the texts, `{host}`, `{address}`, `{server}`, `{port}`, `{site}`, `{role}`, `{service}`, `{unit}`, `{state}`,
/// `{start_type}`, `{since}`, `{silence}`, `{loss}` and `{reason}` stand for the case's own words.
public struct DecisionRow: Equatable, Sendable {
    /// Which error it is.
    public var code: ErrorCode
    /// How bad.
    public var severity: Severity
    /// When the row applies.
    public var pattern: Pattern
    /// One line.
    public var title: String
    /// The most likely cause.
    public var likelyCause: String
    /// The next most likely one; empty if none comes to mind.
    public var otherCause: String
    /// What to do, step by step.
    public var remedy: Remedy

    /// Facts a case must have. A list that is empty is fulfilled by everything.
    public struct Pattern: Equatable, Sendable {
        var topic: Topic
        var roles: [Role] = []
        var endings: [Ending] = []
        var neighbours: [Neighbours] = []
        var service: ServiceKind?
        var states: [ServiceState] = []
        var startTypes: [StartType] = []

        /// Whether the case has these facts.
        public func fits(_ case: Circumstances) -> Bool {
            topic == `case`.topic
                && Self.allows(roles, `case`.role) && Self.allows(endings, `case`.ending)
                && Self.allows(neighbours, `case`.neighbours) && (service == nil || service == `case`.service)
                && Self.allows(states, `case`.serviceState) && Self.allows(startTypes, `case`.startType)
        }

        private static func allows<Fact: Equatable>(_ wanted: [Fact], _ fact: Fact?) -> Bool {
            guard !wanted.isEmpty else { return true }
            return fact.map(wanted.contains) ?? false
        }
    }

    /// Steps by the platform they are taken on.
    public struct Remedy: Equatable, Sendable {
        /// On Linux, where a unit's name is known if the steps name one.
        public var linux: [String]
        /// On Windows.
        public var windows: [String]
        /// Anywhere else, or without a unit's name.
        public var other: [String]

        /// The same steps everywhere.
        init(_ steps: [String]) { (linux, windows, other) = (steps, steps, steps) }

        /// Steps by platform.
        init(linux: [String], windows: [String], other: [String]) {
            (self.linux, self.windows, self.other) = (linux, windows, other)
        }

        /// The steps for a node of this platform.
        public func steps(on platform: Platform, hasUnit: Bool) -> [String] {
            switch platform {
            case .windows: windows
            case .linux where hasUnit || !linux.contains(where: { $0.contains("{unit}") }): linux
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
