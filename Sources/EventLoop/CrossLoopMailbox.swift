internal import Synchronization

/// Work that other threads hand to a loop. One wake-up per batch: only the first letter into an empty box rings.
final class CrossLoopMailbox: Sendable {
    private let letters = Mutex<[@Sendable () -> Void]>([])

    /// Any thread. Returns true if the loop must be woken.
    func put(_ letter: @escaping @Sendable () -> Void) -> Bool {
        letters.withLock { box in
            box.append(letter)
            return box.count == 1
        }
    }

    /// The loop's thread: takes out what lies in the box, in order. What arrives from now on rings again.
    func takeAll() -> [@Sendable () -> Void] {
        letters.withLock { box in
            defer { box = [] }
            return box
        }
    }
}
