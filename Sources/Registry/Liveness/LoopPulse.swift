/// What a loop of the server says of itself with each turn of its timer.
public struct LoopPulse: Equatable, Sendable {
    /// Which loop.
    public var loop: ServerLoop
    /// What had arrived by then has been read; what came later may wait unread.
    public var heardUntil: Instant
    /// Whoever dialled by then has begun to be let in; those who came later may still wait at the door.
    public var admittedUntil: Instant
    /// What its timer came late since the start, all in all (`StallWatch.lost`).
    public var lost: Duration

    /// A loop without connections is never behind with them.
    public init(
        _ loop: ServerLoop, heardUntil: Instant = .distantFuture, admittedUntil: Instant = .distantFuture,
        lost: Duration
    ) {
        self.loop = loop
        self.heardUntil = heardUntil
        self.admittedUntil = admittedUntil
        self.lost = lost
    }
}
