internal import CLibUV
internal import Glibc
internal import Synchronization

/// One libuv loop and the thread that runs it. Everything that belongs to a loop (streams, timers, listeners, and the
/// objects above them) is confined to that thread; other threads may only `post`.
///
/// The class is `Sendable` for the sake of `post`; whatever else is called checks in debug builds that it is on the
/// loop's thread. Before `run` the creating thread may set things up.
@safe public final class EventLoop: @unchecked Sendable {
    let raw: UnsafeMutablePointer<uv_loop_t>
    /// Buffers that this loop's connections share.
    package let buffers: UnsafeMutablePointer<LoopBuffers>
    private let wake: UnsafeMutablePointer<uv_async_t>
    private let beforeSleep: UnsafeMutablePointer<uv_prepare_t>
    private let afterSleep: UnsafeMutablePointer<uv_check_t>
    private let mailbox = CrossLoopMailbox()
    /// Letters that were taken out of it and not read yet.
    private var unread: ArraySlice<@Sendable () -> Void> = []
    /// The running thread as `pthread_t`, 0 while none runs.
    private let thread = Atomic<UInt>(0)
    private let accepting = Atomic<Bool>(true)
    private var gatheringMicroseconds: UInt32 = 0
    private var lookBegan: UInt64 = 0
    private var readsThisTurn = 0
    private var firstReadAt: UInt64 = 0
    private var sleepHooks: [() -> Void] = []
    private var isOpen = false

    /// Makes a loop. The process ignores SIGPIPE from then on: libuv writes with `write(2)`, and a peer that is gone
    /// must be an error of one connection.
    /// - Throws: `LoopError` when descriptors or memory are short.
    public init() throws(LoopError) {
        signal(SIGPIPE, SIG_IGN)
        unsafe raw = .allocate(capacity: 1)
        unsafe buffers = .allocate(capacity: 1)
        unsafe buffers.initialize(to: LoopBuffers())
        unsafe wake = .allocate(capacity: 1)
        unsafe beforeSleep = .allocate(capacity: 1)
        unsafe afterSleep = .allocate(capacity: 1)
        try LoopError.check(unsafe uv_loop_init(raw), "make an event loop")
        isOpen = true
        try LoopError.check(
            unsafe uv_async_init(raw, wake) { handle in
                if let handle = unsafe handle { unsafe EventLoop.owner(of: handle.pointee.data).readMail() }
            }, "make an event loop")
        try LoopError.check(unsafe uv_prepare_init(raw, beforeSleep), "make an event loop")
        try LoopError.check(unsafe uv_check_init(raw, afterSleep), "make an event loop")
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe wake.pointee.data = unsafe me
        unsafe beforeSleep.pointee.data = unsafe me
        unsafe afterSleep.pointee.data = unsafe me
        // Hooks do not keep a loop alive that has nothing else to do; the mailbox does.
        unsafe uv_unref(UnsafeMutableRawPointer(beforeSleep).assumingMemoryBound(to: uv_handle_t.self))
        unsafe uv_unref(UnsafeMutableRawPointer(afterSleep).assumingMemoryBound(to: uv_handle_t.self))
        unsafe _ = uv_prepare_start(beforeSleep) { handle in
            if let handle = unsafe handle { unsafe EventLoop.owner(of: handle.pointee.data).isAboutToLook() }
        }
        unsafe _ = uv_check_start(afterSleep) { handle in
            if let handle = unsafe handle { unsafe EventLoop.owner(of: handle.pointee.data).hasLooked() }
        }
        caughtUpTo = now
    }

    deinit {
        // `run` closed every handle; a loop that never ran has only its own three.
        if isOpen {
            closeEverything()
            unsafe _ = uv_loop_close(raw)
        }
        unsafe raw.deallocate()
        unsafe buffers.pointee.deallocate()
        unsafe buffers.deallocate()
        unsafe wake.deallocate()
        unsafe beforeSleep.deallocate()
        unsafe afterSleep.deallocate()
    }

    private static func owner(of data: UnsafeMutableRawPointer?) -> EventLoop {
        guard let data = unsafe data else { preconditionFailure("a loop's handle without its loop") }
        return unsafe Unmanaged<EventLoop>.fromOpaque(data).takeUnretainedValue()
    }

    // MARK: running

    /// Runs in the calling thread until `stop`. Afterwards the loop can run again.
    public func run() {
        precondition(thread.load(ordering: .relaxed) == 0, "this loop runs already")
        thread.store(UInt(pthread_self()), ordering: .sequentiallyConsistent)
        unsafe _ = uv_run(raw, UV_RUN_DEFAULT)
        thread.store(0, ordering: .sequentiallyConsistent)
    }

    /// Ends `run` after this turn. Any thread.
    public func stop() {
        post { unsafe uv_stop(self.raw) }
    }

    /// Runs the body on the loop's thread, in the order of posting. Any thread. The loop is woken once per batch.
    public func post(_ body: @escaping @Sendable () -> Void) {
        if mailbox.put(body) { unsafe _ = uv_async_send(wake) }
    }

