/// One clock of a node: a program that dials in. One for each connection is open in memory: mind what a field takes.
struct Component: Equatable, Sendable {
    /// Its connection, or the last one if none is open: tells which programs were one process.
    var lastSession: SessionID?
    let kind: ComponentKind
    /// The session missed its deadline. Meaningless without a session.
    var isSilent = false
    /// Somebody waits for it: it spoke, and did not say goodbye.
    var isExpected = true
    private var isConnected = false
    private var heardAt = Instant.distantPast
    private var openedAt = Instant.distantPast
    private var peer = EndPlace.text("")
    private var local = EndPlace.text("")
    private var tlsVersion = ""
    private var issuer = ""
    private var instance: UInt64 = 0
    private var certificateEnd = Instant.distantPast
    var lastClose = ""

    init(kind: ComponentKind, lastHeard: Instant? = nil, connection: ConnectionFacts = ConnectionFacts()) {
        self.kind = kind
        self.lastHeard = lastHeard
        self.connection = connection
    }

    /// Its connection, while one is open.
    var session: SessionID? {
        get { isConnected ? lastSession : nil }
        set {
            isConnected = newValue != nil
            if let newValue { lastSession = newValue }
        }
    }

    var lastHeard: Instant? {
        get { heardAt.ifAny }
        set { heardAt = newValue ?? .distantPast }
    }

    var connectedAt: Instant? {
        get { openedAt.ifAny }
        set { openedAt = newValue ?? .distantPast }
    }

    /// Of the open connection, or of the last one.
    var connection: ConnectionFacts {
        get {
            ConnectionFacts(
                peerAddress: peer.text, localAddress: local.text, tlsVersion: tlsVersion,
                certificateUntil: certificateEnd.ifAny, instance: instance, issuer: issuer)
        }
        set {
            (peer, local) = (.text(newValue.peerAddress), .text(newValue.localAddress))
            (tlsVersion, issuer, instance) = (newValue.tlsVersion, newValue.issuer, newValue.instance)
            certificateEnd = newValue.certificateUntil ?? .distantPast
        }
    }

    /// Makes it as small as it can be while it is open.
    mutating func pack() {
        (peer, local) = (peer.packed, local.packed)
    }

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

extension Instant {
    /// Nil for the one that stands for none.
    fileprivate var ifAny: Instant? { self == .distantPast ? nil : self }
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
