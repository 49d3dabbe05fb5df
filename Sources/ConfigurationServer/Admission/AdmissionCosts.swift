/// What it costs the server's processors to let a node in, measured while it does: handshake, registration and everything
/// the kernel, the registry and the store do for it. Pure: seconds and counts go in.
struct AdmissionCosts: Equatable {
    /// Microseconds for one that shows its certificate; nil while not measured.
    private(set) var full: Double?
    /// Microseconds for one that resumes.
    private(set) var resumed: Double?

    /// From so many in a second on, a second says something: fewer drown in what else goes on.
    static let countMin = 50
    /// A heartbeat's share of the same second; measured at a paced load, where it is dearest.
    static let heartbeat = 15.0
    /// Before anything was measured: above what any machine of this decade needs, so that the promise is kept.
    static let guess = 1500.0
    /// What a resumption costs of a full admission where only that is known (OpenSSL 3.0, P-256: 0.45 of it).
    static let resumedShare = 0.6

    /// Takes in a second: processor time of the process, and what it was spent on.
    mutating func note(microseconds: Double, full fullCount: Int, resumed resumedCount: Int, heartbeats: Int) {
        let count = fullCount + resumedCount
        guard count >= Self.countMin else { return }
        let spent = microseconds - Double(heartbeats) * Self.heartbeat
        // Only a second of nearly one kind tells what that kind costs.
        if resumedCount * 10 >= count * 9 {
            resumed = Self.blend(resumed, (spent - Double(fullCount) * ofFull) / Double(resumedCount), count)
        } else if fullCount * 10 >= count * 9 {
            full = Self.blend(full, (spent - Double(resumedCount) * ofResumed) / Double(fullCount), count)
        }
    }

    /// What a full one costs, as far as is known.
    var ofFull: Double { full ?? Self.guess }

    /// What a resumed one costs, as far as is known.
    var ofResumed: Double { resumed ?? ofFull * Self.resumedShare }

    private static func blend(_ old: Double?, _ new: Double, _ count: Int) -> Double? {
        guard new > 10 else { return old }
        guard let old else { return new }
        let weight = min(0.5, Double(count) / 2000)
        return old + (new - old) * weight
    }

    // MARK: kept over a restart

    /// "full 812 resumed 395": what is known.
    var text: String {
        [("full", full), ("resumed", resumed)].compactMap { name, cost in cost.map { "\(name) \(Int($0.rounded()))" } }
            .joined(separator: " ")
    }

    /// Reads `text`; what is not there is not known.
    init(text: String = "") {
        let words = text.split(separator: " ")
        func value(_ name: String) -> Double? {
            guard let place = words.firstIndex(where: { $0 == name }), place + 1 < words.count,
                let value = Double(words[place + 1]), (10...1_000_000).contains(value)
            else { return nil }
            return value
        }
        (full, resumed) = (value("full"), value("resumed"))
    }
}
