public import ErrorCatalogue

/// A fact that speaks for a verdict.
public struct Evidence: Equatable, Sendable {
    /// When it was seen.
    public var at: Instant
    /// Where it comes from: "connection", "heartbeat", "service report", "neighbours", "store".
    public var source: String
    /// The fact with its numbers, as a sentence.
    public var text: String

    /// A fact with its time and source.
    public init(at: Instant, source: String, text: String) {
        self.at = at
        self.source = source
        self.text = text
    }
}

/// What a finding is about.
public enum Subject: Hashable, Sendable {
    /// One service of a node, by the service's name.
    case service(NodeID, name: String)
    /// One node.
    case node(NodeID)
    /// A whole site, by its name.
    case site(String)
    /// The configuration server itself.
    case server
}

/// An error that is or was: raised once, updated in place, cleared by the same facts that raised it.
/// This is what the store keeps and operators see.
public struct Finding: Equatable, Sendable {
    /// Names this occurrence; never used again, also not after a restart.
    public var id: UInt64
    /// Which error.
    public var code: ErrorCode
    /// How bad.
    public var severity: Severity
    /// What it is about.
    public var subject: Subject
    /// The subject's name as operators know it (host name, site, server), kept for history.
    public var subjectName: String
    /// The site the subject stands in; empty for the server.
    public var site: String
    /// One line, with names filled in.
    public var title: String
    /// Raised at.
    public var raisedAt: Instant
    /// Evidence last changed at.
    public var updatedAt: Instant
    /// Cleared at; nil while it is active.
    public var clearedAt: Instant?
    /// Why it was cleared.
    public var clearedBecause: String
    /// The facts that led to it, oldest first; at most `RegistryLimits.evidencePerFindingMax`.
    public var evidence: [Evidence]
    /// The most likely cause, as a sentence.
    public var likelyCause: String
    /// The next most likely one, or empty.
    public var otherCause: String
    /// What to do, step by step, with the actual names.
    public var remedy: [String]
    /// Host names of nodes folded under it; at most `RegistryLimits.membersPerFindingMax`.
    public var members: [String]
    /// How many nodes it hits.
    public var memberCount: Int

    /// A finding as raised.
    public init(
        id: UInt64, code: ErrorCode, severity: Severity, subject: Subject, subjectName: String, site: String,
        title: String, raisedAt: Instant, updatedAt: Instant, clearedAt: Instant? = nil, clearedBecause: String = "",
        evidence: [Evidence], likelyCause: String, otherCause: String = "", remedy: [String], members: [String] = [],
        memberCount: Int = 1
    ) {
        self.id = id
        self.code = code
        self.severity = severity
        self.subject = subject
        self.subjectName = subjectName
        self.site = site
        self.title = title
        self.raisedAt = raisedAt
        self.updatedAt = updatedAt
        self.clearedAt = clearedAt
        self.clearedBecause = clearedBecause
        self.evidence = evidence
        self.likelyCause = likelyCause
        self.otherCause = otherCause
        self.remedy = remedy
        self.members = members
        self.memberCount = memberCount
    }
}
