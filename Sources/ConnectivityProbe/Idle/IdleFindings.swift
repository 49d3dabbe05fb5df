/// What pauses of growing length came to. Pure.
public struct IdleFindings: Hashable, Sendable {
    /// What became of a connection that was not used for so long.
    public enum Fate: Hashable, Sendable {
        /// It was answered afterwards.
        case survived
        /// It was dead: nothing was answered, or it was reset. Something on the way had forgotten it.
        case forgotten(wasReset: Bool)
        /// The other side itself had ended it, after this time.
        case ended(after: Duration)
        /// It could not be made.
        case notMade
    }

    /// Each pause with its fate.
    public var fates: [Duration: Fate]

    /// Findings from their parts.
    public init(_ fates: [Duration: Fate]) { self.fates = fates }

    /// The longest pause that was survived.
    public var longestSurvived: Duration? { fates.filter { $0.value == .survived }.keys.max() }

    /// The shortest pause that something on the way did not survive.
    public var shortestForgotten: Duration? {
        fates.filter { if case .forgotten = $0.value { true } else { false } }.keys.min()
    }

    /// After how long the other side itself ends a connection that is not used.
    public var endedAfter: Duration? {
        fates.values.compactMap { if case .ended(let time) = $0 { time } else { nil } }.min()
    }

    /// How often to give a sign of life so that the connection is kept: half of what is known to be survived.
    public var keepAlive: Duration? {
        shortestForgotten.map { shortest in
            let safe = longestSurvived ?? shortest / 2
            return max(.seconds(1), .seconds((safe / 2).components.seconds))
        }
    }

    /// The line of the report.
    func check(took: Duration) -> Check {
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: String) -> Check {
            Check(.idle, state, symptom, words, took: took)
        }
        if let forgotten = shortestForgotten, let keepAlive {
            let survived = longestSurvived.map { "a pause of \($0.inWords) is survived" } ?? "no pause is survived"
            let reset = fates[forgotten] == .forgotten(wasReset: true) ? "reset" : "dead"
            return line(
                .passed, .idleLimit,
                "\(survived), after \(forgotten.inWords) the connection is \(reset); a sign of life each "
                    + "\(keepAlive.inWords) keeps it")
        }
        if let ended = endedAfter {
            let before = longestSurvived.map { "pauses up to \($0.inWords) are survived; " } ?? ""
            return line(
                .unknown, nil,
                before
                    + "the server itself ends connections that are not used after \(ended.inWords), so longer pauses "
                    + "were not seen")
        }
        guard let survived = longestSurvived else { return line(.unknown, nil, "no connection was made") }
        return line(.passed, nil, "pauses up to \(survived.inWords) are survived")
    }
}
