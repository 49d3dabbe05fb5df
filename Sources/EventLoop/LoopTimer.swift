internal import CLibUV

/// One deadline of one owner. Confined to its loop. A timer that is dropped is cancelled.
public final class LoopTimer {
    private let core: Core

    /// A timer that does not run yet.
    public init(on loop: EventLoop) {
        core = Core(loop: loop)
    }

    deinit { core.end() }

    /// Runs the body after the delay, and then again each period if one is given. A running timer starts anew.
    /// Delays are rounded up to milliseconds.
    public func start(after delay: Duration, repeating period: Duration? = nil, _ body: @escaping () -> Void) {
        core.body = body
        core.start(delay: Self.milliseconds(delay), period: period.map { max(1, Self.milliseconds($0)) } ?? 0)
    }

    /// The body is not called any more, until the next `start`.
    public func cancel() { core.stop() }

    private static func milliseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds) &* 1000 &+ UInt64((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// Owns the handle and outlives the timer until libuv has let go of it.
    @safe private final class Core {
        let loop: EventLoop
        let handle: UnsafeMutablePointer<uv_timer_t>
        var body: (() -> Void)?

        init(loop: EventLoop) {
            loop.assertInLoop()
            self.loop = loop
            unsafe handle = .allocate(capacity: 1)
            unsafe uv_timer_init(loop.raw, handle)
            unsafe handle.pointee.data = unsafe Unmanaged.passRetained(self).toOpaque()
        }

        deinit { unsafe handle.deallocate() }

        func start(delay: UInt64, period: UInt64) {
            loop.assertInLoop()
            guard unsafe uv_is_closing(asHandle) == 0 else { return }
            unsafe uv_timer_start(
                handle,
                { handle in
                    guard let data = unsafe handle?.pointee.data else { return }
                    unsafe Unmanaged<Core>.fromOpaque(data).takeUnretainedValue().body?()
                }, delay, period)
        }

        func stop() {
            loop.assertInLoop()
            unsafe uv_timer_stop(handle)
            body = nil
        }

        func end() {
            guard unsafe uv_is_closing(asHandle) == 0 else { return }
            stop()
            unsafe LoopHandle.close(asHandle)
        }

        private var asHandle: UnsafeMutablePointer<uv_handle_t> {
            unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
        }
    }
}
