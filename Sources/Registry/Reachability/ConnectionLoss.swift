/// How an agent's connection ended. Evidence for the cause.
public enum ConnectionLoss: Equatable, Sendable {
    /// The peer's kernel reset it: the machine answered at that moment, its program is gone or refused.
    case reset
    /// The peer closed it without saying goodbye.
    case closedWithoutGoodbye
    /// Nothing came or was acknowledged for too long, and the server gave it up.
    case timedOut
    /// The peer broke the protocol, and the server closed it; says what was wrong.
    case protocolError(String)
    /// The server closed it for another reason of its own (a slow reader, a limit); says which.
    case closedByServer(String)
    /// The server is about to stop and sent everybody away.
    case serverDrained
}

extension ConnectionLoss: CustomStringConvertible {
    /// As operators read it.
    public var description: String {
        switch self {
        case .reset: "reset by peer"
        case .closedWithoutGoodbye: "closed without goodbye"
        case .timedOut: "timed out"
        case .protocolError(let what): "closed by the server: protocol error: \(what)"
        case .closedByServer(let why): "closed by the server: \(why)"
        case .serverDrained: "closed by the server: it was about to stop"
        }
    }
}

/// Why a node says goodbye.
public enum LeaveReason: UInt8, Hashable, Sendable, CaseIterable {
    /// Not told.
    case unspecified = 0
    /// The machine shuts down.
    case shutdown = 1
    /// The machine restarts; it will be back.
    case reboot = 2
    /// Only the agent stops.
    case serviceStop = 3
    /// The agent is being replaced by another version; it will be back.
    case upgrade = 4
    /// The node leaves the fleet for good.
    case decommission = 5

    /// As operators read it.
    public var text: String {
        switch self {
        case .unspecified: "no reason given"
        case .shutdown: "the machine shuts down"
        case .reboot: "the machine restarts"
        case .serviceStop: "the agent was stopped"
        case .upgrade: "the agent is being upgraded"
        case .decommission: "the node was taken out of service"
        }
    }
}
