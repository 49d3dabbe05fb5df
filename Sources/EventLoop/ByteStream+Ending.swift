extension ByteStream {
    /// What only a stream needs whose end is near: the thousands that are idle do without.
    final class Ending {
        /// Runs when the descriptor is given back.
        var closedBody: (() -> Void)?
        /// Runs while `finish` waits for the peer's end.
        var timer: LoopTimer?
        var outputIsDone = false
        var discardedBytes = 0
    }
}
