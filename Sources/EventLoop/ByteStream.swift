internal import CLibUV
internal import Glibc

/// How a stream ended, as far as this end can tell.
public enum StreamEnd: Hashable, Sendable {
    /// The peer said it sends no more (FIN). This end can still write.
    case finished
    /// The peer reset the connection, or wrote into one that it had closed.
    case reset
    /// A read or write failed otherwise: time-out of the kernel's, unreachable.
    case failed(LoopError)
    /// More output was waiting than the limit allows: the peer reads too slowly.
    case tooSlow(pendingBytes: Int)
}

/// What a stream tells its owner. All calls are on the loop's thread. After `close` or `reset` none comes any more.
public protocol ByteStreamHandler: AnyObject {
    /// A dialled stream is connected. Not called for accepted ones.
    func streamConnected(_ stream: ByteStream)
    /// Dialling failed; the stream is closed.
    func stream(_ stream: ByteStream, connectFailed error: LoopError)
    /// Bytes arrived. They are lent for the call.
    func stream(_ stream: ByteStream, received bytes: Span<UInt8>)
    /// The peer is done or gone. After anything but `.finished` the stream is useless; close it.
    func stream(_ stream: ByteStream, ended end: StreamEnd)
}

/// A connected TCP or local socket on a loop: bytes in, bytes out. Confined to its loop. libuv keeps it alive until it
/// is closed.
@safe public final class ByteStream {
    /// The loop it lives on.
    public let loop: EventLoop
    /// The address dialled, or the peer's.
    public let peer: SocketAddress?
    /// Output that may wait for a slow reader, in bytes, before the stream ends as `.tooSlow`; 2 GiB at most.
    public var pendingBytesMax: Int {
        get { Int(pendingMax) }
        set { pendingMax = Int32(clamping: newValue) }
    }
    private var pendingMax: Int32 = 1024 * 1024
    private let handle: UnsafeMutablePointer<uv_stream_t>
    private var handler: (any ByteStreamHandler)?
    private var connectRequest: UnsafeMutablePointer<uv_connect_t>?
    private var ending: Ending?
    private var isReading = false
    /// Its end is decided and about to be told; nothing more is written.
    private var hasFailed = false
    private var inputIsDone = false

    private var isFinishing: Bool { ending?.timer != nil }

    private func end() -> Ending {
        let ending = ending ?? Ending()
        self.ending = ending
        return ending
    }

    /// How long `finish` waits for the peer to read and to close.
    static let lingerMax = Duration.seconds(3)
    /// What `finish` reads and drops at most.
    static let discardedBytesMax = 1024 * 1024

    /// Takes over an accepted, connected socket and closes it in the end, also when this throws.
    /// - Throws: `LoopError` if libuv does not take it.
    package convenience init(
        accepted descriptor: Int32, local: Bool, peer: SocketAddress?, on loop: EventLoop
    ) throws(LoopError) {
        self.init(local: local, peer: peer, on: loop)
        let result: Int32
        if local {
            result = unsafe uv_pipe_open(asPipe, descriptor)
        } else {
            // Without Nagle's delay, as its listener is.
            result = unsafe uv_tcp_open(asTCP, descriptor)
        }
        if result < 0 {
            Glibc.close(descriptor)
            close()
            throw LoopError(code: result, operation: "take an accepted connection")
        }
    }

    private init(local: Bool, peer: SocketAddress?, on loop: EventLoop) {
        loop.assertInLoop()
        self.loop = loop
        self.peer = peer
        let size = uv_handle_size(local ? UV_NAMED_PIPE : UV_TCP)
        unsafe handle = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
            .assumingMemoryBound(to: uv_stream_t.self)
        if local {
            unsafe _ = uv_pipe_init(loop.raw, asPipe, 0)
        } else {
            unsafe _ = uv_tcp_init(loop.raw, asTCP)
        }
        unsafe handle.pointee.data = unsafe Unmanaged.passRetained(self).toOpaque()
    }

