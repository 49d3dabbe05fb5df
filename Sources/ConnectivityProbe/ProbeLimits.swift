/// How long each step may take, and from when on it counts as slow. Each with its reason.
public struct ProbeLimits: Hashable, Sendable {
    /// All of it, from the beginning, without the idle test: a person waits ten seconds.
    public var whole = Duration.milliseconds(8500)
    /// An address is tried for at least this long, however long its name took.
    public var addressMin = Duration.seconds(4)
    /// A resolver is asked again after 5 s (resolv.conf(5)): one that answers at all has done so by then.
    public var name = Duration.seconds(6)
    /// A lost first packet is sent again after 1 s and 3 s (RFC 6298): three attempts fit.
    public var connect = Duration.seconds(5)
    /// Two round trips and some arithmetic; leaves room for two lost packets.
    public var handshake = Duration.seconds(5)
    /// Servers that speak first do so at once; some look up the caller's name before.
    public var greeting = Duration.milliseconds(1500)
    /// Between two ICMP echo requests.
    public var echoInterval = Duration.milliseconds(30)
    /// After the last one.
    public var echo = Duration.milliseconds(900)
    /// For a name server that is asked directly; half-way it is asked again.
    public var resolver = Duration.milliseconds(2400)
    /// A large TLS greeting that is not answered after this long is suspected of having vanished: two retransmissions
    /// of a path with 100 ms come before.
    public var largeGreeting = Duration.milliseconds(1200)
    /// One size of packets in the search for the largest.
    public var segmentTrial = Duration.milliseconds(900)
    /// Routers answer at once; ICMP errors are few a second.
    public var trace = Duration.milliseconds(1000)
    /// A proxy answers when it has connected, or has given up.
    public var proxy = Duration.seconds(8)
    /// All pings together.
    public var ping = Duration.seconds(5)

    /// For the registry, which may be writing a group of registrations.
    public var registry = Duration.seconds(4)

    /// Slower than this, a resolver was asked twice, or two were.
    public var slowName = Duration.seconds(2)
    /// Slower than this, the first packet was lost and sent again.
    public var slowConnect = Duration.milliseconds(900)
    /// Slower than this, a registration of several round trips is felt.
    public var slowHandshake = Duration.seconds(2)
    /// No path on earth needs more, short of a satellite.
    public var slowPing = Duration.milliseconds(500)
    /// More than this share of segments sent again, in hundredths, is felt; chance alone reaches it on no good path.
    public var lossPercentMax = 3
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
        // TCP, TLS, certificate, ping: one after the other.
        whole = limit * 5
        name = limit
        connect = limit
        handshake = limit
        ping = limit
        proxy = limit
        echo = min(echo, limit)
        resolver = min(resolver, limit)
        largeGreeting = min(largeGreeting, limit)
        segmentTrial = min(segmentTrial, limit)
        trace = min(trace, limit)
        registry = min(registry, limit)
        greeting = min(greeting, limit)
    }
}
