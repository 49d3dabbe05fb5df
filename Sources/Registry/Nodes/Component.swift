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
    /// Nothing has been set anew since `pack`.
    private(set) var isPacked = false
    private var heardAt = Instant.distantPast
    private var openedAt = Instant.distantPast
    private var peer = EndPlace.text("")
    private var instance: UInt64 = 0
    private var certificateEnd = Instant.distantPast
    /// What many connections have in common: the server's address, TLS's version, the certificate's issuer, the last close.
    private var texts = Self.noTexts

    init(kind: ComponentKind, lastHeard: Instant? = nil, connection: ConnectionFacts = ConnectionFacts()) {
        self.kind = kind
        self.lastHeard = lastHeard
        self.connection = connection
    }

    private static let noTexts = ["", "", "", ""]

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
                peerAddress: peer.text, localAddress: texts[0], tlsVersion: texts[1],
                certificateUntil: certificateEnd.ifAny, instance: instance, issuer: texts[2])
        }
        set {
            peer = .text(newValue.peerAddress)
            texts = [newValue.localAddress, newValue.tlsVersion, newValue.issuer, lastClose]
            (instance, certificateEnd) = (newValue.instance, newValue.certificateUntil ?? .distantPast)
            isPacked = false
        }
    }

    /// How its last connection ended; empty where it had none.
    var lastClose: String {
        get { texts[3] }
        set {
            texts[3] = newValue
            isPacked = false
        }
    }

    /// Makes it as small as it can be while it is open.
    mutating func pack(_ shared: inout SharedTexts) {
        guard !isPacked else { return }
        peer = peer.packed
        texts = shared.shared(texts, .connection)
        isPacked = true
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
