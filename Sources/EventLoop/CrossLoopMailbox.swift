internal import CLibUV
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

    /// The loop's thread, when the loop has ended: drops what lies in the box.
    func discard() {
        let dropped = letters.withLock { box in
            let batch = box
            box = []
            return batch
        }
        _ = dropped
    }

    /// The loop's thread: runs everything that lies in the box, in order. What arrives meanwhile rings again.
    func empty() {
        let batch = letters.withLock { box in
            let batch = box
            box = []
            return batch
        }
        for letter in batch { letter() }
    }
}
