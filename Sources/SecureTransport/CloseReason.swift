public import EventLoop

/// How a secure stream ended.
public enum CloseReason: Hashable, Sendable {
    /// The peer said goodbye in TLS (close_notify), and perhaps FIN.
    case closedByPeer
    /// FIN without close_notify: the peer's process ended, its kernel is there.
    case endedWithoutClosing
    /// The peer reset the connection.
    case reset
    /// Dialling failed.
    case connectFailed(LoopError)
    /// The connection broke.
    case failed(LoopError)
    /// TLS failed, before or after the handshake was done.
    case tls(String, TLSRefusal?)
    /// The peer reads too slowly.
    case tooSlow
}
