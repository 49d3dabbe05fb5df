/// What a secure stream tells its owner. All calls are on the loop's thread; after `close` or `reset` none comes any more.
public protocol SecureStreamDelegate: AnyObject {
    /// The handshake is done. The identity is that of the peer's certificate, which was checked; nil if it showed none.
    func secureStream(_ stream: SecureStream, established facts: TLSFacts, peer: PeerIdentity?)
    /// Plaintext arrived, lent for the call: any number of bytes from 1 on.
    func secureStream(_ stream: SecureStream, received bytes: Span<UInt8>)
    /// Server: the first byte is not TLS. The bytes are what the peer sent so far. Answer with `writePlain` and `close`.
    func secureStream(_ stream: SecureStream, receivedPlain bytes: Span<UInt8>)
    /// It is over; the stream is closed. With `.closedByPeer` and `.endedWithoutClosing` the peer may still read: the
    /// stream stays open for writing until `close`.
    func secureStream(_ stream: SecureStream, ended reason: CloseReason)
}
