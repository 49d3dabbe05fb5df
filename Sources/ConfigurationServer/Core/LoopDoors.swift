internal import EventLoop
internal import Registry
internal import Synchronization

/// The way to each loop's sessions, from any thread.
final class LoopDoors: Sendable {
    private let doors = Mutex<[Int: (loop: EventLoop, sessions: LoopBound<SessionLoop>)]>([:])

    /// The loop's own thread says that it is there.
    func open(_ sessions: LoopBound<SessionLoop>, index: Int) {
        let loop = sessions.value.loop
        doors.withLock { $0[index] = (loop, sessions) }
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

    /// Sends everybody away.
    func drainAll(reason: String) {
        for door in doors.withLock({ Array($0.values) }) {
            door.loop.post { door.sessions.value.drain(reason: reason) }
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
