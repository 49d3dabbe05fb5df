/// By how much the clocks of the machines that registered last differ from the server's, one vote a machine. Pure.
struct ClockVotes: Sendable {
    private struct Vote {
        var node: NodeID
        var skew: Duration
    }

    /// What most of them say.
    struct Majority: Equatable {
        /// Ahead of the server's clock; behind it if negative.
        var skew: Duration
        /// So many agree, of so many.
        var agreeing: Int
        var voters: Int

        /// Whether a clock is off as most are.
        func agrees(with skew: Duration) -> Bool { (self.skew - skew).magnitude < Registry.skewWarning }
    }

    /// Machines whose vote is remembered; a newer one takes the place of the oldest.
    static let votersMax = 64
    /// Two may have asked one wrong time server.
    static let agreeingMin = 3

    private var votes: [Vote] = []
    private var oldest = 0

    /// Whether there are enough of them to say anything.
    var isQuorate: Bool { votes.count >= Self.agreeingMin }

    mutating func cast(_ skew: Duration, by node: NodeID) {
        let vote = Vote(node: node, skew: skew)
        if let known = votes.firstIndex(where: { $0.node == node }) {
            votes[known] = vote
        } else if votes.count < Self.votersMax {
            votes.append(vote)
        } else {
            votes[oldest] = vote
            oldest = (oldest + 1) % Self.votersMax
        }
    }

    /// The server's clock was set by so much: by its new time the others are off by as much less.
    mutating func move(by step: Duration) {
        for place in votes.indices { votes[place].skew = votes[place].skew - step }
    }

    /// Nil if they do not agree.
    var majority: Majority? {
        guard isQuorate else { return nil }
        let skews = votes.map(\.skew).sorted()
        var majority = Majority(skew: skews[skews.count / 2], agreeing: 0, voters: skews.count)
        majority.agreeing = skews.count(where: majority.agrees(with:))
        return majority.agreeing >= Self.agreeingMin && majority.agreeing * 2 > skews.count ? majority : nil
    }

    /// Who agrees with it.
    func voters(of majority: Majority) -> [NodeID] { votes.filter { majority.agrees(with: $0.skew) }.map(\.node) }
}
