public import EventLoop

/// A byte stream and its TLS session as one thing. Confined to its loop.
///
/// Answers written while bytes are being delivered leave as one record and one write.
@safe public final class SecureStream: ByteStreamHandler {
    private enum Phase {
        case connecting, firstByte, handshaking, open, plain, closed
    }

    private let stream: ByteStream
    private let session: TLSSession
    private let isServer: Bool
    private var approach: Approach?
    private var delegate: (any SecureStreamDelegate)?
    private var phase: Phase
    private var isPumping = false
    private var peerClosed = false

    // MARK: making

    /// Takes an accepted stream and waits for the client's handshake.
    /// - Throws: `TLSError` when memory is short; the stream is closed then.
    public init(
        accepting stream: ByteStream, context: TLSContext, delegate: any SecureStreamDelegate
    ) throws(TLSError) {
        self.stream = stream
        do {
            session = try TLSSession.make(context, identity: nil, on: stream.loop)
        } catch {
            stream.close()
            throw error
        }
        isServer = true
        approach = Approach()
        phase = .firstByte
        self.delegate = delegate
        stream.start(self)
    }

    /// Dials. The delegate hears `established` or `ended`, never before this returns.
    /// - Parameters:
    ///   - address: where to.
    ///   - source: the local address to dial from, if it matters.
    ///   - context: versions, suites and trust.
    ///   - serverName: the name to ask for (SNI); leave it out for numbers.
    ///   - expectation: whom to insist on.
    ///   - identity: the certificate to show.
    ///   - saved: what an earlier connection to this server left, to resume; kept, and filled anew.
    ///   - loop: the loop it will live on.
    ///   - delegate: who is told; kept until the end.
    /// - Throws: `TLSError` when memory is short or the identity does not fit.
    public init(
        dialling address: SocketAddress, from source: SocketAddress? = nil, context: TLSContext, serverName: String?,
        expecting expectation: Expectation, identity: TLSIdentity?, resuming saved: SavedSession? = nil,
        on loop: EventLoop, delegate: any SecureStreamDelegate
    ) throws(TLSError) {
        session = try TLSSession.make(context, identity: identity, on: loop)
        if let saved { session.resume(saved) }
        session.dial(serverName: serverName, insistingOn: expectation.host)
        isServer = false
        approach = Approach(expectation, saved: saved)
        phase = .connecting
        self.delegate = delegate
        let relay = Relay()
        stream = ByteStream.connect(to: address, from: source, on: loop, handler: relay)
        relay.target = self
    }

    /// Begins TLS, as the client, on a stream that is connected already, and owns it from now on. For those who time TCP
    /// and TLS apart, or have spoken to a proxy before.
    /// - Throws: `TLSError` when memory is short or the identity does not fit; the stream is closed then.
    public init(
        connected stream: ByteStream, context: TLSContext, serverName: String?, expecting expectation: Expectation,
        identity: TLSIdentity?, delegate: any SecureStreamDelegate
    ) throws(TLSError) {
        do {
            session = try TLSSession.make(context, identity: identity, on: stream.loop)
        } catch {
            stream.close()
            throw error
        }
        session.dial(serverName: serverName, insistingOn: expectation.host)
        self.stream = stream
        isServer = false
        approach = Approach(expectation)
        phase = .connecting
        self.delegate = delegate
        streamConnected(stream)
    }

    // MARK: facts

