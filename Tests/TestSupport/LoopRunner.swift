public import EventLoop

/// Runs a loop in the test's own thread until something is true.
public final class LoopRunner {
    /// The loop.
    public let loop: EventLoop

    /// A fresh loop.
    /// - Throws: `LoopError`.
    public init() throws { loop = try EventLoop() }

    /// Runs the loop until the condition holds; false if it does not within the time limit, which only a broken test
    /// reaches.
    public func run(within limit: Duration = .seconds(20), until condition: @escaping () -> Bool) -> Bool {
        if condition() { return true }
        let deadline = EventLoop.monotonicNanoseconds + UInt64(max(0, limit / .nanoseconds(1)))
        var holds = false
        let timer = LoopTimer(on: loop)
        timer.start(after: .zero, repeating: .milliseconds(1)) { [loop] in
            holds = condition()
            if holds || EventLoop.monotonicNanoseconds > deadline {
                timer.cancel()
                loop.stop()
            }
        }
        loop.run()
        return holds
    }

    deinit { loop.closeEverything() }
}
