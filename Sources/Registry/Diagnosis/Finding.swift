public import ErrorCatalogue

/// What a finding is about.
public enum Subject: Hashable, Sendable {
    /// One service of a node, by the service's name.
    case service(NodeID, name: String)
    /// One node.
    case node(NodeID)
    /// A whole site, by its name.
    case site(String)
    /// Nodes that have something in common.
    case group(FactorKind, String)
    /// Somebody who does not get in, by address, and why.
    case peer(String, AttemptReason)
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
    /// What its texts were made of, so that they can be written in another language.
    public var form: FindingForm

    /// A finding as raised.
    public init(
        id: UInt64, code: ErrorCode, severity: Severity, subject: Subject, subjectName: String, site: String,
        title: String, raisedAt: Instant, updatedAt: Instant, clearedAt: Instant? = nil, clearedBecause: String = "",
        evidence: [Evidence], likelyCause: String, otherCause: String = "", remedy: [String], members: [String] = [],
        memberCount: Int = 1, form: FindingForm = FindingForm()
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
        self.form = form
    }
}

/// What a finding's texts are made of: a row of the decision table and the case's words. A reader who has the table
/// writes them in its own language; the English ones go along for everybody else.
public struct FindingForm: Equatable, Sendable {
    /// Name of the row; empty where the finding is older than names.
    public var row: String
    /// What stands in its open places.
    public var words: CaseWords
    /// Whose remedy it is.
    public var platform: Platform
    /// Whether the remedy names a unit.
    public var hasUnit: Bool
    /// Why it was cleared; nil while it is active.
    public var clearing: Sentence?
    /// What stands in that one's open places.
    public var clearingWords: CaseWords

    /// What texts are made of.
    public init(
        row: String = "", words: CaseWords = CaseWords(), platform: Platform = .unknown, hasUnit: Bool = false,
        clearing: Sentence? = nil, clearingWords: CaseWords = CaseWords()
    ) {
        self.row = row
        self.words = words
        self.platform = platform
        self.hasUnit = hasUnit
        self.clearing = clearing
        self.clearingWords = clearingWords
    }
}