    deinit {
        unsafe connectRequest?.deallocate()
        unsafe UnsafeMutableRawPointer(handle).deallocate()
    }

    /// Dials. The handler hears `streamConnected` or `connectFailed` in a later turn, never before this returns.
    public static func connect(
        to address: SocketAddress, from source: SocketAddress? = nil, on loop: EventLoop, handler: any ByteStreamHandler
    ) -> ByteStream {
        let stream = ByteStream(local: address.family == .local, peer: address, on: loop)
        stream.handler = handler
        stream.dial(address, from: source)
        return stream
    }

    private func dial(_ address: SocketAddress, from source: SocketAddress?) {
        let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
        unsafe connectRequest = unsafe request
        let connected: uv_connect_cb = { request, status in
            guard let data = unsafe request?.pointee.handle?.pointee.data else { return }
            let stream = unsafe Unmanaged<ByteStream>.fromOpaque(data).takeUnretainedValue()
            stream.finishConnecting(status)
        }
        var result: Int32 = 0
        if address.family == .local {
            unsafe uv_pipe_connect(request, asPipe, address.host, connected)
        } else {
            if let source {
                result = unsafe source.withSockaddr { address, _ in unsafe uv_tcp_bind(asTCP, address, 0) }
            }
            if result == 0 {
                result = unsafe address.withSockaddr { address, _ in
                    unsafe uv_tcp_connect(request, asTCP, address, connected)
                }
            }
        }
        if result < 0 {
            let bound = LoopBound((stream: self, result: result), of: loop)
            loop.post { bound.value.stream.finishConnecting(bound.value.result) }
        }
    }

    private func finishConnecting(_ status: Int32) {
        guard !isClosing, let handler else { return }
        guard status == 0 else {
            let error = LoopError(code: status, operation: "connect to \(peer.map(String.init(describing:)) ?? "peer")")
            close()
            return handler.stream(self, connectFailed: error)
        }
        if peer?.family != .local { unsafe _ = uv_tcp_nodelay(asTCP, 1) }
        handler.streamConnected(self)
    }

    /// Sets who is told, and begins to read.
    public func start(_ handler: any ByteStreamHandler) {
        loop.assertInLoop()
        self.handler = handler
        resumeReading()
    }

    /// Reads again after `pauseReading`. Nothing happens on a stream that reads, or is closed.
    public func resumeReading() {
        guard !isReading, !isClosing else { return }
        isReading = true
        unsafe _ = uv_read_start(
            handle,
            { handle, _, buffer in
                guard let handle = unsafe handle, let buffer = unsafe buffer, let data = unsafe handle.pointee.data
                else {
                    return
                }
                let loop = unsafe Unmanaged<ByteStream>.fromOpaque(data)._withUnsafeGuaranteedRef { $0.loop }
                unsafe buffer.pointee.base = unsafe loop.buffers.pointee.readBase.assumingMemoryBound(to: CChar.self)
                unsafe buffer.pointee.len = LoopBuffers.readBytesMax
            },
            { handle, count, _ in
                guard count != 0, let handle = unsafe handle, let data = unsafe handle.pointee.data else { return }
                let stream = unsafe Unmanaged<ByteStream>.fromOpaque(data).takeUnretainedValue()
                stream.readDone(count)
            })
    }

    /// Leaves what arrives in the kernel until `resumeReading`; a fast sender is slowed down by TCP.
    public func pauseReading() {
        guard isReading else { return }
        isReading = false
        unsafe _ = uv_read_stop(handle)
    }

    @inline(__always)
    private func readDone(_ count: Int) {
        guard let handler else { return isFinishing ? discard(count) : () }
        if count > 0 {
            loop.countRead()
            let base = unsafe loop.buffers.pointee.readBase.assumingMemoryBound(to: UInt8.self)
            handler.stream(self, received: unsafe UnsafeBufferPointer(start: base, count: count).span)
        } else {
            isReading = false
            inputIsDone = true
            unsafe _ = uv_read_stop(handle)
            handler.stream(self, ended: Self.end(of: Int32(count)))
        }
    }

