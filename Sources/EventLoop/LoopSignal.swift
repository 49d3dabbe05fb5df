internal import CLibUV
internal import Glibc

/// Calls back on the loop when the process receives a signal. Confined to its loop; ends when dropped.
public final class LoopSignal {
    private let core: Core

    /// Watches one signal number (SIGTERM, SIGINT, SIGHUP).
    /// - Throws: `LoopError` if the signal cannot be watched.
    public init(_ number: Int32, on loop: EventLoop, _ body: @escaping () -> Void) throws(LoopError) {
        core = Core(loop: loop, body: body)
        try core.start(number)
    }

    deinit { core.end() }

    @safe private final class Core {
        let loop: EventLoop
        let handle: UnsafeMutablePointer<uv_signal_t>
        let body: () -> Void

        init(loop: EventLoop, body: @escaping () -> Void) {
            loop.assertInLoop()
            self.loop = loop
            self.body = body
            unsafe handle = .allocate(capacity: 1)
            unsafe uv_signal_init(loop.raw, handle)
            unsafe handle.pointee.data = unsafe Unmanaged.passRetained(self).toOpaque()
        }

        deinit { unsafe handle.deallocate() }

        func start(_ number: Int32) throws(LoopError) {
            try LoopError.check(
                unsafe uv_signal_start(
                    handle,
                    { handle, _ in
                        guard let data = unsafe handle?.pointee.data else { return }
                        unsafe Unmanaged<Core>.fromOpaque(data).takeUnretainedValue().body()
                    }, number), "watch signal \(number)")
            // Signal masks are inherited: a parent may have started us from a thread that blocks this one, and then it
            // would never arrive.
            var signals = sigset_t()
            unsafe sigemptyset(&signals)
            unsafe sigaddset(&signals, number)
            unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        }

        func end() {
            let asHandle = unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
            if unsafe uv_is_closing(asHandle) == 0 { unsafe LoopHandle.close(asHandle) }
        }
    }
}
