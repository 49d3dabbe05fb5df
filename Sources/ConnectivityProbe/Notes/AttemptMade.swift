public import ErrorCatalogue
public import EventLoop

/// A connection of this probe that came to nothing, as seen from here. Its own port is its mark: the server sees the
/// same one, unless NAT changes it, and a port disturbs no other server.
public struct AttemptMade: Hashable, Sendable {
    /// Where to.
    public var address: SocketAddress
    /// From which port.
    public var port: UInt16
    /// What it was: "the TLS greeting", "a large TLS greeting".
    public var what: Phrase
    /// Bytes sent, without those sent again; nil: not known.
    public var sentBytes: Int?
    /// Bytes received.
    public var receivedBytes: Int?

    init?(_ what: Phrase, to address: SocketAddress, from local: SocketAddress?, _ figures: TCPFigures?) {
        guard let local else { return nil }
        self.address = address
        self.what = what
        port = local.port
        sentBytes = figures.map(\.sentBytes)
        receivedBytes = figures.map(\.receivedBytes)
    }

    init(_ what: Phrase, to address: SocketAddress, port: UInt16, sent: Int?, received: Int?) {
        self.address = address
        self.what = what
        self.port = port
        sentBytes = sent
        receivedBytes = received
    }
}

/// The same connection as the server saw it.
public struct AttemptSeen: Hashable, Sendable {
    /// From which port.
    public var port: UInt16
    /// Bytes that came.
    public var bytesIn: Int
    /// Bytes that were sent.
    public var bytesOut: Int
    /// How it ended there: "the other side closed it", "reset", "nothing more came".
    public var end: Phrase
    /// The server's word for why it came to nothing.
    public var reason: String
}
