/// A simulated path: its trace, and what really happened on it.
public struct PathSimulation: Sendable {
    /// What the path is made of.
    let numbers: PathNumbers
    /// When every packet was lost.
    let cuts: Periods
    /// What a detector gets to see.
    public let trace: Trace

    /// Simulates so many heartbeats.
    public init(_ kind: PathKind, beats: Int, seed: UInt64) {
        var chance = Chance(seed: seed)
        let numbers = kind.numbers
        var sent: [Double] = []
        sent.reserveCapacity(beats)
        var now = 0.0
        for number in 0..<beats {
            let part =
                numbers.changes.isEmpty ? 0 : min(number * numbers.changes.count / beats, numbers.changes.count - 1)
            let interval = numbers.changes.isEmpty ? numbers.interval : numbers.changes[part]
            now += interval + abs(chance.normal()) * numbers.wobble
            // A sender that stalls arms its timer again afterwards: the schedule moves for good.
            if numbers.stall > 0, chance.uniform() < numbers.stallsPerHour * interval / 3_600 {
                now += chance.exponential(mean: numbers.stall)
            }
            sent.append(now)
        }
        cuts = Periods(
            &chance, until: now, perHour: numbers.cuts.perHour, shape: numbers.cuts.shape, scale: numbers.cuts.scale,
            longest: numbers.cuts.longest)
        let congestion = Periods(
            &chance, until: now, perHour: numbers.congestion.perHour, shape: 1.2, scale: numbers.congestion.scale,
            longest: numbers.congestion.longest)
        var arrivals: [Double?] = []
        arrivals.reserveCapacity(beats)
        for (number, moment) in sent.enumerated() {
            var delay = numbers.delay + chance.gamma(shape: 1.2, scale: numbers.jitter / 1.2)
            if congestion.contain(moment) {
                delay += chance.gamma(shape: 1.5, scale: numbers.congestion.jitter / 1.5)
            }
            if number >= beats / 2 { delay += numbers.laterDelay }
            arrivals.append(Self.arrival(of: moment, delay, numbers, cuts, &chance))
        }
        if !numbers.isDatagram {
            var latest = 0.0
            for number in arrivals.indices {
                latest = max(latest, arrivals[number] ?? 0)
                arrivals[number] = latest
            }
        }
        self.numbers = numbers
        trace = Trace(
            name: "\(kind.rawValue), seed \(seed)",
            beats: (0..<beats).map { Trace.Beat(sequence: $0, sent: sent[$0], arrived: arrivals[$0]) })
    }

    /// Over TCP a lost segment comes back after a timer that doubles, from `firstTimer` to 120 s (RFC 6298); what was sent
    /// after it waits for it. A lost datagram is lost.
    private static func arrival(
        of sent: Double, _ delay: Double, _ numbers: PathNumbers, _ cuts: Periods, _ chance: inout Chance
    ) -> Double? {
        var moment = sent
        var timer = numbers.firstTimer
        while chance.uniform() < numbers.loss || cuts.contain(moment) {
            if numbers.isDatagram { return nil }
            moment += timer
            timer = min(2 * timer, 120)
        }
        return moment + delay
    }

    /// Whether a question asked then, outside the connection, is answered within that time: one of its packets, and the answer
    /// to it, are not lost.
    func answers(at moment: Double, within wait: Double, _ chance: inout Chance) -> Bool {
        packets(within: wait).contains { sent in
            let isLost = chance.uniform() < numbers.loss || chance.uniform() < numbers.loss
            return !isLost && !isCut(at: moment + sent)
        }
    }

    /// Whether the path is open for all of such a question.
    func isOpen(at moment: Double, within wait: Double) -> Bool {
        packets(within: wait).allSatisfy { !isCut(at: moment + $0) }
    }

    /// When a question's packets are sent whose answers can be there in time: two echoes half a second apart, and a SYN that is
    /// sent again after a second (RFC 6298). The first two are waited for on any path.
    private func packets(within wait: Double) -> [Double] {
        [0, 0, 0.5, 1].filter { $0 == 0 || $0 + 2 * numbers.delay <= wait }
    }

    /// Whether nothing that is sent then can be answered.
    func isCut(at moment: Double) -> Bool { cuts.contain(moment) || cuts.contain(moment + 2 * numbers.delay) }
}
