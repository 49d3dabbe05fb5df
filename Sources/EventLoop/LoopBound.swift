/// Carries an object that belongs to one loop through other threads, without letting them touch it: opening it
/// anywhere else is a programming error and stops the process.
public struct LoopBound<Value>: @unchecked Sendable {
    private let loop: EventLoop
    private let content: Value

    /// Wraps an object of this loop.
    public init(_ value: Value, of loop: EventLoop) {
        self.loop = loop
        content = value
    }

    /// The object. Loop's thread only.
    public var value: Value {
        loop.preconditionInLoop()
        return content
    }
}
