internal import Registry

/// Suspicions, and the verdicts that come of them when the server asks first. A path is simulated: its sender lives all the
/// time, so each verdict is false; what matters is whether anybody could have known better.
public struct VerdictScore: Equatable, Sendable {
    /// Length of the path's life, hours.
    public var hours: Double
    /// Suspicions by the server's own deadlines at the default settings.
    public var suspicions = 0
    /// Verdicts if silence alone decided: three intervals.
    public var verdictsBySilence = 0
    /// Verdicts after questions.
    public var verdicts = 0
    /// Of those, given when no question could have got through since the suspicion, or since the last one that did: the outage
    /// was their cause.
    public var verdictsByOutage = 0
    /// Questions asked.
    public var questions = 0

    /// Lives through a path.
    public init(_ path: PathSimulation, seed: UInt64) {
        let beats = path.trace.received
        let settings = RegistrySettings(heartbeatInterval: .nanoseconds(Int64(path.numbers.interval * 1e9)))
        let tuning = DeadlineTuning(settings)
        var chance = Chance(seed: seed ^ 0xA5A5)
        var learned = LearnedDeadlines(tuning)
        hours = 0
        var verdictFrom = 0.0
        for place in beats.indices {
            let next = place + 1 < beats.count ? beats[place + 1] : nil
            let deadline = learned.deadline(after: beats[place], next: next)
            guard place >= Score.warmUp, let next else { continue }
            if place == Score.warmUp { verdictFrom = beats[place].at }
            hours = (next.at - verdictFrom) / 3_600
            let silence = path.numbers.interval * 3
            if next.at - beats[place].at > silence { verdictsBySilence += 1 }
            guard next.at > deadline else { continue }
            suspicions += 1
            ask(
                path, from: deadline, silentSince: beats[place].at, heldUp: learned.heldUp, until: next.at, settings,
                &chance)
        }
    }

    /// Asks from the suspicion on, again and again, until the next heartbeat comes or a verdict falls.
    private mutating func ask(
        _ path: PathSimulation, from suspicion: Double, silentSince heard: Double, heldUp: Duration,
        until next: Double, _ settings: RegistrySettings, _ chance: inout Chance
    ) {
        let pause = settings.askInterval.inSeconds
        let wait = settings.answerWait.inSeconds
        var question = suspicion
        var isAnswered = false
        /// One could have got through since the last answer.
        var wasOpen = false
        while true {
            let verdict = heard + settings.silenceBeforeVerdict(isAnswered: isAnswered, heldUp: heldUp).inSeconds
            guard min(question, verdict) < next else { return }
            if verdict <= question {
                verdicts += 1
                if !wasOpen { verdictsByOutage += 1 }
                return
            }
            questions += 1
            if path.answers(at: question, within: wait, &chance) {
                (isAnswered, wasOpen) = (true, false)
            } else if path.isOpen(at: question, within: wait) {
                wasOpen = true
            }
            question += pause
        }
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(inNanoseconds) / 1e9 }
}
