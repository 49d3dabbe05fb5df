internal import Registry
internal import RollcallProtocol

/// Who is at the other end, as far as it has proven it.
enum SessionPeer: Equatable, Sendable {
    /// Nobody we know: it showed no certificate, or one that is none of ours.
    case stranger
    /// Nobody yet: a machine that came to enrol, and may do nothing else.
    case newcomer
    /// A node, by its certificate.
    case node(NodeID)
    /// An operator: by certificate, or by access to the local socket.
    case `operator`(String)
}

/// Where a session stands, and so what it may do. Pure: the session carries it out.
///
///     accepted ─▶ established ─▶ admitted ─▶ left
///         └───────────┴─────────────┴─────────┴──▶ closed
struct SessionMachine: Equatable {
    enum Phase: Equatable {
        /// A connection without a finished handshake.
        case accepted
        /// TLS is done; a node has not registered yet.
        case established
        /// The node is registered on this session.
        case admitted
        /// The node said goodbye.
        case left
        case closed
    }

    /// What to do with a request.
    enum Verdict: Equatable {
        case answerHere
        case askRegistry
        case enrol
        case refuse(StatusCode, String)
    }

    /// Those of the requests under way that are watches: answered again and again, until the session ends.
    private(set) var watches: Set<UInt64> = []
    private(set) var peer = SessionPeer.stranger
    private(set) var phase = Phase.accepted
    /// Requests that the registry has still to answer.
    private(set) var outstanding: Int16 = 0
    /// How often notes were compared: strangers may, and each time costs the registry a look.
    private var notesAsked: UInt8 = 0
    /// How often one session may.
    static let notesAskedMax: UInt8 = 16
    /// The node has said goodbye; the registry has perhaps not answered yet.
    private(set) var saidGoodbye = false
    /// The peer sends no more; it may still read.
    private(set) var inputEnded = false
    private(set) var isDraining = false

    /// Requests one session may have under way.
    static let outstandingMax: Int16 = 32

    mutating func established(_ peer: SessionPeer) {
        self.peer = peer
        phase = .established
    }

    /// Longest message taken from this peer.
    var messageBytesMax: Int {
        peer == .stranger || peer == .newcomer
            ? FrameLimits.unauthenticatedMessageBytesMax : FrameLimits.messageBytesMax
    }

    /// What to do with a request that was read. Its id matters for watches only.
    mutating func received(_ method: WireRequest.OneOf_Method?, id: UInt64 = 0) -> Verdict {
        guard let method else {
            return .refuse(
                .unimplemented,
                "this server does not know the method; it speaks rollcall/1 as of version \(Version.text)")
        }
        if peer == .newcomer {
            guard case .enroll = method else {
                return .refuse(
                    .permissionDenied, "this connection is for enrolment and nothing else; dial again with rollcall/1")
            }
            return isDraining ? Self.draining : .enrol
        }
        if case .enroll = method {
            return .refuse(
                .permissionDenied,
                "machines enrol on a connection of its own: TLS 1.3 with ALPN rollcall-enroll/1, without a certificate")
        }
        if case .ping = method { return .answerHere }
        // Answered to the end: whoever asks why it did not get in is to hear it.
        var asksForNotes = false
        if case .compareNotes = method {
            asksForNotes = true
            guard notesAsked < Self.notesAskedMax else {
                return .refuse(
                    .resourceExhausted, "notes were compared \(Self.notesAskedMax) times on this connection; dial again"
                )
            }
            notesAsked += 1
        }
        switch (method, peer) {
        case (.compareNotes, _): break
        case (.register, .node), (.heartbeat, .node), (.leave, .node): break
        case (.register, _), (.heartbeat, _), (.leave, _):
            return .refuse(.permissionDenied, Self.needs("a node certificate", as: "rollcall pki node", peer))
        case (_, .operator): break
        default:
            return .refuse(.permissionDenied, Self.needs("an operator certificate", as: "rollcall pki operator", peer))
        }
        if isDraining, !asksForNotes { return Self.draining }
        guard outstanding < Self.outstandingMax else {
            return .refuse(
                .resourceExhausted, "\(outstanding) requests of this connection are under way; wait for an answer first"
            )
        }
        switch (method, phase) {
        case (.heartbeat, .established), (.leave, .established):
            return .refuse(.failedPrecondition, "not registered on this connection; send Register first")
        case (_, .left),
            (_, _) where saidGoodbye:
            return .refuse(.failedPrecondition, "this node said goodbye on this connection; dial again to register")
        case (.leave, _): saidGoodbye = true
        case (.watchErrors, _):
            guard watches.insert(id).inserted else {
                return .refuse(.invalidArgument, "request \(id) watches already; give each request an id of its own")
            }
        default: break
        }
        outstanding += 1
        return .askRegistry
    }

    private static let draining = Verdict.refuse(
        .unavailable, "draining: this server is about to stop; come back later")

    private static func needs(_ what: String, as command: String, _ peer: SessionPeer) -> String {
        switch peer {
        case .stranger, .newcomer: "this method needs \(what); the connection showed none (make one with: \(command))"
        case .node(let id): "this method needs \(what); the connection showed that of node \(id)"
        case .operator(let name): "this method needs \(what); the connection showed that of operator \(name)"
        }
    }

    /// The registry gave its last answer to a request. True when the session has nothing left to do and can be closed.
    mutating func answered(_ id: UInt64 = 0) -> Bool {
        outstanding -= 1
        watches.remove(id)
        return inputEnded && isIdle
    }

    /// Nothing is under way that comes to an end by itself.
    private var isIdle: Bool { Int(outstanding) <= watches.count }

    mutating func admitted() {
        if phase == .established { phase = .admitted }
    }

    mutating func left() { phase = .left }

    /// The peer sends no more. True when nothing is under way and the session can be closed. A watch ends with it: it
    /// would never end otherwise, for a peer that is gone looks the same.
    mutating func peerFinished() -> Bool {
        inputEnded = true
        return isIdle
    }

    mutating func drain() { isDraining = true }

    mutating func closed() { phase = .closed }
}
