internal import Registry
internal import Synchronization

/// How many wrong passphrases are heard: from one address, and from all together. Each run of the proof counts as one from the
/// moment at which the newcomer can tell whether it guessed right; one that succeeds is taken off again. Pure.
struct GuessLimit {
    /// From one address in a row. A machine that tries each 30 s with a wrong one is always heard, and so seen.
    static let ofAddressMax = 8
    /// After this long one of them is forgotten.
    static let ofAddressRecovery = Duration.seconds(20)
    /// From all addresses in a row, and so many proofs under way at once.
    static let ofAllMax = 64
    /// After this long one of those is forgotten: 17,280 guesses a day in the long run, whoever makes them.
    static let ofAllRecovery = Duration.seconds(5)

    /// Why a newcomer is not heard now.
    enum Refusal: Equatable {
        /// Its address has failed too often.
        case address
        /// All together have.
        case all
    }

    /// A count that goes down by one with each period.
    private struct Count {
        var value = 0
        var since: Instant

        mutating func recover(at now: Instant, each period: Duration) {
            // The clock was set back.
            if now < since { since = now }
            let periods = max(0, (now - since).inNanoseconds / period.inNanoseconds)
            guard periods < value else {
                (value, since) = (0, now)
                return
            }
            value -= Int(periods)
            since = since + period * Int(periods)
        }
    }

    private var all: Count?
    // As many as failed lately: the other limit bounds them.
    private var addresses: [String: Count] = [:]

    /// Addresses that are remembered.
    var addressCount: Int { addresses.count }

    /// A run begins; counted as a wrong guess from now on. Nil: it may.
    mutating func begin(from address: String, at now: Instant) -> Refusal? {
        var all = self.all ?? Count(since: now)
        all.recover(at: now, each: Self.ofAllRecovery)
        for key in addresses.keys {
            addresses[key]?.recover(at: now, each: Self.ofAddressRecovery)
            if addresses[key]?.value == 0 { addresses[key] = nil }
        }
        var own = addresses[address] ?? Count(since: now)
        defer { self.all = all }
        guard own.value < Self.ofAddressMax else { return .address }
        guard all.value < Self.ofAllMax else { return .all }
        own.value += 1
        all.value += 1
        addresses[address] = own
        return nil
    }

    /// The run proved the fleet's passphrase.
    mutating func succeeded(from address: String) {
        if let own = addresses[address] {
            addresses[address] = own.value > 1 ? Count(value: own.value - 1, since: own.since) : nil
        }
        if let all { self.all = Count(value: max(0, all.value - 1), since: all.since) }
    }
}

/// The same for all loops. Any thread.
final class EnrolmentGuard: Sendable {
    private let limit = Mutex(GuessLimit())

    func begin(from address: String, at now: Instant) -> GuessLimit.Refusal? {
        limit.withLock { $0.begin(from: address, at: now) }
    }

    func succeeded(from address: String) { limit.withLock { $0.succeeded(from: address) } }
}