    private static func end(of code: Int32) -> StreamEnd {
        if code == UV_EOF.rawValue { return .finished }
        let error = LoopError(code: code, operation: "read")
        return error.isConnectionReset ? .reset : .failed(error)
    }

    /// Output that the kernel has not taken yet, in bytes.
    public var pendingBytes: Int { unsafe uv_stream_get_write_queue_size(handle) }

    /// Writes, at once if the kernel takes it; the rest is copied and waits. A stream that fails or is too slow tells
    /// its handler in a later turn.
    public func write(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe write($0) }
    }

    /// The same for an array.
    public func write(_ bytes: [UInt8]) { write(bytes.span) }

    /// The same for bytes at a raw place.
    package func write(_ bytes: UnsafeRawBufferPointer) {
        loop.assertInLoop()
        guard !isClosing, !isFinishing, !hasFailed, let base = bytes.baseAddress, bytes.count > 0 else { return }
        var buffer = unsafe uv_buf_t(
            base: UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: CChar.self)), len: bytes.count)
        let taken = unsafe uv_try_write(handle, &buffer, 1)
        if Int(taken) == bytes.count { return }
        if taken < 0, taken != UV_EAGAIN.rawValue { return failLater(taken) }
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[max(0, Int(taken))...])
        guard pendingBytes + rest.count <= pendingBytesMax else {
            return endLater(.tooSlow(pendingBytes: pendingBytes + rest.count))
        }
        unsafe queue(rest)
    }

    /// A request with the bytes behind it in one block: freed as one when libuv is done.
    private func queue(_ bytes: UnsafeRawBufferPointer) {
        let header = unsafe (MemoryLayout<uv_write_t>.size + 15) & ~15
        let block = UnsafeMutableRawPointer.allocate(byteCount: header + bytes.count, alignment: 16)
        guard let source = bytes.baseAddress else { return }
        unsafe (block + header).copyMemory(from: source, byteCount: bytes.count)
        let request = unsafe block.assumingMemoryBound(to: uv_write_t.self)
        var buffer = unsafe uv_buf_t(base: (block + header).assumingMemoryBound(to: CChar.self), len: bytes.count)
        let result = unsafe uv_write(request, handle, &buffer, 1) { request, status in
            guard let request = unsafe request else { return }
            let data = unsafe request.pointee.handle?.pointee.data
            unsafe UnsafeMutableRawPointer(request).deallocate()
            guard status < 0, status != UV_ECANCELED.rawValue, let data = unsafe data else { return }
            unsafe Unmanaged<ByteStream>.fromOpaque(data).takeUnretainedValue().failLater(status)
        }
        if result < 0 {
            unsafe block.deallocate()
            failLater(result)
        }
    }

    private func failLater(_ code: Int32) {
        let error = LoopError(code: code, operation: "write")
        endLater(error.isConnectionReset ? .reset : .failed(error))
    }

    private func endLater(_ end: StreamEnd) {
        guard !hasFailed else { return }
        pauseReading()
        hasFailed = true
        let bound = LoopBound(self, of: loop)
        loop.post {
            let stream = bound.value
            if !stream.isClosing { stream.handler?.stream(stream, ended: end) }
        }
    }

    /// Sends what waits, then FIN, and closes when the peer has done so too. Until then what arrives is read and
    /// dropped: closing over unread bytes would reset the connection, and the peer could lose the last thing it was
    /// told. Gives up after `lingerMax`. The handler hears nothing more.
    public func finish() {
        loop.assertInLoop()
        guard !isClosing, !isFinishing else { return }
        // What waits cannot be sent any more.
        guard !hasFailed else { return close() }
        handler = nil
        let timer = LoopTimer(on: loop)
        end().timer = timer
        timer.start(after: Self.lingerMax) { [weak self] in self?.close() }
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        let result = unsafe uv_shutdown(request, handle) { request, _ in
            guard let request = unsafe request else { return }
            if let data = unsafe request.pointee.handle?.pointee.data {
                unsafe Unmanaged<ByteStream>.fromOpaque(data).takeUnretainedValue().outputIsDone()
            }
            unsafe request.deallocate()
        }
        guard result == 0 else {
            unsafe request.deallocate()
            return close()
        }
        if !inputIsDone { resumeReading() }
    }

    private func outputIsDone() {
        ending?.outputIsDone = true
        if inputIsDone { close() }
    }

    /// After `finish`: reads what the peer still sends, within limits.
    private func discard(_ count: Int) {
        guard let ending else { return }
        ending.discardedBytes += max(0, count)
        if count < 0 { inputIsDone = true }
        if (inputIsDone && ending.outputIsDone) || ending.discardedBytes > Self.discardedBytesMax { close() }
    }

    /// Closes now; what waits is dropped. The handler hears nothing more. Calling it again does nothing.
    public func close() {
        loop.assertInLoop()
        handler = nil
        ending?.timer = nil
        guard !isClosing else { return }
        unsafe LoopHandle.close(asHandle)
        tellClosed()
    }

    /// Closes with a TCP reset, which frees the kernel's state at once. The handler hears nothing more.
    public func reset() {
        loop.assertInLoop()
        handler = nil
        guard !isClosing else { return }
        guard unsafe handle.pointee.type == UV_TCP, !isFinishing else { return close() }
        let result = unsafe uv_tcp_close_reset(asTCP) { handle in
            if let data = unsafe handle?.pointee.data { unsafe Unmanaged<AnyObject>.fromOpaque(data).release() }
        }
        if result < 0 { close() } else { tellClosed() }
    }

    /// Runs the body when the descriptor is given back to the kernel: after `finish` that is later than the call. At once
    /// if it has been. One body a stream: a second one takes the place of the first.
    public func whenClosed(_ body: @escaping () -> Void) {
        loop.assertInLoop()
        if isClosing { body() } else { end().closedBody = body }
    }

    private func tellClosed() {
        let body = ending?.closedBody
        ending = nil
        body?()
    }

    /// Whether it is closed or about to be.
    public var isClosing: Bool { unsafe uv_is_closing(asHandle) != 0 }

    /// This end's address; nil once closed. For an accepted connection: the address on which the peer arrived.
    public var localAddress: SocketAddress? {
        guard !isClosing, unsafe handle.pointee.type == UV_TCP else { return nil }
        var storage = sockaddr_storage()
        var length = Int32(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe uv_tcp_getsockname(
                asTCP, UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), &length)
        }
        return result == 0 ? SocketAddress(storage) : nil
    }

    /// Lets the kernel ask a silent peer whether it is there, first after the delay, so that a connection that is not
    /// used for hours does not outlive its peer.
    public func keepAlive(after delay: Duration) {
        guard !isClosing, unsafe handle.pointee.type == UV_TCP else { return }
        unsafe _ = uv_tcp_keepalive(asTCP, 1, UInt32(clamping: max(1, delay.components.seconds)))
    }

    /// User id of the process at the other end of a local socket; nil for TCP.
    public var peerUserID: UInt32? {
        guard let descriptor else { return nil }
        let user = rollcall_peer_user(descriptor)
        return user < 0 ? nil : UInt32(user)
    }

    /// The kernel's name for it, still owned by the stream; nil once closed.
    var descriptor: Int32? {
        var descriptor: uv_os_fd_t = -1
        guard !isClosing, unsafe uv_fileno(asHandle, &descriptor) == 0 else { return nil }
        return descriptor
    }

    private var asHandle: UnsafeMutablePointer<uv_handle_t> {
        unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
    }
    private var asTCP: UnsafeMutablePointer<uv_tcp_t> {
        unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_tcp_t.self)
    }
    private var asPipe: UnsafeMutablePointer<uv_pipe_t> {
        unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_pipe_t.self)
    }
}
