import Synchronization

/// A terminal's second screen, on which frames are drawn in place. Whoever leaves it, however often and from whatever
/// thread, leaves the terminal as it was, with the last frame below what was there before.
public final class LiveScreen: Sendable {
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    private struct State {
        var isEntered = false
        var isOver = false
        var frame: [String] = []
    }

    /// A screen that writes to a terminal through `write`.
    public init(write: @escaping @Sendable (String) -> Void) {
        self.write = write
    }

    /// Draws a frame: lines as `Canvas.render` makes them, no more than the terminal has rows. Enters the screen first if
    /// need be.
    public func show(_ frame: [String]) {
        state.withLock { state in
            guard !state.isOver else { return }
            var text = state.isEntered ? "" : Self.entering
            state.isEntered = true
            state.frame = frame
            text += Self.home
            // Each line erases what the last frame had behind it; no newline after the last one, which would scroll.
            text += frame.map { $0 + Self.eraseLine }.joined(separator: "\r\n")
            write(text + Self.eraseBelow)
        }
    }

    /// Back to the first screen, until the next frame.
    public func leave() {
        state.withLock { state in
            if state.isEntered { write(Self.leaving) }
            state.isEntered = false
        }
    }

    /// Back to the first screen for good. The last frame is printed there, so that it can still be read.
    public func end() {
        state.withLock { state in
            if state.isEntered { write(Self.leaving + state.frame.map { $0 + "\n" }.joined()) }
            state.isEntered = false
            state.isOver = true
        }
    }

    /// Alternate screen (xterm's 1049, which keeps the cursor), cursor hidden, erased.
    private static let entering = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J"
    private static let leaving = "\u{1B}[?25h\u{1B}[?1049l"
    private static let home = "\u{1B}[H"
    private static let eraseLine = "\u{1B}[K"
    private static let eraseBelow = "\u{1B}[J"
}