    /// Runs what others posted, but not for long: a commit of a thousand registrations answers them in one batch, and
    /// whoever beats meanwhile is not to wait for all of them. The rest follows when the sockets had their turn.
    private func readMail() {
        let isRest = !unread.isEmpty
        if !isRest { unread = mailbox.takeAll()[...] }
        let end = uv_hrtime() + Self.mailNanosecondsMax
        while let letter = unread.popFirst() {
            letter()
            if uv_hrtime() >= end { break }
        }
        // What came while there was a rest has rung for it.
        if isRest || !unread.isEmpty { unsafe _ = uv_async_send(wake) }
    }

    private static let mailNanosecondsMax: UInt64 = 500_000

    /// Whether the caller is on the loop's thread (or the loop does not run).
    public var isInLoop: Bool {
        let running = thread.load(ordering: .relaxed)
        return running == 0 || running == UInt(pthread_self())
    }

    /// Checks in debug builds that the caller may touch this loop's objects.
    @inline(__always)
    package func assertInLoop() {
        assert(isInLoop, "called on a thread that is not the loop's")
    }

    /// Checks in every build.
    func preconditionInLoop() {
        precondition(isInLoop, "an object of a loop was opened on another thread")
    }

    // MARK: time

    /// Milliseconds of a monotonic clock, read once per turn. Loop's thread.
    public var now: UInt64 { unsafe uv_now(raw) }

    /// Reads the clock again, after long work in one callback. Loop's thread.
    public func updateTime() { unsafe uv_update_time(raw) }

    /// Nanoseconds of the same monotonic clock, read now. Any thread.
    public static var monotonicNanoseconds: UInt64 { uv_hrtime() }

    /// What had arrived by this time, of the same clock, has been taken in; what came later may still wait to be read, for as
    /// long as the loop is behind. Timers come before input: one that judges who is late judges as of this time. Loop's thread.
    public private(set) var caughtUpTo: UInt64 = 0

    // MARK: hooks

    /// Runs the body before each sleep, when everything that had arrived is done. Loop's thread; for good.
    public func beforeSleeping(_ body: @escaping () -> Void) {
        assertInLoop()
        sleepHooks.append(body)
    }

    private func isAboutToLook() {
        lookBegan = now
        sleepHooks.forEach { $0() }
    }

    private func hasLooked() {
        if readsThisTurn < Self.readsPerLookMax { caughtUpTo = lookBegan }
        if gatheringMicroseconds > 0, readsThisTurn > 0 { gather() }
        readsThisTurn = 0
    }

    /// libuv takes 48 times 1,024 events from the kernel before it looks at its timers again (`uv__io_poll`): whoever is told
    /// nearly as many has not seen all.
    private static let readsPerLookMax = 48 * 1_000

    /// Lets arrivals gather: after a turn that read something but little (a loop at rest, not one under load), the
    /// loop sleeps this long before it looks again, so that one wake-up serves many. Halves the processor time of a
    /// paced load at the price of as much latency. Zero switches it off; at most a second. Loop's thread.
    public func gatherArrivals(for duration: Duration) {
        assertInLoop()
        gatheringMicroseconds = UInt32(clamping: Int64(max(.zero, min(duration, .seconds(1))) / .microseconds(1)))
    }

    private func gather() {
        let worked = uv_hrtime() &- firstReadAt
        if unread.isEmpty, readsThisTurn < Self.busyTurnReads, worked < UInt64(gatheringMicroseconds) * 1_000 {
            usleep(gatheringMicroseconds)
        }
    }

    /// A turn with this many reads, or one that took longer than it would wait (handshakes), is a loop under load: it
    /// needs no pause to gather more.
    private static let busyTurnReads = 256

    @inline(__always)
    func countRead() {
        if readsThisTurn == 0 { firstReadAt = uv_hrtime() }
        readsThisTurn &+= 1
    }

    // MARK: the end

    /// Closes every handle of the loop and runs it until they are gone. What was posted and not run is dropped, with all
    /// that it holds. For the thread that ran it, after `run`.
    public func closeEverything() {
        unsafe uv_walk(
            raw,
            { handle, _ in
                if let handle = unsafe handle, unsafe uv_is_closing(handle) == 0 { unsafe LoopHandle.close(handle) }
            }, nil)
        unsafe _ = uv_run(raw, UV_RUN_DEFAULT)
        unread = []
        _ = mailbox.takeAll()
    }
}

/// How handles end. The owner of a handle is retained by the handle (`data`) from its start to the close callback, so
/// that no callback can meet an owner that is gone.
enum LoopHandle {
    /// Owners whose handle lives inside them.
    typealias Owner = AnyObject

    /// Closes a handle whatever it is; frees nothing, the owner does that when it goes.
    static func close(_ handle: UnsafeMutablePointer<uv_handle_t>) {
        switch unsafe handle.pointee.type {
        case UV_ASYNC, UV_PREPARE, UV_CHECK:
            // The loop's own: unretained.
            unsafe uv_close(handle, nil)
        default:
            unsafe uv_close(handle) { handle in
                if let data = unsafe handle?.pointee.data { unsafe Unmanaged<AnyObject>.fromOpaque(data).release() }
            }
        }
    }
}
