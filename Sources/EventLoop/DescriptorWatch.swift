internal import CLibUV
internal import Glibc

/// Owns a descriptor that is no stream of libuv's, and calls back when it can be read or written. Confined to its loop;
/// closes the descriptor when it ends, or hands it over. One that is dropped has ended.
final class DescriptorWatch {
    /// What the kernel reports, as bits (`uv_poll_event`).
    struct Events: OptionSet {
        let rawValue: Int32
        static let readable = Events(rawValue: 1)
        static let writable = Events(rawValue: 2)
    }

    let descriptor: Int32
    private let core: Core
    private var ownsDescriptor = true

    /// Owns `descriptor` from now on, also when this throws.
    /// - Throws: `LoopError` if it cannot be watched.
    init(_ descriptor: Int32, on loop: EventLoop) throws(LoopError) {
        self.descriptor = descriptor
        do {
            core = try Core(descriptor, on: loop)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    deinit { end() }

    /// Calls back, again and again, while one of the events holds or an error waits. `failed`: the kernel reports an error.
    func start(_ events: Events, _ body: @escaping (_ failed: Bool) -> Void) { core.start(events, body) }

    /// Stops, and closes the descriptor.
    func end() {
        core.end()
        if ownsDescriptor { Glibc.close(descriptor) }
        ownsDescriptor = false
    }

    /// Stops, and leaves the descriptor to the caller.
    func handOver() -> Int32 {
        core.end()
        ownsDescriptor = false
        return descriptor
    }

    @safe private final class Core {
        private let loop: EventLoop
        private let handle: UnsafeMutablePointer<uv_poll_t>
        private var body: ((Bool) -> Void)?

        init(_ descriptor: Int32, on loop: EventLoop) throws(LoopError) {
            loop.assertInLoop()
            self.loop = loop
            unsafe handle = .allocate(capacity: 1)
            let result = unsafe uv_poll_init(loop.raw, handle, descriptor)
            guard result == 0 else { throw LoopError(code: result, operation: "watch a descriptor") }
            unsafe handle.pointee.data = unsafe Unmanaged.passRetained(self).toOpaque()
        }

        deinit { unsafe handle.deallocate() }

        func start(_ events: Events, _ body: @escaping (Bool) -> Void) {
            self.body = body
            unsafe _ = uv_poll_start(handle, events.rawValue) { handle, status, _ in
                guard let data = unsafe handle?.pointee.data else { return }
                unsafe Unmanaged<Core>.fromOpaque(data).takeUnretainedValue().body?(status < 0)
            }
        }

        func end() {
            body = nil
            let asHandle = unsafe UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
            if unsafe uv_is_closing(asHandle) == 0 { unsafe LoopHandle.close(asHandle) }
        }
    }
}
