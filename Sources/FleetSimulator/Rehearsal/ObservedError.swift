internal import ErrorCatalogue
internal import Registry

/// An error as somebody saw it who only watched: raised, perhaps cleared, and what it said in the end. Times count from
/// the start of the run.
public struct ObservedError: Equatable, Sendable {
    /// The code: "806".
    public var code: String
    /// What it is about.
    public var scope: Expectation.Scope
    /// The host name, the site's name, or empty for the server.
    public var name: String
    /// The service, for `.service`; nil where only the title names it.
    public var service: String?
    /// The title, as it stood last.
    public var title: String
    /// Raised at.
    public var raisedAt: Duration
    /// Cleared at; nil: still there at the end.
    public var clearedAt: Duration?
    /// The likely cause, as it stood last.
    public var likelyCause: String
    /// What to do, as it stood last.
    public var remedy: [String]

    /// An error as a server tells it to operators.
    public init(
        code: String, scope: Expectation.Scope, name: String, service: String?, title: String, raisedAt: Duration,
        clearedAt: Duration?, likelyCause: String, remedy: [String]
    ) {
        self.code = code
        self.scope = scope
        self.name = name
        self.service = service
        self.title = title
        self.raisedAt = raisedAt
        self.clearedAt = clearedAt
        self.likelyCause = likelyCause
        self.remedy = remedy
    }

    /// Whether it is about this service; about none for an empty name.
    func isAbout(service wanted: String) -> Bool {
        service.map { $0 == wanted } ?? (wanted.isEmpty || title.contains(wanted))
    }

    /// What it is about, in words.
    var subject: String {
        switch scope {
        case .node: name
        case .service: service.map { "\($0) on \(name)" } ?? title
        case .site: "site \(name)"
        case .group: name.isEmpty ? "machines with something in common" : "what has \(name) in common"
        case .peer: name
        case .server: "the server"
        }
    }
}

extension ObservedError {
    init(_ seen: ErrorWatch.Seen, since start: Instant) {
        let finding = seen.finding
        let scope: Expectation.Scope
        var service = ""
        switch finding.subject {
        case .service(_, let name): (scope, service) = (.service, name)
        case .node: scope = .node
        case .site: scope = .site
        case .group: scope = .group
        case .peer: scope = .peer
        case .server: scope = .server
        }
        self.init(
            code: finding.code.rawValue, scope: scope, name: scope == .server ? "" : finding.subjectName,
            service: service, title: finding.title, raisedAt: seen.raisedAt - start,
            clearedAt: seen.clearedAt.map { $0 - start }, likelyCause: finding.likelyCause,
            remedy: finding.remedy)
    }
}
