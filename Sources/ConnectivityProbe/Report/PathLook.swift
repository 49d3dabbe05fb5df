public import EventLoop

/// What was found out about the way to one address.
public struct PathLook: Hashable, Sendable {
    /// Where to.
    public var address: SocketAddress
    /// The address that packets leave with; nil without a route.
    public var source: SocketAddress?
    /// The interface that has it; nil if not known.
    public var interface: NetworkInterface?
    /// The gateway that the route leads to, as numbers; nil: none, or not known.
    public var gateway: String?
    /// The largest packet that the route takes, bytes with headers; nil if not known.
    public var routeBytes: Int?
    /// The largest packet that was seen to pass both ways where larger ones vanish; nil: nothing vanishes, or not known.
    public var largestBytes: Int?
    /// ICMP echo; nil if it was not tried.
    public var echo: EchoFigures?
    /// TCP segments sent over all connections, with those sent again.
    public var segmentsSent = 0
    /// Those that had to be sent again.
    public var segmentsSentAgain = 0

    /// Nothing known yet.
    public init(address: SocketAddress) { self.address = address }
}
