public import ErrorCatalogue
public import EventLoop

/// Probes again and again, quickly, one round a second, so that what comes and goes is seen. Confined to its loop.
public final class PathWatch {
    /// Between the beginnings of two rounds; a round that takes longer is waited for.
    public static let period = Duration.seconds(1)

    private let settings: ProbeSettings
    private let language: Language
    private let loop: EventLoop
    private let wallClock: () -> Int64
    private let timer: LoopTimer
    private var runner: ProbeRunner?
    private var last: PathRound?
    private var number = 0
    private let count: Int?
    private var onRound: (PathRound) -> Void = { _ in }
    private var onEnd: () -> Void = {}

    /// A watch of `count` rounds; nil: until the loop stops. Causes are in the language.
    public init(
        _ settings: ProbeSettings, count: Int?, in language: Language = .english, on loop: EventLoop,
        wallClock: @escaping () -> Int64
    ) {
        self.language = language
        var settings = settings
        settings.isQuick = true
        settings.pings = 1
        self.settings = settings
        self.count = count
        self.loop = loop
        self.wallClock = wallClock
        timer = LoopTimer(on: loop)
    }

    /// Begins. The watch must be kept until `onEnd`.
    public func start(onRound: @escaping (PathRound) -> Void, onEnd: @escaping () -> Void) {
        self.onRound = onRound
        self.onEnd = onEnd
        round()
    }

    private func round() {
        number += 1
        let began = EventLoop.monotonicNanoseconds
        let runner = ProbeRunner(settings, on: loop, wallClock: wallClock)
        self.runner = runner
        runner.start(
            onCheck: { _ in },
            onEnd: { [weak self] report in
                guard let self else { return }
                let round = Self.round(number, report, Verdict(on: report, in: language), after: last)
                last = round
                onRound(round)
                if let count, number >= count { return onEnd() }
                let spent = Duration.nanoseconds(Int64(clamping: EventLoop.monotonicNanoseconds &- began))
                timer.start(after: max(.zero, Self.period - spent)) { [weak self] in self?.round() }
            })
    }

    /// What a report comes to as a round.
    static func round(_ number: Int, _ report: ProbeReport, _ verdict: Verdict, after last: PathRound?) -> PathRound {
        let works = verdict.grade != .failed
        let time =
            report.servers.first?.average
            ?? [CheckKind.tls, .tcp].lazy.compactMap { kind in
                report.checks.first { $0.kind == kind && $0.state == .passed }?.took
            }.first
        return PathRound(
            number: number, atUnixMilliseconds: report.startedUnixMilliseconds, roundTrip: works ? time : nil,
            symptom: verdict.symptom, cause: verdict.grade == .passed ? nil : verdict.cause,
            isChange: last.map { ($0.roundTrip == nil) != !works || $0.symptom != verdict.symptom } ?? false)
    }
}
