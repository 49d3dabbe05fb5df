/// How good a path is.
public enum Grade: String, CaseIterable, Hashable, Sendable {
    /// Everything that was asked works.
    case passed
    /// It works, but slowly, or not in every way.
    case doubtful
    /// It does not.
    case failed
}
