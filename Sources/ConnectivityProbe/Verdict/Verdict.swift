/// What a report comes to: the cause in words, what it rests on, and what to do next.
public struct Verdict: Hashable, Sendable {
    /// How good the path is.
    public var grade: Grade
    /// The row of the table it comes from; nil: nothing is remarkable.
    public var symptom: Symptom?
    /// The cause, a sentence or two.
    public var cause: String
    /// What it rests on: the lines of the report that led to it, and what stays unknown.
    public var evidence: [String]
    /// What to do next.
    public var nextStep: String

    /// A verdict from its parts.
    public init(grade: Grade, symptom: Symptom?, cause: String, evidence: [String], nextStep: String) {
        self.grade = grade
        self.symptom = symptom
        self.cause = cause
        self.evidence = evidence
        self.nextStep = nextStep
    }
}
