internal import ErrorCatalogue

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
        func line(_ state: CheckState, _ symptom: Symptom?, _ words: Phrase) -> Check {
            Check(.idle, state, symptom, words, took: took)
        }
        if let forgotten = shortestForgotten, let keepAlive {
            let survived =
                longestSurvived.map { Phrase("a pause of \($0.inWords) is survived", "停頓 \($0.inWords) 仍保得住") }
                ?? Phrase("no pause is survived", "任何停頓都保不住")
            let isReset = fates[forgotten] == .forgotten(wasReset: true)
            return line(
                .passed, .idleLimit,
                survived
                    + Phrase(
                        ", after \(forgotten.inWords) the connection is \(isReset ? "reset" : "dead"); a sign of life each "
                            + "\(keepAlive.inWords) keeps it",
                        "，停頓 \(forgotten.inWords) 後連線\(isReset ? "遭重設" : "已死")；每 \(keepAlive.inWords) 一次訊號可保住它"))
        }
        if let ended = endedAfter {
            let before =
                longestSurvived.map { Phrase("pauses up to \($0.inWords) are survived; ", "停頓 \($0.inWords) 以內保得住；") }
                ?? .nothing
            return line(
                .unknown, nil,
                before
                    + Phrase(
                        "the server itself ends connections that are not used after \(ended.inWords), so longer pauses "
                            + "were not seen", "伺服器自己會在 \(ended.inWords) 後結束閒置的連線，更長的停頓無從得知"))
        }
        guard let survived = longestSurvived else {
            return line(.unknown, nil, Phrase("no connection was made", "沒有建立任何連線"))
        }
        return line(
            .passed, nil, Phrase("pauses up to \(survived.inWords) are survived", "停頓 \(survived.inWords) 以內保得住"))
    }
}
