/// What many rounds come to, as `ping` sums it up. Pure.
public struct PathStatistics: Hashable, Sendable {
    /// Rounds so far.
    public private(set) var rounds = 0
    /// Rounds in which the path did not work.
    public private(set) var lost = 0
    /// Rounds that came out otherwise than the one before.
    public private(set) var changes = 0
    /// The shortest round trip; nil: none yet.
    public private(set) var shortest: Duration?
    /// The longest.
    public private(set) var longest: Duration?
    private var sum = 0.0
    private var squares = 0.0

    /// Nothing yet.
    public init() {}

    /// Takes a round in.
    public mutating func add(_ round: PathRound) {
        rounds += 1
        if round.isChange { changes += 1 }
        guard let time = round.roundTrip else {
            lost += 1
            return
        }
        shortest = min(shortest ?? time, time)
        longest = max(longest ?? time, time)
        let milliseconds = time / .milliseconds(1)
        sum += milliseconds
        squares += milliseconds * milliseconds
    }

    /// The mean round trip; nil: none.
    public var average: Duration? {
        rounds > lost ? .microseconds(Int64(sum / Double(rounds - lost) * 1000)) : nil
    }

    /// Standard deviation of the round trips: jitter.
    public var deviation: Duration? {
        guard rounds > lost else { return nil }
        let count = Double(rounds - lost)
        let mean = sum / count
        return .microseconds(Int64(max(0, squares / count - mean * mean).squareRoot() * 1000))
    }

    /// Lost rounds in a hundred.
    public var lossPercent: Double { rounds == 0 ? 0 : Double(lost) * 100 / Double(rounds) }

    /// How good the path was over all rounds.
    public var grade: Grade { rounds == 0 || lost == rounds ? .failed : lost > 0 || changes > 0 ? .doubtful : .passed }
}
