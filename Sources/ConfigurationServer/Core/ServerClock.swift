internal import EventLoop
internal import Foundation
internal import Registry

/// Turns the loops' monotonic milliseconds into server time. All loops read one monotonic clock, so one anchor, taken
/// at the start, serves them all; server time never runs backwards while the server lives, whatever happens to the
/// wall clock.
struct ServerClock: Sendable {
    /// Nanoseconds to add to the monotonic clock.
    private let offset: Int64

    /// Anchors server time to the wall clock as it is now.
    init() {
        let wall = Int64((Date().timeIntervalSince1970 * 1_000_000_000).rounded())
        offset = wall - Int64(clamping: EventLoop.monotonicNanoseconds)
    }

    /// Server time at the beginning of a loop's turn: what its events are stamped with.
    func now(on loop: EventLoop) -> Instant {
        Instant(nanoseconds: Int64(clamping: loop.now) &* 1_000_000 &+ offset)
    }

    /// Server time now, on any thread.
    var now: Instant {
        Instant(nanoseconds: Int64(clamping: EventLoop.monotonicNanoseconds) &+ offset)
    }
}
