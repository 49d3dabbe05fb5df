/// One round of a path that is watched.
public struct PathRound: Hashable, Sendable {
    /// From 1.
    public var number: Int
    /// When it began, milliseconds since 1970-01-01 UTC.
    public var atUnixMilliseconds: Int64
    /// The round trip of the deepest thing that answered (Rollcall's ping, else TLS, else TCP); nil: it failed.
    public var roundTrip: Duration?
    /// What was wrong; nil: nothing.
    public var symptom: Symptom?
    /// The verdict's cause, for a round that is not fine.
    public var cause: String?
    /// It came out otherwise than the round before.
    public var isChange: Bool

    /// A round from its parts.
    public init(
        number: Int, atUnixMilliseconds: Int64, roundTrip: Duration?, symptom: Symptom?, cause: String?, isChange: Bool
    ) {
        self.number = number
        self.atUnixMilliseconds = atUnixMilliseconds
        self.roundTrip = roundTrip
        self.symptom = symptom
        self.cause = cause
        self.isChange = isChange
    }
}
