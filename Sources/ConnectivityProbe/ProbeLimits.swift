/// How long each step may take, and from when on it counts as slow. Each with its reason.
public struct ProbeLimits: Hashable, Sendable {
    /// A resolver is asked again after 5 s (resolv.conf(5)): one that answers at all has done so by then.
    public var name = Duration.seconds(6)
    /// A lost first packet is sent again after 1 s and 3 s (RFC 6298): three attempts fit.
    public var connect = Duration.seconds(5)
    /// Two round trips and some arithmetic; leaves room for two lost packets.
    public var handshake = Duration.seconds(5)
    /// Servers that speak first do so at once; some look up the caller's name before.
    public var greeting = Duration.milliseconds(1500)
    /// All pings together.
    public var ping = Duration.seconds(5)

    /// Slower than this, a resolver was asked twice, or two were.
    public var slowName = Duration.seconds(2)
    /// Slower than this, the first packet was lost and sent again.
    public var slowConnect = Duration.milliseconds(900)
    /// Slower than this, a registration of several round trips is felt.
    public var slowHandshake = Duration.seconds(2)
    /// No path on earth needs more, short of a satellite.
    public var slowPing = Duration.milliseconds(500)
    /// Warned of from here on (as registration does).
    public var clockOff = Duration.seconds(60)
    /// An error from here on (as registration does).
    public var clockFarOff = Duration.seconds(15 * 60)
    /// Certificates are renewed at the latest this many days before their end.
    public var expiresSoonDays: Int64 = 14

    /// The defaults.
    public init() {}

    /// The same time limit for every step, where that is less than its own; and where it is more, for the steps that
    /// wait for the other side.
    public mutating func limitEachStep(to limit: Duration) {
        name = limit
        connect = limit
        handshake = limit
        ping = limit
        greeting = min(greeting, limit)
    }
}
