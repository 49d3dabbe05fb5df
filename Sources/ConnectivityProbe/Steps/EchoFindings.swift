internal import ErrorCatalogue
internal import EventLoop

/// What ICMP echo showed. Pure. Its absence is a hint, never a failure: many networks drop it.
enum EchoFindings {
    static func check(_ figures: EchoFigures, at address: SocketAddress) -> Check {
        func line(_ state: CheckState, _ words: Phrase) -> Check { Check(.echo, at: address, state, nil, words) }
        if let failure = figures.failure {
            return line(
                .unknown,
                Phrase("not sent: \(failure.reason) (\(failure.name))", "沒有送出：\(failure.reason)（\(failure.name)）"))
        }
        guard let shortest = figures.roundTrips.min(), let longest = figures.roundTrips.max() else {
            guard let report = figures.reports.first, let reporter = report.reporter else {
                return line(
                    .unknown,
                    Phrase(
                        "no answer to \(figures.sent) pings: a hint only, many firewalls drop them",
                        "\(figures.sent) 次 ping 沒有回應：僅供參考，許多防火牆會丟棄"))
            }
            return line(
                .unknown,
                Phrase(
                    "no answer; \(reporter.host) reports “\(words(report.meaning))”",
                    "沒有回應；\(reporter.host) 回報“\(words(report.meaning))”"))
        }
        let average = figures.roundTrips.reduce(.zero, +) / figures.roundTrips.count
        let lost = figures.sent - figures.roundTrips.count
        let loss =
            lost > 0
            ? Phrase(", \(lost) of \(figures.sent) without answer", "，\(figures.sent) 次中有 \(lost) 次沒有回應") : .nothing
        let times = "min \(shortest.inWords), avg \(average.inWords), max \(longest.inWords)"
        return line(.passed, Phrase("answers: \(times)", "有回應：\(times)") + loss)
    }

    static func words(_ meaning: UnreachableReport.Meaning) -> String {
        switch meaning {
        case .network: "network unreachable"
        case .host: "host unreachable"
        case .port: "port unreachable"
        case .prohibited: "administratively prohibited"
        case .tooLarge(let bytes): "too large, \(bytes) bytes at most"
        case .hopsExceeded: "too many hops"
        case .other(let type, let code): "ICMP type \(type), code \(code)"
        }
    }

    /// How many routers a packet passed that arrives with this time to live: it began with 64, 128 or 255.
    static func routers(hopsLeft: Int) -> Int {
        ([64, 128, 255].first { $0 >= hopsLeft } ?? 255) - hopsLeft
    }
}
