internal import EventLoop

/// How much had to be sent again, over all connections to an address. Pure.
enum LossFindings {
    /// Fewer than this and chance decides.
    static let segmentsMin = 12

    /// A path on which pings come and go explains a handshake that comes to nothing; nil: they do not.
    static func heavy(_ echo: EchoFigures?, at address: SocketAddress) -> Check? {
        guard let echo, !echo.roundTrips.isEmpty, echo.sent - echo.roundTrips.count >= 2 else { return nil }
        let lost = echo.sent - echo.roundTrips.count
        return Check(
            .loss, at: address, .failed, .heavyLoss, "\(lost) of \(echo.sent) pings got lost, the others arrived")
    }

    /// The line; nil if there is too little to say.
    static func check(
        _ figures: [TCPFigures], echo: EchoFigures?, at address: SocketAddress, limits: ProbeLimits
    ) -> Check? {
        let sent = figures.map(\.segmentsSent).reduce(0, +)
        let again = figures.map(\.segmentsSentAgain).reduce(0, +)
        let gaps = figures.map(\.segmentsOutOfOrder).reduce(0, +)
        guard sent >= segmentsMin else { return nil }
        let answered = echo?.roundTrips.count ?? 0
        let asked = answered > 0 ? echo?.sent ?? 0 : 0
        let lost = asked - answered
        // A single one proves nothing.
        let isLossy = again + lost >= 2 && (again + lost) * 100 > (sent + asked) * limits.lossPercentMax
        var words = "\(again) of \(sent) TCP segments had to be sent again"
        if gaps > 0 { words += ", \(gaps) came out of order" }
        if asked > 0 { words += ", \(lost) of \(asked) pings got lost" }
        return Check(.loss, at: address, .passed, isLossy ? .lossy : nil, words)
    }
}
