internal import ErrorCatalogue
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
        func line(_ state: CheckState, _ words: Phrase) -> Check {
            Check(.trace, at: address, state, nil, words, took: took)
        }
        if let first = answers.filter({ $0.value == .arrived }).map(\.key).min() {
            let passed =
                first == 1
                ? Phrase("no router in between", "中間沒有路由器")
                : Phrase("\(first - 1) router\(first == 2 ? "" : "s") in between", "中間有 \(first - 1) 部路由器")
            return line(
                .passed,
                Phrase("packets arrive: ", "封包到得了：") + passed + Phrase(same: list.isEmpty ? "" : " (\(list))"))
        }
        guard let last = routers.last else {
            return line(
                .unknown,
                answersEcho
                    ? Phrase(
                        "no router on the way answers, though pings arrive: the packets may not leave this machine at all "
                            + "(its own rules: nft list ruleset)",
                        "沿途沒有路由器回應，ping 卻到得了：封包可能根本不准離開這部機器（它自己的規則：nft list ruleset）")
                    : gateway.map {
                        Phrase(
                            "the gateway \($0) takes the packets, and nothing beyond it answers",
                            "閘道 \($0) 收下封包，其後毫無回應")
                    } ?? Phrase("no router on the way answers", "沿途沒有路由器回應"))
        }
        let echo =
            answersEcho
            ? Phrase("; pings arrive, so it is a rule for this port", "；ping 到得了，所以是針對這個連接埠的規則") : .nothing
        return line(
            .passed,
            Phrase(
                "packets get as far as \(last.name) (hop \(last.hops)), and no further",
                "封包最遠到達 \(last.name)（第 \(last.hops) 站），再過去就沒有了")
                + echo + Phrase(same: routers.count > 1 ? " (\(list))" : ""))
    }
}
