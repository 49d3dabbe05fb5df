internal import CLibUV
internal import Glibc
internal import Synchronization

/// Accepts connections on a TCP address or a local socket. Confined to its loop; closes when dropped.
///
/// It accepts for itself rather than through libuv, for three reasons: several loops share one port (SO_REUSEPORT,
/// which libuv 1.44 does not know); a burst of newcomers must not starve those who are in (a batch per turn); and when
/// descriptors run out, newcomers are refused one by one with a spare descriptor instead of spinning on EMFILE.
public final class Listener {
    /// What it accepted, or that it could not.
    public enum Event {
        /// A newcomer. Start it or close it.
        case accepted(ByteStream)
        /// Descriptors ran out; this many newcomers were turned away just now.
        case outOfDescriptors(refused: Int)
    }

    /// Newcomers taken per turn of the loop.
    static let batchMax = 64
    /// How long the listener looks away when it has not even a spare descriptor left.
    static let pause = Duration.milliseconds(100)

    /// Where it listens, with the real port.
    public let address: SocketAddress
    /// When, on the loop's clock, it last took as many as it takes in a turn: more may be waiting. Zero: never yet.
    public var fullBatchAt: UInt64 { core.fullBatchAt }
    private let core: Core

    /// Listens on a bound, listening socket made by `ListeningSocket`, which it owns from now on.
    /// - Throws: `LoopError`; the socket is closed then.
    public init(
        _ socket: ListeningSocket, on loop: EventLoop, onEvent: @escaping (Event) -> Void
    ) throws(LoopError) {
        address = socket.address
        core = Core(
            descriptor: socket.take(), isLocal: address.family == .local, loop: loop, onEvent: onEvent)
        try core.start()
    }

    deinit { core.end() }

    @safe private final class Core {
        let loop: EventLoop
        let isLocal: Bool
        let descriptor: Int32
        let onEvent: (Event) -> Void
        let poll: UnsafeMutablePointer<uv_poll_t>
        var pauseTimer: LoopTimer?
        private(set) var fullBatchAt: UInt64 = 0
        private var isStarted = false

        init(descriptor: Int32, isLocal: Bool, loop: EventLoop, onEvent: @escaping (Event) -> Void) {
            loop.assertInLoop()
            self.loop = loop
            self.isLocal = isLocal
            self.descriptor = descriptor
            self.onEvent = onEvent
            unsafe poll = .allocate(capacity: 1)
        }

        deinit {
            unsafe poll.deallocate()
            close(descriptor)
        }

        func start() throws(LoopError) {
            SpareDescriptor.prepare()
            try LoopError.check(unsafe uv_poll_init(loop.raw, poll, descriptor), "listen")
            unsafe poll.pointee.data = unsafe Unmanaged.passRetained(self).toOpaque()
            isStarted = true
            resume()
        }

        func resume() {
            guard unsafe uv_is_closing(asHandle) == 0 else { return }
            unsafe _ = uv_poll_start(poll, Int32(UV_READABLE.rawValue)) { handle, _, _ in
                guard let data = unsafe handle?.pointee.data else { return }
                unsafe Unmanaged<Core>.fromOpaque(data).takeUnretainedValue().acceptBatch()
            }
        }

        func acceptBatch() {
            for _ in 0..<Listener.batchMax {
                var storage = sockaddr_storage()
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                let accepted = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
                    unsafe rollcall_accept(
                        descriptor, UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), &length)
                }
                if accepted >= 0 {
                    let peer = isLocal ? nil : SocketAddress(storage)
                    if let stream = try? ByteStream(accepted: accepted, local: isLocal, peer: peer, on: loop) {
                        onEvent(.accepted(stream))
                    }
                    if unsafe uv_is_closing(asHandle) != 0 { return }
                    continue
                }
                switch errno {
                case EINTR, ECONNABORTED, EPROTO: continue
                case EMFILE, ENFILE, ENOBUFS, ENOMEM: return refuseWaiting()
                default: return
                }
            }
            fullBatchAt = loop.now
        }

        /// Out of descriptors: those who wait get a reset, so that they know and come back later.
        func refuseWaiting() {
            let refused = SpareDescriptor.refuse(on: descriptor, atMost: Listener.batchMax)
            onEvent(.outOfDescriptors(refused: refused))
            guard unsafe uv_is_closing(asHandle) == 0 else { return }
            // Whether or not somebody could be refused: look away for a moment instead of spinning.
            unsafe _ = uv_poll_stop(poll)
            let timer = pauseTimer ?? LoopTimer(on: loop)
            pauseTimer = timer
            timer.start(after: Listener.pause) { [weak self] in self?.resume() }
        }

        func end() {
            pauseTimer = nil
            guard isStarted, unsafe uv_is_closing(asHandle) == 0 else { return }
            unsafe LoopHandle.close(asHandle)
        }

        private var asHandle: UnsafeMutablePointer<uv_handle_t> {
            unsafe UnsafeMutableRawPointer(poll).assumingMemoryBound(to: uv_handle_t.self)
        }
    }
}

/// One descriptor of the process kept for the day when there are none left: given up for a moment, it lets a listener
/// accept a newcomer and close it.
private enum SpareDescriptor {
    private static let spare = Mutex<Int32>(-1)

    static func prepare() {
        spare.withLock { if $0 < 0 { $0 = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) } }
    }

    static func refuse(on listener: Int32, atMost limit: Int) -> Int {
        spare.withLock { spare in
            guard spare >= 0 else {
                spare = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
                return 0
            }
            close(spare)
            var refused = 0
            while refused < limit {
                let newcomer = rollcall_accept(listener, nil, nil)
                guard newcomer >= 0 else { break }
                var option = linger(l_onoff: 1, l_linger: 0)
                unsafe _ = setsockopt(newcomer, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
                close(newcomer)
                refused += 1
            }
            spare = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
            return refused
        }
    }
}
