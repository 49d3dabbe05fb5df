public import EventLoop

/// What the server at one address said of itself and of us.
public struct ServerLook: Hashable, Sendable {
    /// What it does with newcomers.
    public enum Readiness: String, Hashable, Sendable {
        /// An old server that does not tell.
        case unknown
        /// Takes registrations.
        case ready
        /// About to stop.
        case draining
        /// Cannot write its registry.
        case readOnly = "read-only"
    }

    /// Where.
    public var address: SocketAddress
    /// Its fleet.
    public var fleet: String
    /// Its release.
    public var version: String
    /// What it does with newcomers.
    public var readiness: Readiness
    /// The address it sees us at; empty if it does not tell.
    public var observedAddress: String
    /// Our own end of the same connection.
    public var localAddress: SocketAddress?
    /// Who it takes us for; empty: a stranger.
    public var identity: String
    /// Its clock less ours: positive if it is ahead. Good to half of the shortest round trip.
    public var clockSkew: Duration
    /// Its clock at that moment, milliseconds since 1970-01-01 UTC.
    public var serverUnixMilliseconds: Int64
    /// Our clock at that moment, milliseconds since 1970-01-01 UTC.
    public var localUnixMilliseconds: Int64
    /// Each ping's round trip, in the order they were sent. At least one.
    public var roundTrips: [Duration]

    /// What it said.
    public init(
        address: SocketAddress, fleet: String, version: String, readiness: Readiness, observedAddress: String,
        localAddress: SocketAddress?, identity: String, clockSkew: Duration, serverUnixMilliseconds: Int64,
        localUnixMilliseconds: Int64, roundTrips: [Duration]
    ) {
        self.address = address
        self.fleet = fleet
        self.version = version
        self.readiness = readiness
        self.observedAddress = observedAddress
        self.localAddress = localAddress
        self.identity = identity
        self.clockSkew = clockSkew
        self.serverUnixMilliseconds = serverUnixMilliseconds
        self.localUnixMilliseconds = localUnixMilliseconds
        self.roundTrips = roundTrips
    }

    /// The shortest round trip.
    public var shortest: Duration { roundTrips.min() ?? .zero }
    /// The mean round trip.
    public var average: Duration {
        roundTrips.isEmpty ? .zero : roundTrips.reduce(.zero, +) / roundTrips.count
    }
    /// The longest round trip.
    public var longest: Duration { roundTrips.max() ?? .zero }

    /// Whether something on the way puts another address in our place; nil if the server does not tell.
    public var isTranslated: Bool? {
        guard let seen = SocketAddress(parsing: observedAddress), let localAddress else { return nil }
        return seen != localAddress
    }
}
