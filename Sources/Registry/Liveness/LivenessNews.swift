/// What a session does after a heartbeat. Fits into registers; nothing here allocates.
public enum HeartbeatReply: Equatable, BitwiseCopyable, Sendable {
    /// Taken in; nothing new.
    case acknowledged
    /// Taken in, but something is missing: ask the agent to register again on this connection.
    case wantsFullReport
    /// Taken in, and it is news: the session had been silent. Tell the registry.
    case heardAgain(wantsFullReport: Bool)
    /// No such session: refuse (FAILED_PRECONDITION), the agent has to register first.
    case notRegistered
}

/// What a loop tells the owner of the fleet's picture about its sessions' clocks.
public enum LivenessNews: Equatable, Sendable {
    /// A session missed its deadline; `since` is when it was last heard.
    case silent(SessionID, since: Instant)
}

/// Names a session's place in its loop's `Liveness`. A place is used again; a stale name is recognised.
public struct LivenessSlot: Hashable, BitwiseCopyable, Sendable {
    /// Dense index.
    let index: Int32
    /// Counts the uses of that index.
    let generation: UInt32
}
