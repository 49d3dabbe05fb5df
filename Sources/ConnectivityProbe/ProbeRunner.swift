public import EventLoop
internal import SecureTransport

/// Carries a plan out: looks the name up, then tries all addresses at once. Confined to its loop; no printing.
public final class ProbeRunner {
    /// Asks for a name's addresses; the completion runs on the loop.
    public typealias Resolver = (
        _ host: String, _ port: UInt16, _ loop: EventLoop,
        _ completion: @escaping (Result<[SocketAddress], LoopError>) -> Void
    ) -> Void

    /// Addresses that are tried at most: no honest name has more, and all are tried at once.
    public static let addressesMax = 16

    private let settings: ProbeSettings
    private let plan: ProbePlan
    private let loop: EventLoop
    private let wallClock: () -> Int64
    private let resolver: Resolver
    private let timer: LoopTimer
    private let watch = Stopwatch()
    private var report: ProbeReport
    private var probes: [AddressProbe] = []
    private var running = 0
    private var nameServers: NameServers?
    private var notes: NotesFetch?
    private var hasCompared = false
    /// What runs beside the addresses: the name servers.
    private var aside = 0
    private var hasResolved = false
    private var onCheck: (Check) -> Void = { _ in }
    private var onEnd: (ProbeReport) -> Void = { _ in }

    /// A runner that has not begun. `wallClock` is this machine's clock, milliseconds since 1970-01-01 UTC; the
    /// resolver is the system's, or a scripted one.
    public init(
        _ settings: ProbeSettings, on loop: EventLoop, wallClock: @escaping () -> Int64,
        resolver: @escaping Resolver = { NameLookup.resolve($0, port: $1, on: $2, completion: $3) }
    ) {
        self.settings = settings
        plan = ProbePlan(settings)
        self.loop = loop
        self.wallClock = wallClock
        self.resolver = resolver
        timer = LoopTimer(on: loop)
        report = ProbeReport(target: settings.target, startedUnixMilliseconds: wallClock())
    }

    /// Begins. `onCheck` hears of each check when it ends, `onEnd` once of the whole report. The runner must be kept
    /// until then.
    public func start(onCheck: @escaping (Check) -> Void, onEnd: @escaping (ProbeReport) -> Void) {
        self.onCheck = onCheck
        self.onEnd = onEnd
        if let check = EnvironmentFindings.check(settings.environment, target: settings.target, proxy: settings.proxy) {
            add(check)
        }
        if let check = settings.local { add(check) }
        askNameServers()
        let lookup = Stopwatch()
        timer.start(after: plan.lookup.limit) { [weak self] in
            self?.resolved(nil, took: lookup.elapsed)
        }
        let place = settings.proxy ?? settings.target
        resolver(place.host, place.port, loop) { [weak self] result in
            self?.resolved(result, took: lookup.elapsed)
        }
    }

    /// Beside the system's own lookup, which follows /etc/nsswitch.conf, and does not say whom it asked.
    private func askNameServers() {
        let host = (settings.proxy ?? settings.target).host
        guard !settings.isQuick, SocketAddress(host: host, port: 1) == nil,
            let text = settings.resolverFile.flatMap(SmallFile.text)
        else { return }
        let hosts = NameServers.addresses(of: host, in: settings.hostsFile.flatMap(SmallFile.text) ?? "")
        aside += 1
        nameServers = NameServers(
            NameServers.servers(in: text), asking: host, within: settings.limits.resolver, settings.dial, on: loop
        ) { [weak self] said, took in
            guard let self else { return }
            aside -= 1
            add(NameServerFindings.check(said, host: host, hosts: hosts, took: took))
            if hasResolved, running == 0 { end() }
        }
    }

    private func add(_ check: Check) {
        report.checks.append(check)
        onCheck(check)
    }

    private func resolved(_ result: Result<[SocketAddress], LoopError>?, took: Duration) {
        guard !hasResolved else { return }
        hasResolved = true
        timer.cancel()
        let found = NameFindings.read(result, settings, took: took)
        add(found.check)
        report.addresses = found.addresses
        running = found.addresses.count
        guard running > 0 else { return end() }
        for address in found.addresses {
            let probe = AddressProbe(address, settings, plan, on: loop, wallClock: wallClock)
            probes.append(probe)
            probe.start(
                within: max(settings.limits.whole - watch.elapsed, settings.limits.addressMin),
                onCheck: { [weak self] in self?.add($0) }, onEnd: { [weak self] in self?.ended($0) })
        }
    }

    /// Asks the server what it saw of the attempts that came to nothing, where some way to it gets through: another
    /// address, or smaller segments. Nil where there is nothing to ask, or nobody.
    private func fetchNotes() -> NotesFetch? {
        hasCompared = true
        let made = probes.flatMap(\.made)
        guard !settings.isQuick, settings.proxy == nil, !made.isEmpty else { return nil }
        var dial = settings.dial
        var way = probes.first { $0.serverLook != nil }
        if way == nil, let small = probes.first(where: { $0.pathLook.largestBytes != nil }) {
            way = small
            dial.segmentBytesMax = PathSizes.smallSegmentBytes
        }
        guard let way else { return nil }
        return NotesFetch(
            from: way.address, settings, dial, serverName: way.serverName, ports: made.map(\.port),
            within: max(settings.limits.whole - watch.elapsed, NotesFetch.limitMin), on: loop,
            wallClock: wallClock
        ) { [weak self] seen in
            guard let self else { return }
            NotesFindings.checks(made, seen).forEach(add)
            end()
        }
    }

    private func ended(_ probe: AddressProbe) {
        if let look = probe.tlsLook { report.tls.append(look) }
        if let look = probe.serverLook { report.servers.append(look) }
        report.paths.append(probe.pathLook)
        running -= 1
        if running == 0 { end() }
    }

    private func end() {
        guard aside == 0 else { return }
        if !hasCompared, let fetch = fetchNotes() {
            notes = fetch
            return
        }
        report.took = watch.elapsed
        probes = []
        nameServers = nil
        notes = nil
        onEnd(report)
    }
}
