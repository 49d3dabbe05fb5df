/// One clock of a node: a program that dials in.
struct Component: Equatable, Sendable {
    let kind: ComponentKind
    /// Its connection, while one is open.
    var session: SessionID?
    /// The session missed its deadline. Meaningless without a session.
    var isSilent = false
    /// Somebody waits for it: it spoke, and did not say goodbye.
    var isExpected = true
    /// Its connection, or the last one if none is open: tells which programs were one process.
    var lastSession: SessionID?
    var lastHeard: Instant?
    var connectedAt: Instant?
    /// Of the open connection, or of the last one.
    var connection = ConnectionFacts()
    var lastClose = ""

    /// Connected and heard in time.
    var isFresh: Bool { session != nil && !isSilent }

    /// The connection is gone.
    mutating func disconnect(_ how: String) {
        session = nil
        isSilent = false
        connectedAt = nil
        lastClose = how
    }
}

extension ComponentKind {
    /// As operators read it.
    public var name: String {
        switch self {
        case .mobilityAgent: "mobility agent"
        case .scoutApplicationService: "InMage Scout Application Service"
        case .processServer: "process server (tmansvc)"
        }
    }

    /// The component a connection speaks for when it does not say.
    public static func standard(for role: Role) -> ComponentKind {
        role == .processServer ? .processServer : .mobilityAgent
    }
}
