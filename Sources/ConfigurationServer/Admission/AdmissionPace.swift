internal import Synchronization

/// What the control loop tells the loops about letting newcomers in, and what they tell it. Any thread.
final class AdmissionPace: Sendable {
    private let millisPerSecond = Atomic<Int>(0)
    private let slotMicroseconds = Atomic<Int>(2000)
    private let fullCount = Atomic<Int>(0)
    private let resumedCount = Atomic<Int>(0)
    private let waitingCount = Atomic<Int>(0)

    /// Handshakes each loop may begin in a second; nil: as many as come.
    var perSecond: Double? {
        get {
            let value = millisPerSecond.load(ordering: .relaxed)
            return value == 0 ? nil : Double(value) / 1000
        }
        set { millisPerSecond.store(newValue.map { max(1, Int($0 * 1000)) } ?? 0, ordering: .relaxed) }
    }

    /// Time between two agents of one loop that are asked to come back after a stop.
    var slot: Duration {
        get { .microseconds(slotMicroseconds.load(ordering: .relaxed)) }
        set { slotMicroseconds.store(Int(newValue / .microseconds(1)), ordering: .relaxed) }
    }

    /// A node got through its handshake.
    func count(resumed: Bool) {
        if resumed { resumedCount.add(1, ordering: .relaxed) } else { fullCount.add(1, ordering: .relaxed) }
    }

    /// Nodes that got through since the last call.
    func takeCounts() -> (full: Int, resumed: Int) {
        (fullCount.exchange(0, ordering: .relaxed), resumedCount.exchange(0, ordering: .relaxed))
    }

    /// Connections that wait for their turn, on all loops.
    var waiting: Int { waitingCount.load(ordering: .relaxed) }

    /// So many more, or fewer, wait.
    func addWaiting(_ count: Int) { waitingCount.add(count, ordering: .relaxed) }
}
