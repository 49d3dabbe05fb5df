/// What came of a rehearsal.
public struct RehearsalReport: Equatable, Sendable {
    /// The time that passed in it.
    public var span: Duration
    /// Machines.
    public var nodes: Int
    /// Heartbeats that arrived.
    public var heartbeats: Int
    /// How often an error was raised.
    public var raised: Int
    /// How often one could be: for each cause and each machine it hit.
    public var raisedMax: Int
    /// Every error, the oldest first.
    public var errors: [ObservedError]
    /// Rows of the decision table that decided an error, if only for a while.
    public var rows: [String]
    /// What must never be and was, with its time; at most `violationsMax`.
    public var violations: [String]
    /// How far the scenario's expectations were met; nil: it has none.
    public var check: ExpectationCheck?

    /// Violations kept. One is enough to fail; the first is the one to look at.
    public static let violationsMax = 20

    /// Nothing that must never be, and every expectation met.
    public var isPassed: Bool { violations.isEmpty && (check?.isPassed ?? true) }
}
