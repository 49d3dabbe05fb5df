/// A row of the verdict table: what a symptom means and what to do. `{host}`, `{port}`, `{address}` and `{seen}` (the
/// line of the report) are filled in.
public struct VerdictRow: Hashable, Sendable {
    /// What it is about.
    public let symptom: Symptom
    /// How bad it is.
    public let grade: Grade
    /// How far a path with this symptom gets, from 0 (no name) on: of several addresses that fail, the one that gets
    /// furthest tells most.
    public let reach: Int
    /// The cause in words.
    public let cause: String
    /// What to do next.
    public let nextStep: String

    init(_ symptom: Symptom, _ grade: Grade, reach: Int, _ cause: String, next nextStep: String) {
        self.symptom = symptom
        self.grade = grade
        self.reach = reach
        self.cause = cause
        self.nextStep = nextStep
    }
}
