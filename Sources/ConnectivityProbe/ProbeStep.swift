/// One thing to do: the claim it puts to the test, how long that may take and why, and what must be known before.
public struct ProbeStep: Hashable, Sendable {
    /// What must be known before a step makes sense.
    public enum Need: Hashable, Sendable {
        /// This check passed at the same address.
        case passed(CheckKind)
        /// This check failed at the same address.
        case failed(CheckKind)
        /// This check was made, however it ended.
        case done(CheckKind)
        /// No check at the same address found this.
        case without(Symptom)
        /// There is an authority to trust.
        case authority
    }

    /// The check it leads to.
    public let kind: CheckKind
    /// What it claims.
    public let claim: String
    /// How long it may take.
    public let limit: Duration
    /// Why so long.
    public let reason: String
    /// What must be known before.
    public let needs: [Need]
}
