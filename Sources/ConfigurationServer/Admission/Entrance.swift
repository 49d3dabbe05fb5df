internal import EventLoop
internal import Registry

/// Where the newcomers of one loop wait for their turn, first come first served. A waiting connection costs a descriptor and
/// nothing else: not a byte of it is read, and its time limits begin with its turn. Confined to its loop.
final class Entrance {
    private let pace: AdmissionPace
    private var turnstile = Turnstile()
    private var waiting: [(stream: ByteStream, since: UInt64)] = []
    private var next = 0
    private var timer: LoopTimer?
    private var admit: (ByteStream) -> Void = { _ in }

    /// How often the queue is looked at.
    static let period = Duration.milliseconds(1)

    init(pace: AdmissionPace) { self.pace = pace }

    /// Since when, on the loop's clock, the one waits who is next; nil: nobody does.
    var waitingSince: UInt64? { next < waiting.count ? waiting[next].since : nil }

    /// A newcomer: `admit` is called now, or when its turn has come. `turn` reads the loop's clock.
    func enter(
        _ stream: ByteStream, at now: Instant, admit: @escaping (ByteStream) -> Void, turn: @escaping () -> Instant
    ) {
        if next == waiting.count, turnstile.lets(at: now, perSecond: pace.perSecond) { return admit(stream) }
        waiting.append((stream, stream.loop.now))
        pace.addWaiting(1)
        guard timer == nil else { return }
        self.admit = admit
        let timer = LoopTimer(on: stream.loop)
        self.timer = timer
        timer.start(after: Self.period, repeating: Self.period) { [unowned self] in letIn(at: turn()) }
    }

    private func letIn(at now: Instant) {
        while next < waiting.count, turnstile.lets(at: now, perSecond: pace.perSecond) {
            let stream = waiting[next].stream
            next += 1
            pace.addWaiting(-1)
            admit(stream)
        }
        if next == waiting.count {
            (waiting, next, timer) = ([], 0, nil)
        } else if next >= 1024 {
            waiting.removeFirst(next)
            next = 0
        }
    }
}
