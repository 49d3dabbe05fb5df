/// Asks for a page of nodes. All filters must hold; one that is nil or empty holds always.
public struct NodeQuery: Equatable, Sendable {
    /// Only this role.
    public var role: Role?
    /// Only this site.
    public var site: String?
    /// Only in this reachability.
    public var reachability: Reachability?
    /// Only in this health.
    public var health: Health?
    /// Part of the host name or of an address, ASCII case-insensitive.
    public var text: String
    /// Ordered by; ties by host name, then id.
    public var order: NodeOrder
    /// The other way round.
    public var descending: Bool
    /// At most this many; 0, or more than `RegistryLimits.nodesPerPageMax`, means that limit.
    public var pageSize: Int
    /// From the last page; empty for the first.
    public var pageToken: String

    /// A question; what is not given is not asked for.
    public init(
        role: Role? = nil, site: String? = nil, reachability: Reachability? = nil, health: Health? = nil,
        text: String = "", order: NodeOrder = .hostname, descending: Bool = false, pageSize: Int = 0,
        pageToken: String = ""
    ) {
        self.role = role
        self.site = site
        self.reachability = reachability
        self.health = health
        self.text = text
        self.order = order
        self.descending = descending
        self.pageSize = pageSize
        self.pageToken = pageToken
    }
}

/// What nodes are ordered by.
public enum NodeOrder: UInt8, Hashable, Sendable, CaseIterable {
    /// Host name.
    case hostname = 0
    /// Worst health first.
    case health = 1
    /// Longest silent first.
    case lastSeen = 2
    /// Site.
    case site = 3
    /// Role.
    case role = 4
}

/// A page of nodes.
public struct NodePage: Equatable, Sendable {
    /// The nodes.
    public var nodes: [NodeView]
    /// For the next page; empty on the last. It names the place after the last node, so nodes that come and go
    /// between two pages neither repeat nor hide others.
    public var nextPageToken: String
    /// How many match in all.
    public var total: Int
}

/// What a name led to.
public enum NodeLookup: Equatable, Sendable {
    /// This node.
    case found(NodeView)
    /// Several; "host name (id)" of the first `RegistryLimits.candidatesMax`, and how many there are.
    case ambiguous([String], count: Int)
    /// None.
    case unknown
}

/// A page token that no page gave out, or that belongs to another order.
public struct InvalidPageToken: Error, Equatable, Sendable, CustomStringConvertible {
    /// The token.
    public var token: String

    /// This token is none.
    public init(token: String) { self.token = token }

    /// What to do about it.
    public var description: String {
        "page_token \"\(token)\" is not one this question's last answer gave; ask again without it"
    }
}
