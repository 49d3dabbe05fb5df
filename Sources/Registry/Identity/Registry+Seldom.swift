// What is looked at seldom, a few minutes after something happened: who flaps, who shares an identity, what has changed.
extension Registry {
    /// Has these looked at no later than then.
    mutating func hangSeldom(at due: Instant) { nextSeldomReview = min(nextSeldomReview ?? due, due) }

    /// Looks at them if it is time. O(remembered), and nothing is remembered of a quiet fleet.
    mutating func reviewSeldom(at now: Instant, into effects: inout Effects) {
        guard let due = nextSeldomReview, due <= now else { return }
        nextSeldomReview = nil
        reviewFlapping(at: now, into: &effects)
        reviewTwins(at: now, into: &effects)
        reviewChanges(at: now, into: &effects)
        reviewHardware(at: now, into: &effects)
        reviewServerCertificate(at: now, into: &effects)
        reviewServerIdentity(at: now, into: &effects)
    }

    /// What was told before the restart ends by itself, too.
    mutating func resumeSeldom() {
        resumeFlapping()
        resumeTwins()
        resumeServerIdentity()
        if journal.count(of: .change) + journal.count(of: .hardware) > 0 { hangSeldom(at: startedAt) }
    }
}
