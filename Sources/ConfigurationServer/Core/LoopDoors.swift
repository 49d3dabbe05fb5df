internal import EventLoop
internal import Registry
internal import Synchronization

/// The way to each loop's sessions, from any thread.
final class LoopDoors: Sendable {
    private let doors = Mutex<[Int: (loop: EventLoop, sessions: LoopBound<SessionLoop>)]>([:])
    /// What everybody is sent away with, once that has begun: a loop that opens later hears it, too.
    private let drain = Mutex<(reason: String, end: Instant)?>(nil)

    /// The loop's own thread says that it is there.
    func open(_ sessions: LoopBound<SessionLoop>, index: Int) {
        let loop = sessions.value.loop
        doors.withLock { $0[index] = (loop, sessions) }
        if let drain = drain.withLock({ $0 }) { sessions.value.drain(reason: drain.reason, until: drain.end) }
    }

    /// The loop is gone: what is for it is dropped.
    func close(index: Int) {
        doors.withLock { $0[index] = nil }
    }

    /// Brings a reply to its session.
    func deliver(_ reply: SessionReply, to session: SessionID) {
        guard let door = doors.withLock({ $0[Int(session.loop)] }) else { return }
        door.loop.post { door.sessions.value.deliver(reply, to: session.number) }
    }

    /// Has every loop close the connections whose certificate was revoked. `then` hears on this loop how many there were.
    func closeRevoked(on loop: EventLoop, then: @escaping @Sendable (Int) -> Void) {
        let doors = doors.withLock { Array($0.values) }
        let missing = Sweep(count: doors.count)
        guard !doors.isEmpty else { return loop.post { then(0) } }
        for door in doors {
            door.loop.post {
                if let total = missing.add(door.sessions.value.closeRevoked()) { loop.post { then(total) } }
            }
        }
    }

    /// Has every loop set its clock as the control loop has set its own.
    func clockMoved(_ finding: ClockWatch.Finding) {
        for door in doors.withLock({ Array($0.values) }) {
            door.loop.post { door.sessions.value.clockMoved(finding) }
        }
    }

    /// Sends everybody away, and whoever comes until the server stops, which is not before `end`.
    func drainAll(reason: String, until end: Instant) {
        drain.withLock { $0 = (reason, end) }
        for door in doors.withLock({ Array($0.values) }) {
            door.loop.post { door.sessions.value.drain(reason: reason, until: end) }
        }
    }
}

/// Adds up what the loops say, until all have. Any thread.
private final class Sweep: Sendable {
    private let state: Mutex<(missing: Int, total: Int)>

    init(count: Int) { state = Mutex((count, 0)) }

    /// One loop's part. The last to come gets the total.
    func add(_ part: Int) -> Int? {
        state.withLock { state in
            state.missing -= 1
            state.total += part
            return state.missing == 0 ? state.total : nil
        }
    }
}

/// Counts answers of the loops, for the watchdog. Any thread.
final class Answers: Sendable {
    private let missing = Atomic<Int>(0)

    /// As many answers are expected from now on.
    func expect(_ number: Int) { missing.store(number, ordering: .relaxed) }

    /// One has come.
    func count() { missing.subtract(1, ordering: .relaxed) }

    /// Whether all have.
    var isComplete: Bool { missing.load(ordering: .relaxed) <= 0 }
}