    /// The loop it lives on.
    public var loop: EventLoop { stream.loop }
    /// The peer's address.
    public var peerAddress: SocketAddress? { stream.peer }
    /// This end's address: for an accepted connection the one on which the peer arrived. Nil once closed.
    public var localAddress: SocketAddress? { stream.localAddress }
    /// What the kernel knows of the connection; nil once closed.
    public var figures: TCPFigures? { stream.figures }
    /// Output that the kernel has not taken yet, in bytes.
    public var pendingBytes: Int { stream.pendingBytes }
    /// Output that may wait before the stream ends as `.tooSlow`, in bytes.
    public var pendingBytesMax: Int {
        get { stream.pendingBytesMax }
        set { stream.pendingBytesMax = newValue }
    }
    /// The certificate that the peer showed and that was refused; nil if none was.
    public var refusedCertificate: RefusedCertificate? { approach?.refusedCertificate }
    /// Bytes that came and bytes that were sent until the handshake was done, or failed; 0 once the approach is forgotten.
    public var handshakeBytes: (received: UInt64, sent: UInt64) { approach?.bytes ?? (0, 0) }
    /// Server: the peer is let in, and nobody will ask any more how it came in.
    public func forgetApproach() {
        if isServer, phase == .open { approach = nil }
    }
    /// "TLSv1.3": after the handshake.
    public var tlsVersion: String { session.version }
    /// Whether it is over.
    public var isClosed: Bool { phase == .closed }
    /// Client: the certificates the server sent, its own first; empty before the handshake. A server keeps none.
    public var peerChain: [CertificateFacts] { session.peerChain() }
    /// Server: the name the peer asked for (SNI), or empty.
    public var askedForName: String { session.serverName() }
    /// Runs the body when its descriptor is given back: see `ByteStream.whenClosed`. One body a stream.
    public func whenClosed(_ body: @escaping () -> Void) { stream.whenClosed(body) }
    /// Where a handshake stands: false as long as not a byte came from the peer.
    public var handshakeBegan: Bool { phase != .firstByte && phase != .connecting }

    // MARK: what the byte stream below tells (not for callers)

    /// The dialled stream is up: begins the handshake.
    public func streamConnected(_ stream: ByteStream) {
        guard phase == .connecting else { return }
        phase = .handshaking
        stream.start(self)
        unsafe withBuffers(cipherIn: nil) { advanceHandshake() }
    }

    /// Dialling failed.
    public func stream(_ stream: ByteStream, connectFailed error: LoopError) {
        end(.connectFailed(error))
    }

    /// Ciphertext, or what a stranger typed.
    public func stream(_ stream: ByteStream, received bytes: Span<UInt8>) {
        if phase != .open { approach?.bytes.received &+= UInt64(bytes.count) }
        take(bytes)
    }

