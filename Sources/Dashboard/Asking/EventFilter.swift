public import RollcallProtocol

/// Which errors a follower wants to hear of: the watch itself knows no filters.
public struct EventFilter: Sendable {
    private let code: String?
    /// Only those about this node, or about others with it among their members; nil: all.
    public var node: WireNode?

    /// Only errors of `code`, with or without its variant; nil: of every code.
    public init(code: String? = nil, node: WireNode? = nil) {
        self.code = code?.lowercased()
        self.node = node
    }

    /// Whether the follower wants to hear of `event`. A suspect has no code yet.
    public func admits(_ event: WireWatchErrorsResponse) -> Bool {
        guard event.hasSuspect else { return admits(event.error) }
        return code == nil && (node == nil || node?.id == event.suspect.nodeID)
    }

    /// Whether the follower wants to hear of `error`.
    public func admits(_ error: WireConnectivityError) -> Bool {
        if let code, code != error.code, code != error.fullCode { return false }
        guard let node else { return true }
        return error.nodeID == node.id || error.members.contains(node.hostname)
    }
}
