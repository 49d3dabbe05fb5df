internal import EventLoop
internal import Registry

/// Turns the loops' monotonic milliseconds into server time. Anchored to the wall clock at the start; whatever happens to that
/// one afterwards, server time goes on evenly, until the control loop has noticed and told every loop to set its copy. Each
/// owner has its own, so that a loop sets its clock in the same turn as it moves what was stamped by it.
struct ServerClock: Equatable, Sendable {
    /// Nanoseconds to add to the monotonic clock.
    private var offset: Int64

    /// Anchors server time to the wall clock as it is now.
    init() {
        var readings = ClockReadings.now
        while readings == nil { readings = ClockReadings.now }
        offset = readings.map { $0.wall - $0.monotonic } ?? 0
    }

    /// Server time at the beginning of a loop's turn: what its events are stamped with.
    func now(on loop: EventLoop) -> Instant { time(of: loop.now) }

    /// Server time of a moment on the loops' clock.
    func time(of milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: Int64(clamping: milliseconds) &* 1_000_000 &+ offset)
    }

    /// Sets the clock forward, or back.
    mutating func move(by distance: Duration) { offset &+= distance.inNanoseconds }
}

/// Notices when the wall clock is set, and when the machine has slept. Pure: it is shown readings.
struct ClockWatch: Equatable {
    /// What happened to the clocks since the last look.
    struct Finding: Equatable {
        /// So long the machine slept; zero: it did not.
        var slept = Duration.zero
        /// So far somebody set the wall clock forward, or back; zero: nobody did.
        var stepped = Duration.zero
    }

    /// Below it, readings of two clocks differ by themselves. NTP slews up to 128 ms and steps what is more (ntpd(8)).
    static let threshold = Duration.milliseconds(100)

    private var wallOffset: Int64?
    private var sleepOffset: Int64?

    /// Looks at the clocks. What is too little to be told is added to the next time.
    mutating func look(at readings: ClockReadings) -> Finding {
        let (wall, sleep) = (readings.wall - readings.monotonic, readings.boot - readings.monotonic)
        var finding = Finding()
        guard let oldWall = wallOffset, let oldSleep = sleepOffset else {
            (wallOffset, sleepOffset) = (wall, sleep)
            return finding
        }
        let slept = sleep - oldSleep
        if abs(slept) >= Self.threshold.inNanoseconds {
            finding.slept = .nanoseconds(slept)
            sleepOffset = sleep
            wallOffset = oldWall + slept
        }
        let stepped = wall - (wallOffset ?? oldWall)
        if abs(stepped) >= Self.threshold.inNanoseconds {
            finding.stepped = .nanoseconds(stepped)
            wallOffset = wall
        }
        return finding
    }
}
