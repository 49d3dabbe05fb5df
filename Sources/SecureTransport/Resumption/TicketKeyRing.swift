internal import Synchronization

/// The keys that seal and open tickets: the newest seals, all of them open. A key seals for half of a ticket's life and opens
/// until its last ticket is dead; then it is wiped. Any thread.
///
/// Whoever has these keys and has seen a ticket can pass for its node until the ticket dies, and can make tickets of his own:
/// they are to be kept like the server's private key (`docs/decisions/0004-resumption.md`).
public final class TicketKeyRing: Sendable {
    /// How long a ticket lives.
    public let life: Duration
    private let keys: Mutex<[TicketKey]>

    /// The first line of the text, for people.
    static let heading =
        "# Keys of session tickets. Secret. Removing this file makes every agent show its certificate once more."

    /// An empty ring: `rotate` makes its first key. Tickets live for `life`.
    public init(life: Duration) {
        self.life = life
        keys = Mutex([])
    }

    /// The ring that `text` wrote. Lines that cannot be read are left out: their tickets die early, nothing worse.
    public init(life: Duration, text: String) {
        self.life = life
        let read = text.split(separator: "\n").compactMap { TicketKey(text: $0) }
        keys = Mutex(read.sorted { $0.madeAt > $1.madeAt })
    }

    /// Makes a new key where the newest has sealed for long enough, and drops those whose tickets are all dead.
    /// - Parameter now: seconds since 1970-01-01 UTC.
    /// - Returns: whether something changed and the text is to be kept anew.
    public func rotate(at now: Int64) -> Bool {
        let sealing = max(1, life.components.seconds / 2)
        return keys.withLock { keys in
            let count = keys.count
            // A key from the future was made by a clock that was wrong: it would never end.
            keys.removeAll { $0.madeAt > now + 60 || $0.madeAt + sealing + life.components.seconds < now }
            let isDue = keys.first.map { $0.madeAt + sealing <= now } ?? true
            if isDue, let key = TicketKey(at: now) { keys.insert(key, at: 0) }
            return keys.count != count || isDue
        }
    }

    /// All keys as text, to be kept where nobody else can read it. Secret.
    public var text: String {
        keys.withLock { keys in ([Self.heading] + keys.map(\.text)).joined(separator: "\n") + "\n" }
    }

    /// How many keys open tickets.
    public var count: Int { keys.withLock { $0.count } }

    /// The key that seals; nil in an empty ring.
    var sealing: TicketKey? { keys.withLock { $0.first } }

    /// The key of this name.
    func key(named name: UnsafePointer<UInt8>) -> TicketKey? {
        keys.withLock { keys in keys.first { unsafe $0.isNamed(name) } }
    }
}

extension TicketKeyRing: CustomStringConvertible {
    /// Nothing secret.
    public var description: String { "\(count) ticket keys" }
}
