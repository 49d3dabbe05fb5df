internal import ErrorCatalogue
internal import EventLoop

/// How much had to be sent again, over all connections to an address. Pure.
enum LossFindings {
    /// Fewer than this and chance decides.
    static let segmentsMin = 12

    /// Some pings got lost and others did not.
    static func isPartial(_ echo: EchoFigures?) -> Bool {
        guard let echo else { return false }
        return !echo.roundTrips.isEmpty && echo.sent - echo.roundTrips.count >= 2
    }

    /// Packets get lost by chance, so many that something came to nothing for that alone; nil: it does not look so. What
    /// a rule drops is dropped each time; here the same kind of packet came through later, or another time.
    static func heavy(
        _ figures: [TCPFigures], echo: EchoFigures?, slowConnect: Bool, arrivedLater: Bool, at address: SocketAddress
    ) -> Check? {
        var words: [Phrase] = []
        let (asked, answered) = (echo?.sent ?? 0, echo?.roundTrips.count ?? 0)
        let someLost = isPartial(echo)
        if someLost {
            words.append(
                Phrase("\(asked - answered) of \(asked) pings got lost", "\(asked) 次 ping 遺失 \(asked - answered) 次"))
        }
        if arrivedLater {
            words.append(
                Phrase(
                    "the connection had no answer, and a moment later the same packets arrive", "連線沒有回音，片刻之後同樣的封包卻到得了"))
        }
        // Sent again, and confirmed in the end.
        let recovered =
            figures.count { $0.segmentsSentAgain > 0 && $0.unconfirmedSegments == 0 } + (slowConnect ? 1 : 0)
        let again = figures.map(\.segmentsSentAgain).reduce(0, +)
        let sent = figures.map(\.segmentsSent).reduce(0, +)
        if recovered > 0 {
            words.append(
                Phrase("\(again) of \(sent) TCP segments had to be sent again", "\(sent) 個 TCP 區段中有 \(again) 個必須重送"))
        }
        // A busy machine sends a few again that were only late.
        let lost = someLost ? asked - answered : 0
        let share = Double(again + lost) / Double(max(1, sent + (someLost ? asked : 0)))
        let isChance = recovered >= 2 || recovered == 1 && (someLost || slowConnect || share > 0.25)
        guard arrivedLater || share > 0.125 && isChance else { return nil }
        return Check(.loss, at: address, .failed, .heavyLoss, words.joined())
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
        var words = [
            Phrase(
                "\(again) of \(sent) TCP segments had to be sent again", "\(sent) 個 TCP 區段中有 \(again) 個必須重送")
        ]
        if gaps > 0 { words.append(Phrase("\(gaps) came out of order", "\(gaps) 個次序顛倒")) }
        if asked > 0 { words.append(Phrase("\(lost) of \(asked) pings got lost", "\(asked) 次 ping 遺失 \(lost) 次")) }
        return Check(.loss, at: address, .passed, isLossy ? .lossy : nil, words.joined())
    }
}