    private func take(_ bytes: Span<UInt8>) {
        if phase == .open || phase == .handshaking {
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe withBuffers(cipherIn: bytes) { pump() }
            }
        } else if phase == .firstByte, bytes[0] == 0x16 {
            phase = .handshaking
            take(bytes)
        } else if phase == .firstByte || phase == .plain {
            // A TLS record begins with its type, a handshake's is 22 (RFC 8446 section 5.1). Everything else is somebody
            // who tries the port by hand.
            phase = .plain
            delegate?.secureStream(self, receivedPlain: bytes)
        }
    }

    /// The byte stream ended.
    public func stream(_ stream: ByteStream, ended streamEnd: StreamEnd) {
        switch streamEnd {
        case .finished:
            guard phase == .open, !peerClosed else {
                if phase != .open { end(peerClosed ? .closedByPeer : .endedWithoutClosing) }
                return
            }
            peerClosed = true
            delegate?.secureStream(self, ended: .endedWithoutClosing)
        case .reset: end(.reset)
        case .failed(let error): end(.failed(error))
        case .tooSlow: end(.tooSlow)
        }
    }

    // MARK: moving bytes

    /// Runs the body with the loop's buffers set up for this stream, and sends what it wrote. The buffers are shared: a
    /// call from within another stream's delivery puts that one's input aside.
    private func withBuffers(cipherIn bytes: UnsafeRawBufferPointer?, _ body: () -> Void) {
        let buffers = unsafe loop.buffers
        unsafe buffers.pointee.makeRoom(for: stream)
        let (outerIn, outerCount) = unsafe (buffers.pointee.cipherIn, buffers.pointee.cipherInCount)
        if let bytes = unsafe bytes, let base = bytes.baseAddress {
            unsafe buffers.pointee.cipherIn = unsafe base
            unsafe buffers.pointee.cipherInCount = bytes.count
        } else {
            unsafe buffers.pointee.cipherInCount = 0
        }
        body()
        unsafe buffers.pointee.cipherIn = unsafe outerIn
        unsafe buffers.pointee.cipherInCount = outerCount
        sendCiphertext()
    }

    private func pump() {
        if phase == .handshaking, !advanceHandshake() { return }
        let buffers = unsafe loop.buffers
        isPumping = true
        defer { isPumping = false }
        while phase == .open, !peerClosed {
            switch unsafe session.read(buffers) {
            case .bytes(let count):
                leaveCiphertext()
                let base = unsafe buffers.pointee.plainIn.assumingMemoryBound(to: UInt8.self)
                delegate?.secureStream(self, received: unsafe UnsafeBufferPointer(start: base, count: count).span)
                if unsafe buffers.pointee.cipherInCount == 0, !session.hasPending { return encryptGathered() }
            case .needsMoreBytes:
                return encryptGathered()
            case .closed:
                encryptGathered()
                // The buffer is the loop's: whatever the delegate does with other streams must find it empty.
                sendCiphertext()
                peerClosed = true
                delegate?.secureStream(self, ended: .closedByPeer)
            case .failed(let error):
                encryptGathered()
                sendCiphertext()
                return end(.tls(error.description, error.refusal))
            }
        }
        encryptGathered()
    }

    /// True when the handshake is done.
    @discardableResult
    private func advanceHandshake() -> Bool {
        switch unsafe session.advanceHandshake(loop.buffers) {
        case .needsMoreBytes: return false
        case .failed(let error):
            let refused = unsafe loop.buffers.pointee.refusedValidity
            if refused != (0, 0) {
                approach?.refusedCertificate = RefusedCertificate(
                    uri: unsafe loop.buffers.pointee.refusedURI, issuer: unsafe loop.buffers.pointee.refusedIssuer,
                    notBeforeUnixSeconds: refused.from, notAfterUnixSeconds: refused.until)
            }
            // The alert that says why must still get out.
            sendCiphertext()
            end(.tls(error.description, error.refusal))
            return false
        case .done:
            let (peer, facts) = (session.peerIdentity(), session.facts())
            unsafe session.leaveHandshake(asServer: isServer, loop.buffers)
            if let refusal = refusal(of: peer) {
                unsafe session.sayGoodbye(loop.buffers)
                sendCiphertext()
                end(.tls("TLS handshake: \(refusal)", refusal))
                return false
            }
            unsafe approach?.bytes.sent &+= UInt64(loop.buffers.pointee.cipherOutCount)
            phase = .open
            leaveCiphertext()
            delegate?.secureStream(self, established: facts, peer: peer)
            return phase == .open
        }
    }

    private func refusal(of peer: PeerIdentity?) -> TLSRefusal? {
        guard case .fleetServer(let fleet) = approach?.expectation else { return nil }
        guard let peer else { return .wrongName("no configuration server (it carries no rollcall:// identity)") }
        guard peer.kind == .server, fleet == nil || fleet == peer.fleet else { return .wrongName("“\(peer.uri)”") }
        return nil
    }

    /// Sends bytes over TLS. What is written during a delivery is gathered; otherwise it leaves now.
    public func write(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe write($0) }
    }

    /// The same for an array.
    public func write(_ bytes: [UInt8]) { write(bytes.span) }

    @inline(__always)
    private func write(_ bytes: UnsafeRawBufferPointer) {
        guard phase == .open, bytes.count > 0 else { return }
        if isPumping {
            unsafe gather(bytes)
        } else {
            unsafe withBuffers(cipherIn: nil) { unsafe encrypt(bytes) }
        }
    }

    private func gather(_ bytes: UnsafeRawBufferPointer) {
        let buffers = unsafe loop.buffers
        if unsafe buffers.pointee.plainOutCount + bytes.count > LoopBuffers.plainOutBytesMax { encryptGathered() }
        guard bytes.count <= LoopBuffers.plainOutBytesMax, let base = bytes.baseAddress else {
            return unsafe encrypt(bytes)
        }
        unsafe (buffers.pointee.plainOut + buffers.pointee.plainOutCount).copyMemory(from: base, byteCount: bytes.count)
        unsafe buffers.pointee.plainOutCount += bytes.count
    }

    private func encryptGathered() {
        let buffers = unsafe loop.buffers
        let count = unsafe buffers.pointee.plainOutCount
        guard count > 0 else { return }
        unsafe buffers.pointee.plainOutCount = 0
        guard phase == .open else { return }
        unsafe encrypt(UnsafeRawBufferPointer(start: buffers.pointee.plainOut, count: count))
    }

    private func encrypt(_ bytes: UnsafeRawBufferPointer) {
        var rest = unsafe bytes
        while rest.count > 0 {
            guard let taken = unsafe session.write(rest, loop.buffers) else { return endLater() }
            if taken == 0 || (unsafe loop.buffers.pointee.cipherOutCount) > LoopBuffers.cipherOutBytesMax / 2 {
                let waiting = unsafe loop.buffers.pointee.cipherOutCount
                sendCiphertext()
                // OpenSSL wants to read first, or a full buffer did not empty: no progress is possible here.
                if taken == 0, waiting == 0 { return endLater() }
            }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
        }
    }

    @inline(__always)
    private func sendCiphertext() {
        let buffers = unsafe loop.buffers
        let count = unsafe buffers.pointee.cipherOutCount
        guard count > 0 else { return }
        unsafe buffers.pointee.cipherOutCount = 0
        if phase != .open { approach?.bytes.sent &+= UInt64(count) }
        unsafe stream.write(unsafe UnsafeRawBufferPointer(start: buffers.pointee.cipherOut, count: count))
    }

    /// The delegate is about to be told something: what it answers leaves together with this.
    @inline(__always)
    private func leaveCiphertext() {
        unsafe loop.buffers.pointee.cipherOutOwner = unsafe Unmanaged.passUnretained(stream)
    }

    /// Sends bytes without TLS, to a peer that spoke none.
    public func writePlain(_ bytes: [UInt8]) {
        guard phase == .plain else { return }
        approach?.bytes.sent &+= UInt64(bytes.count)
        stream.write(bytes.span)
    }

    // MARK: ending

    /// Says goodbye, sends what waits, and closes. The delegate hears nothing more.
    public func close() {
        guard phase != .closed else { return }
        if phase == .open {
            if isPumping { encryptGathered() }
            unsafe withBuffers(cipherIn: nil) { unsafe session.sayGoodbye(loop.buffers) }
        }
        // A peer that has said goodbye sends nothing more that closing could cut off, and nothing waits for it.
        let isDone = phase == .connecting || (peerClosed && stream.pendingBytes == 0)
        phase = .closed
        delegate = nil
        if isDone { stream.close() } else { stream.finish() }
    }

    /// Drops everything and resets the connection. The delegate hears nothing more.
    public func reset() {
        guard phase != .closed else { return }
        phase = .closed
        delegate = nil
        unsafe session.forgetKeys(loop.buffers)
        stream.reset()
    }

    /// Lets the kernel ask a silent peer whether it is there.
    public func keepAlive(after delay: Duration) { stream.keepAlive(after: delay) }

    /// Leaves what arrives in the kernel until `resumeReading`.
    public func pauseReading() { stream.pauseReading() }

    /// Reads again.
    public func resumeReading() {
        if phase != .closed { stream.resumeReading() }
    }

    private func end(_ reason: CloseReason) {
        guard phase != .closed else { return }
        phase = .closed
        let delegate = self.delegate
        self.delegate = nil
        unsafe session.forgetKeys(loop.buffers)
        if case .tls = reason { stream.finish() } else { stream.close() }
        delegate?.secureStream(self, ended: reason)
    }

    private func endLater() {
        let bound = LoopBound(self, of: loop)
        loop.post { bound.value.end(.tls("TLS write failed", nil)) }
    }
}
