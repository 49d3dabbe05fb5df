internal import Registry
internal import RollcallProtocol

/// What a session tells the owner of the registry. Only news crosses from one loop to the other.
enum SessionEvent: Sendable {
    /// A node registers; answer this request after the commit.
    case register(Registration, request: UInt64)
    /// A heartbeat told of changes; answer this request when they are safe.
    case report(services: [ServiceReport], load: Load?, request: UInt64)
    /// The node tried its process server's data port.
    case dataPath(Registry.DataPath)
    /// The node says goodbye.
    case leave(LeaveReason, request: UInt64)
    /// It missed its deadline; its last heartbeat was held up for so long on its way.
    case silent(since: Instant, heldUp: Duration)
    /// It was asked a question, and did not answer in time; this was found instead.
    case unanswered(Answer)
    /// It was heard after that.
    case heardAgain
    /// Its connection is gone.
    case lost(ConnectionLoss, LastWords?)
    /// Somebody at this address asks what was seen of its own attempts.
    case compareNotes(WireCompareNotesRequest, peer: String, request: UInt64)
    /// An operator asks.
    case operatorRequest(WireRequest)
    /// An operator's connection is gone.
    case operatorGone
}

/// What the owner of the registry tells a session.
enum SessionReply: Sendable {
    /// The answer to `register`. Admitted or not, the response says it to the peer.
    /// `because` is told where the registration was refused for a reason of the peer's; `path` is what was learned of its
    /// path on the connection before.
    case registered(WireResponse, admitted: Bool, because: AttemptReason? = nil, path: PathMemory? = nil)
    /// The answer to any other request; `isLast`: no more responses to this request follow.
    case answer(WireResponse, isLast: Bool)
    /// The answer to `leave`.
    case left(WireResponse)
    /// Something the peer did not ask for.
    case notice(WireNotice)
    /// Ask the agent whether it lives.
    case ask
    /// Close: another session took its place.
    case close(reason: String)
}
