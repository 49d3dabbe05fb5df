/// How good a detector was on a trace, in the terms of Chen, Toueg and Aguilera (2002).
public struct Score: Equatable, Sendable {
    /// Deadline less sending of the newest heartbeat, seconds, in the mean: what a crash just after it would cost.
    public var detection: Double
    /// Deadlines that passed before a newer heartbeat came.
    public var mistakesPerHour: Double
    /// How long such a suspicion lasted, seconds, in the mean.
    public var mistakeSeconds: Double
    /// Share of the time in which it was right.
    public var accuracy: Double

    /// Heartbeats that are not counted, because every detector has to learn.
    public static let warmUp = 1_000

    /// Scores deadlines, one for each heartbeat that arrived.
    public init(_ beats: [Trace.Received], deadline: (Int) -> Double) {
        let first = min(Self.warmUp, max(beats.count - 2, 0))
        var detection = 0.0
        var mistakes = 0
        var wrong = 0.0
        for place in first..<beats.count {
            let deadline = deadline(place)
            detection += max(deadline, beats[place].at) - beats[place].sent
            if place + 1 < beats.count, beats[place + 1].at > deadline {
                mistakes += 1
                wrong += beats[place + 1].at - deadline
            }
        }
        let seconds = beats[beats.count - 1].at - beats[first].at
        self.detection = detection / Double(beats.count - first)
        mistakesPerHour = Double(mistakes) / seconds * 3_600
        mistakeSeconds = mistakes > 0 ? wrong / Double(mistakes) : 0
        accuracy = 1 - wrong / seconds
    }
}

/// What a detector can do: mistakes an hour against detection time in intervals beyond the path's own delay.
struct Curve: Equatable, Sendable {
    struct Point: Equatable, Sendable {
        var detection: Double
        var mistakes: Double
    }

    /// Ascending in detection time.
    var points: [Point]

    init(_ points: [Point]) {
        self.points = points.sorted { ($0.detection, $0.mistakes) < ($1.detection, $1.mistakes) }
    }

    /// Mistakes at a detection time, straight between two points; nil outside of what it can do.
    func mistakes(at detection: Double) -> Double? {
        guard let last = points.last, let first = points.first, first.detection <= detection,
            detection <= last.detection, let above = points.firstIndex(where: { $0.detection >= detection })
        else { return nil }
        if above == 0 { return first.mistakes }
        let (left, right) = (points[above - 1], points[above])
        guard right.detection > left.detection else { return right.mistakes }
        let part = (detection - left.detection) / (right.detection - left.detection)
        return left.mistakes + (right.mistakes - left.mistakes) * part
    }
}
