internal import EventLoop

/// Finds out how far packets to an address and port get: dials with few hops allowed, and notes which router says that
/// they were used up. The packets are those of a real connection, so that the same rules apply to them. Confined to its
/// loop; answers once.
final class HopTrace {
    /// As far as is looked: a VPN and a site's own routers; beyond stands the public Internet.
    static let hopsMax = 12

    /// What became of a packet that may pass so many routers.
    enum Answer: Equatable {
        /// A router's: used up.
        case router(String)
        /// The other side's: connected, refused or reset.
        case arrived
        /// An ICMP error.
        case reported(UnreachableReport)
    }

    private var dials: [DiagnosticDial] = []
    private let timer: LoopTimer
    private let watch = Stopwatch()
    private var answers: [Int: Answer] = [:]
    private var completion: (([Int: Answer], Duration) -> Void)?

    init(
        to address: SocketAddress, _ options: DialOptions, within limit: Duration, on loop: EventLoop,
        completion: @escaping ([Int: Answer], Duration) -> Void
    ) {
        timer = LoopTimer(on: loop)
        self.completion = completion
        for hops in 1...Self.hopsMax {
            var options = options
            options.hopsMax = hops
            dials.append(
                DiagnosticDial(to: address, options, on: loop) { [weak self] outcome in self?.ended(hops, outcome) })
        }
        timer.start(after: limit) { [weak self] in self?.finish() }
    }

    private func ended(_ hops: Int, _ outcome: DiagnosticDial.Outcome) {
        switch outcome {
        case .connected(let stream):
            stream.reset()
            answers[hops] = .arrived
        case .failed(_, let report?):
            if report.meaning == .hopsExceeded {
                answers[hops] = .router(report.reporter?.host ?? "a router")
            } else {
                answers[hops] = .reported(report)
            }
        case .failed(let error, nil):
            if error.isConnectionRefused || error.isConnectionReset { answers[hops] = .arrived }
        }
        if answers.count == Self.hopsMax { finish() }
    }

    private func finish() {
        guard let completion else { return }
        self.completion = nil
        timer.cancel()
        dials.forEach { $0.cancel() }
        dials = []
        completion(answers, watch.elapsed)
    }

    // MARK: reading it

    /// The line for the way. Pure.
    static func check(
        _ answers: [Int: Answer], at address: SocketAddress, answersEcho: Bool, gateway: String? = nil,
        took: Duration
    ) -> Check {
        let routers = answers.compactMap { hops, answer -> (hops: Int, name: String)? in
            if case .router(let name) = answer { (hops, name) } else { nil }
        }.sorted { $0.hops < $1.hops }
        let list = routers.map { "\($0.hops): \($0.name)" }.joined(separator: ", ")
        func line(_ state: CheckState, _ words: String) -> Check {
            Check(.trace, at: address, state, nil, words, took: took)
        }
        if let first = answers.filter({ $0.value == .arrived }).map(\.key).min() {
            let passed = first == 1 ? "no router in between" : "\(first - 1) router\(first == 2 ? "" : "s") in between"
            return line(.passed, "packets arrive: \(passed)\(list.isEmpty ? "" : " (\(list))")")
        }
        let echo = answersEcho ? "; pings arrive, so it is a rule for this port" : ""
        guard let last = routers.last else {
            return line(
                .unknown,
                answersEcho
                    ? "no router on the way answers, though pings arrive: the packets may not leave this machine at all "
                        + "(its own rules: nft list ruleset)"
                    : gateway.map { "the gateway \($0) takes the packets, and nothing beyond it answers" }
                        ?? "no router on the way answers")
        }
        return line(
            .passed,
            "packets get as far as \(last.name) (hop \(last.hops)), and no further\(echo)"
                + (routers.count > 1 ? " (\(list))" : ""))
    }
}
