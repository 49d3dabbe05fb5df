public import RollcallProtocol

/// A connection to a server as an agent sees it. `AgentConnection` is the real one; a simulator puts faults in between.
/// Confined to its loop.
public protocol AgentLink: AnyObject {
    /// Sends a request. Ignored on a link that is not open.
    func send(_ request: WireRequest)
    /// Gives it up, in good order where it is open. Nothing more is heard of it.
    func close()
}

/// What a link tells. On the link's loop, never before the call that made the link returns, and nothing after `closed`.
public protocol AgentLinkDelegate: AnyObject {
    /// It is there, and the peer is a configuration server.
    func linkOpened(_ link: any AgentLink)
    /// A response or a notice has come.
    func link(_ link: any AgentLink, received response: WireResponse)
    /// It did not come about, or has ended.
    func link(_ link: any AgentLink, closed error: ClientError)
}
