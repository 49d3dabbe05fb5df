internal import ErrorCatalogue
internal import EventLoop
internal import SecureTransport

/// Whether packets of full size get through. A TLS greeting of several full segments is sent; if it is not answered,
/// the same one in small segments; and if that is, the largest size is searched for. The size of our segments and of
/// those we ask the other side for is the same (`TCP_MAXSEG`), so both directions are tried. Confined to its loop;
/// answers once.
final class PathSizes {
    /// How it came out.
    enum Outcome: Equatable {
        /// Full-size segments are confirmed: bytes of one, and of the largest that came back.
        case passes(TCPFigures)
        /// So many bytes of segment pass, full ones do not.
        case blackHole(passing: Int, TCPFigures)
        /// Nothing is answered, whatever its size; what the kernel knows of the large greeting.
        case silent(TCPFigures?)
        /// Some sizes passed and smaller ones did not.
        case byChance
        /// The large greeting cannot be compared: the connection was not made.
        case notMade
    }

    /// Small enough for any path: less than half of IPv4's least (536, RFC 9293 section 3.7.1), for those that do not keep
    /// even to that.
    static let smallSegmentBytes = 216
    /// More than two segments of an Ethernet path.
    static let greetingBytes = 3400

    private let address: SocketAddress
    private let settings: ProbeSettings
    private let loop: EventLoop
    private let serverName: String?
    private let routeBytes: Int?
    private let onFigures: (TCPFigures) -> Void
    private let watch = Stopwatch()
    private let patience: LoopTimer
    private let limit: LoopTimer
    private var large: SegmentTrial?
    /// The large greeting, where it came to nothing.
    private(set) var made: AttemptMade?
    private var small: SegmentTrial?
    private var round: [SegmentTrial] = []
    private var results: [Int: Bool] = [:]
    private var search: SegmentSearch?
    private var smallPassed = false
    private var completion: ((Outcome, Duration) -> Void)?

    init(
        to address: SocketAddress, _ settings: ProbeSettings, serverName: String?, routeBytes: Int?, on loop: EventLoop,
        onFigures: @escaping (TCPFigures) -> Void, completion: @escaping (Outcome, Duration) -> Void
    ) {
        self.address = address
        self.settings = settings
        self.loop = loop
        self.serverName = serverName
        self.routeBytes = routeBytes
        self.onFigures = onFigures
        self.completion = completion
        patience = LoopTimer(on: loop)
        limit = LoopTimer(on: loop)
        patience.start(after: settings.limits.largeGreeting) { [weak self] in self?.trySmall() }
        limit.start(after: settings.limits.handshake) { [weak self] in self?.outOfTime() }
        large = trial(nil, within: settings.limits.handshake * 2) { [weak self] in self?.largeEnded($0) }
    }

    private func trial(
        _ segmentBytes: Int?, within limit: Duration, completion: @escaping (SegmentTrial.Outcome) -> Void
    ) -> SegmentTrial {
        SegmentTrial(
            to: address, segmentBytes: segmentBytes, settings.dial, serverName: serverName, within: limit, on: loop,
            completion: completion)
    }

    private func largeEnded(_ outcome: SegmentTrial.Outcome) {
        switch outcome {
        case .answered(let figures):
            onFigures(figures)
            finish(.passes(figures))
        case .unanswered: break
        case .notConnected: if small == nil { finish(.notMade) }
        }
    }

    private func trySmall() {
        guard completion != nil else { return }
        small = trial(Self.smallSegmentBytes, within: settings.limits.handshake) { [weak self] outcome in
            guard let self else { return }
            guard case .answered = outcome else { return }
            smallPassed = true
            // What this machine believes of the path now may already be less than what vanished.
            let headers = SegmentSearch.headerBytes(isIPv6: address.family == .ipv6)
            // The kernel counts without its options (12 bytes of time stamps); TCP_MAXSEG counts with them.
            let most = max((large?.figures?.segmentBytes ?? 1448) + 12, (routeBytes ?? 0) - headers)
            search = SegmentSearch(passing: Self.smallSegmentBytes, failing: min(most, Self.greetingBytes))
            limit.start(after: settings.limits.handshake) { [weak self] in self?.outOfTime() }
            nextRound()
        }
    }

    private func nextRound() {
        guard let search, completion != nil else { return }
        guard !search.isDone else {
            let figures = large?.figures ?? TCPFigures()
            return finish(search.isByChance ? .byChance : .blackHole(passing: search.passing, figures))
        }
        results = [:]
        let sizes = search.trials
        round = sizes.map { size in
            trial(size, within: settings.limits.segmentTrial) { [weak self] outcome in
                guard let self else { return }
                if case .answered = outcome { results[size] = true } else { results[size] = false }
                if results.count == sizes.count {
                    self.search?.tried(results)
                    nextRound()
                }
            }
        }
    }

    private func outOfTime() {
        if let search, smallPassed { return finish(.blackHole(passing: search.passing, large?.figures ?? .init())) }
        finish(.silent(large?.figures))
    }

    private func finish(_ outcome: Outcome) {
        guard let completion else { return }
        self.completion = nil
        patience.cancel()
        limit.cancel()
        if let figures = large?.figures { onFigures(figures) }
        switch outcome {
        case .blackHole, .silent:
            made = AttemptMade(
                Phrase("a large TLS greeting", "大型 TLS 問候"), to: address, from: large?.localAddress, large?.figures)
        default: break
        }
        ([large, small].compactMap { $0 } + round).forEach { $0.cancel() }
        (large, small, round) = (nil, nil, [])
        completion(outcome, watch.elapsed)
    }
}
