public import AgentClient
public import ErrorCatalogue
public import EventLoop

/// Goes through the rows of the port matrix that begin at this machine, all at once. Confined to its loop.
public final class MatrixRun {
    /// One row with whom it was tried on, and what came of it.
    public struct Result: Sendable {
        /// The row.
        public var row: PortMatrix.Row
        /// Whom; nil: nobody was named.
        public var target: ServerName?
        /// What was found out; nil: nobody was named.
        public var report: ProbeReport?
        /// What that comes to.
        public var verdict: Verdict?
    }

    private let loop: EventLoop
    private let wallClock: () -> Int64
    private var runners: [ProbeRunner] = []
    private var results: [Result]
    private var running = 0
    private let settings: [ProbeSettings?]
    private let language: Language
    private var onEnd: ([Result]) -> Void = { _ in }

    /// A run for a role. `targets` are the machines of each role that are named; a row without one stays untried. All
    /// else is as in `settings`.
    public init(
        _ role: PortMatrix.Role, _ targets: [PortMatrix.Role: [ServerName]], like settings: ProbeSettings,
        in language: Language = .english, on loop: EventLoop, wallClock: @escaping () -> Int64
    ) {
        self.language = language
        self.loop = loop
        self.wallClock = wallClock
        results = PortMatrix.outgoing(role).flatMap { row in
            let named = targets[row.to] ?? []
            return named.isEmpty ? [Result(row: row)] : named.map { Result(row: row, target: $0) }
        }
        self.settings = results.map { result in
            result.target.map { target in
                var own = settings
                own.target = target
                own.asksNothing = !result.row.isRollcall
                own.local = nil
                if !result.row.isRollcall { own.credentials = nil }
                return own
            }
        }
    }

    /// Begins. `onResult` hears of each row as it ends, `onEnd` of all in the table's order.
    public func start(onResult: @escaping (Result) -> Void, onEnd: @escaping ([Result]) -> Void) {
        self.onEnd = onEnd
        running = settings.count
        for (index, settings) in settings.enumerated() {
            guard let settings else {
                onResult(results[index])
                running -= 1
                continue
            }
            let runner = ProbeRunner(settings, on: loop, wallClock: wallClock)
            runners.append(runner)
            runner.start(
                onCheck: { _ in },
                onEnd: { [weak self] report in
                    guard let self else { return }
                    results[index].report = report
                    results[index].verdict = Verdict(on: report, in: language)
                    onResult(results[index])
                    running -= 1
                    if running == 0 { self.onEnd(results) }
                })
        }
        if running == 0 { onEnd(results) }
    }
}
