/// Three-valued: what could not be found out is unknown, never no.
public enum CheckState: String, Hashable, Sendable {
    /// It holds. With a symptom beside it: it holds, but deserves a look.
    case passed
    /// It does not hold.
    case failed
    /// It could not be found out; the detail says why.
    case unknown
}
