internal import Registry
internal import Synchronization

/// Where each loop says, with each turn of its timer, how far it is. Any thread.
final class PulseBoard: Sendable {
    /// Times on the monotonic clock that all loops read, in milliseconds.
    struct Pulse {
        /// What had arrived by then has been read.
        var heardUntil: UInt64
        /// Whoever dialled by then has begun to be let in.
        var admittedUntil: UInt64
        /// What the loop's timer came late, all in all.
        var lost: Duration
    }

    private let pulses = Mutex<[UInt16: Pulse]>([:])

    func tell(_ pulse: Pulse, of loop: UInt16) {
        pulses.withLock { $0[loop] = pulse }
    }

    /// What all of them last said, and what the control loop has lost itself.
    func read(by clock: ServerClock, control lost: Duration) -> [LoopPulse] {
        let told = pulses.withLock { $0 }
        return [LoopPulse(.control, lost: lost)]
            + told.sorted { $0.key < $1.key }.map { number, pulse in
                LoopPulse(
                    .sessions(Int(number)), heardUntil: clock.time(of: pulse.heardUntil),
                    admittedUntil: clock.time(of: pulse.admittedUntil), lost: pulse.lost)
            }
    }
}
