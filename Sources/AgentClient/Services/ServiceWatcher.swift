import Dispatch
public import EventLoop
public import RollcallProtocol

/// Looks at services again and again and hands on what it saw. Files and commands are looked at on a queue of their own,
/// ports on the loop; neither holds up the loop. Confined to its loop.
public final class ServiceWatcher {
    /// A look that is not back after so long is stuck (a dead network file system, a kernel in trouble). What it would
    /// have seen is not known any more.
    private static let stuckAfter: Duration = .seconds(30)
    /// For one port. Below the period, so that looks do not pile up.
    private static let portLimit: Duration = .seconds(3)

    private let specs: [WatchSpec]
    private var period: Duration
    private let loop: EventLoop
    private let onReports: ([WireServiceReport]) -> Void
    private let look: ServiceLook
    private let queue = DispatchQueue(label: "rollcall.services")
    private let timer: LoopTimer
    private var lookBegan: Duration?
    private var portsUnderWay: Set<String> = []
    private var onFirstLook: (() -> Void)?

    /// A watcher of these services, every `period`. Calls `onReports` after each look with what it saw, changed or not.
    public convenience init(
        _ specs: [WatchSpec], every period: Duration, on loop: EventLoop,
        onReports: @escaping ([WireServiceReport]) -> Void
    ) {
        self.init(
            specs, every: period, look: ServiceLook(specs, root: "", systemctl: Systemctl()), on: loop,
            onReports: onReports)
    }

    init(
        _ specs: [WatchSpec], every period: Duration, look: ServiceLook, on loop: EventLoop,
        onReports: @escaping ([WireServiceReport]) -> Void
    ) {
        self.specs = specs
        self.period = period
        self.loop = loop
        self.onReports = onReports
        self.look = look
        timer = LoopTimer(on: loop)
    }

    /// Begins. `onFirstLook` is called once, when each service has been looked at: at most some seconds later.
    public func start(onFirstLook: @escaping () -> Void) {
        self.onFirstLook = onFirstLook
        lookAtAll()
        timer.start(after: period, repeating: period) { [weak self] in self?.lookAtAll() }
    }

    /// Looks every `period` from now on.
    public func look(every period: Duration) {
        guard period != self.period else { return }
        self.period = period
        timer.start(after: period, repeating: period) { [weak self] in self?.lookAtAll() }
    }

    /// Looks no more.
    public func stop() {
        timer.cancel()
        onFirstLook = nil
    }

    private var needsQueue: Bool {
        specs.contains { if case .tcp = $0.method { false } else { true } }
    }

    private func lookAtAll() {
        lookAtFiles()
        for spec in specs {
            guard case .tcp(let host, let port) = spec.method, portsUnderWay.insert(spec.name).inserted else {
                continue
            }
            _ = PortLook(name: spec.name, host: host, port: port, limit: Self.portLimit, on: loop) {
                [weak self] report in
                self?.portsUnderWay.remove(spec.name)
                self?.seen([report])
            }
        }
        tellFirstLook()
    }

    private func lookAtFiles() {
        guard needsQueue else { return }
        let now = Duration.milliseconds(loop.now)
        if let began = lookBegan {
            if now - began >= Self.stuckAfter { reportStuck(for: now - began) }
            return
        }
        lookBegan = now
        let me = LoopBound(WeakWatcher(self), of: loop)
        queue.async { [look, loop] in
            let reports = look.look()
            loop.post {
                guard let watcher = me.value.watcher else { return }
                watcher.lookBegan = nil
                watcher.seen(reports)
            }
        }
    }

    private func reportStuck(for time: Duration) {
        let seconds = Int(time / .seconds(1))
        onReports(
            specs.compactMap { spec in
                if case .tcp = spec.method { return nil }
                return .watched(spec.name, .unspecified, "not known: the last look hangs since \(seconds / 30 * 30) s")
            })
        tellFirstLook()
    }

    private func seen(_ reports: [WireServiceReport]) {
        onReports(reports)
        tellFirstLook()
    }

    private func tellFirstLook() {
        guard lookBegan == nil, portsUnderWay.isEmpty, let tell = onFirstLook else { return }
        onFirstLook = nil
        tell()
    }

    private final class WeakWatcher {
        weak var watcher: ServiceWatcher?
        init(_ watcher: ServiceWatcher) { self.watcher = watcher }
    }
}
