import DequeModule

/// What the server remembers of those who did not get in: each attempt for a while, and of each peer that keeps failing
/// how often, how regularly and why. Bounded whatever comes: a port scan fills it and harms nobody.
///
/// A peer is a node where its certificate says who it is, else an address and a reason: two machines behind one address
/// that fail for two reasons are two.
public struct AttemptJournal: Sendable {
    /// Attempts kept, the newest.
    public static let attemptsMax = 2_000
    /// Peers that are counted at a time. Beyond it newcomers are listed as attempts only.
    public static let callersMax = 4_096
    /// So many failures make a pattern: one may be a mistake, two an accident.
    public static let failuresMin = 3
    /// A peer is given up when it has not tried for this long, or for four of its own intervals if that is longer.
    public static let patienceMin = Duration.seconds(5 * 60)
    /// The longest patience: a machine that tries once a day is no pattern any more.
    static let patienceMax = Duration.seconds(6 * 3_600)

    /// Who keeps trying.
    public struct Key: Hashable, Sendable {
        /// The node, where known.
        public let node: NodeID?
        /// The address otherwise; empty where the node is known.
        public let address: String
        /// The reason, where only the address is known.
        public let reason: AttemptReason?
    }

    /// A peer's failures so far.
    public struct Caller: Equatable, Sendable {
        /// Failures since it was first noticed.
        public var count: Int
        /// The first of them.
        public var firstAt: Instant
        /// The newest of them.
        public var last: Attempt
        /// Time between two tries, smoothed; nil after the first one.
        public var interval: Duration?

        /// When nobody speaks of it any more, if it does not try again.
        var forgottenAt: Instant {
            let rhythm = interval.map { $0 * 4 } ?? .zero
            return last.at + min(AttemptJournal.patienceMax, max(AttemptJournal.patienceMin, rhythm))
        }
    }

    /// Newest last.
    private(set) var attempts = Deque<Attempt>()
    private(set) var callers: [Key: Caller] = [:]
    /// Attempts that were noted since the start, and those for which there was no room to be told apart.
    public private(set) var noted: UInt64 = 0
    /// Peers about which there is an error.
    var told = 0
    /// Attempts that the loops only counted.
    public private(set) var dropped: UInt64 = 0

    /// A journal of nobody.
    init() {}

    /// The key of an attempt's peer.
    static func key(of attempt: Attempt) -> Key {
        attempt.node.map { Key(node: $0, address: "", reason: nil) }
            ?? Key(node: nil, address: attempt.address, reason: attempt.reason)
    }

    /// Notes an attempt. O(1).
    /// - Returns: the peer's key if this was a failure that was counted.
    mutating func note(_ attempt: Attempt) -> Key? {
        noted &+= 1
        if attempts.count >= Self.attemptsMax { attempts.removeFirst() }
        attempts.append(attempt)
        guard attempt.reason.isFailure else { return nil }
        let key = Self.key(of: attempt)
        guard var caller = callers[key] else {
            guard callers.count < Self.callersMax else { return nil }
            callers[key] = Caller(count: 1, firstAt: attempt.at, last: attempt)
            return key
        }
        let gap = max(.zero, attempt.at - caller.last.at)
        // A third of the new gap: a pause of one try does not look like another rhythm.
        caller.interval = caller.interval.map { $0 + (gap - $0) / 3 } ?? gap
        caller.count += 1
        caller.last = attempt
        callers[key] = caller
        return key
    }

    /// The server's clock was set: who tries goes on trying. What was noted of attempts stays as it was seen.
    mutating func move(by step: Duration) {
        for key in callers.keys {
            guard var caller = callers[key] else { continue }
            caller.firstAt = caller.firstAt + step
            caller.last.at = caller.last.at + step
            callers[key] = caller
        }
    }

    /// Notes attempts that were too many to tell apart.
    mutating func drop(_ count: Int) { dropped &+= UInt64(clamping: count) }

    /// The peer of this key.
    public func caller(_ key: Key) -> Caller? { callers[key] }

    /// The node got in: its failures are over.
    mutating func forget(node: NodeID) -> Bool {
        callers.removeValue(forKey: Key(node: node, address: "", reason: nil)) != nil
    }

    /// Takes out those who stopped trying. O(peers): call it seldom.
    mutating func takeForgotten(at now: Instant) -> [Key] {
        let gone = callers.filter { $0.value.forgottenAt <= now }.map(\.key)
        for key in gone { callers[key] = nil }
        return gone
    }

    /// When the next peer is forgotten; nil if there is none. O(peers).
    var nextForgottenAt: Instant? { callers.values.map(\.forgottenAt).min() }
}

/// Asks for attempts, newest first.
public struct AttemptQuery: Equatable, Sendable {
    /// Only from this address, with or without the port.
    public var peer: String
    /// Only with this name asked for in TLS, without regard to ASCII case.
    public var serverName: String
    /// Only those that ended at or after this moment.
    public var since: Instant?
    /// Only failures.
    public var failuresOnly: Bool
    /// At most this many.
    public var limit: Int

    /// A question; what is not given is not asked for.
    public init(
        peer: String = "", serverName: String = "", since: Instant? = nil, failuresOnly: Bool = false,
        limit: Int = 100
    ) {
        self.peer = peer
        self.serverName = serverName
        self.since = since
        self.failuresOnly = failuresOnly
        self.limit = limit
    }

    func isMeant(_ attempt: Attempt) -> Bool {
        (peer.isEmpty || attempt.peer == peer || attempt.address == peer)
            && (serverName.isEmpty || attempt.serverName.lowercased() == serverName.lowercased())
            && (since.map { attempt.at + attempt.lasted >= $0 } ?? true) && (!failuresOnly || attempt.reason.isFailure)
    }
}
