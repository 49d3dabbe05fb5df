internal import CLibUV

/// A loop with a thread of its own. The loop runs from the start until `stop`; `join` waits for its end.
@safe public final class EventLoopThread: @unchecked Sendable {
    /// The loop. Post to it from anywhere.
    public let loop: EventLoop
    private let thread: UnsafeMutablePointer<uv_thread_t>

    /// Starts the thread. `setUp` is the first thing the loop runs, before anything that others post; `tearDown` runs after the loop has stopped and before its
    /// handles are closed.
    /// - Throws: `LoopError` if the loop or the thread cannot be made.
    public init(
        setUp: @escaping @Sendable (EventLoop) -> Void = { _ in },
        tearDown: @escaping @Sendable (EventLoop) -> Void = { _ in }
    ) throws(LoopError) {
        let loop = try EventLoop()
        self.loop = loop
        unsafe thread = .allocate(capacity: 1)
        // Before anybody else knows the loop.
        loop.post { setUp(loop) }
        let life = Life {
            loop.run()
            tearDown(loop)
            loop.closeEverything()
        }
        let argument = unsafe Unmanaged.passRetained(life).toOpaque()
        let result = unsafe uv_thread_create(
            thread,
            { argument in
                guard let argument = unsafe argument else { return }
                unsafe Unmanaged<Life>.fromOpaque(argument).takeRetainedValue().body()
            }, argument)
        if result < 0 { unsafe Unmanaged<Life>.fromOpaque(argument).release() }
        try LoopError.check(result, "start a thread for an event loop")
    }

    deinit { unsafe thread.deallocate() }

    /// Waits until the thread has ended. Call once, not from the loop, after `loop.stop()`.
    public func join() { unsafe _ = uv_thread_join(thread) }

    private final class Life: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
