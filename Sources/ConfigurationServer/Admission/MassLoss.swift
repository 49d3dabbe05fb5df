internal import Registry

/// Notices that many connections were lost at once, and tells when the fall is over. Pure.
///
/// What counts is how many fewer are connected than a moment ago, not how many were lost: nodes that come and go, each
/// replaced by the next, are no mass loss.
struct MassLoss: Equatable {
    /// Fewer than so many are no storm, whatever their share: they are back within a blink.
    static let countMin = 200
    /// The share of those who were connected.
    static let shareMin = 0.2
    /// How far back "a moment ago" is.
    static let window = Duration.seconds(2)
    /// The fall is over when nobody more was lost for so long.
    static let calm = Duration.milliseconds(200)

    private var highest: [(at: Instant, connected: Int)] = []
    private var lowest: (at: Instant, connected: Int)?
    private var from = 0

    /// Whether connections are being lost in numbers.
    var isFalling: Bool { lowest != nil }

    /// Takes in how many are connected. Returns how many were lost, once, when a fall is over.
    mutating func note(connected: Int, at now: Instant) -> Int? {
        if let low = lowest {
            if connected < low.connected { lowest = (now, connected) }
            guard now - low.at >= Self.calm || connected > low.connected else { return nil }
            let lost = from - min(connected, low.connected)
            (lowest, highest, from) = (nil, [], 0)
            return lost
        }
        highest.removeAll { $0.at + Self.window < now || $0.connected <= connected }
        if let peak = highest.first?.connected {
            let lost = peak - connected
            if lost >= Self.countMin, Double(lost) >= Self.shareMin * Double(peak) {
                (from, lowest) = (peak, (now, connected))
            }
        }
        highest.append((now, connected))
        return nil
    }

    static func == (one: MassLoss, other: MassLoss) -> Bool {
        one.from == other.from && one.lowest?.connected == other.lowest?.connected
            && one.highest.map(\.connected) == other.highest.map(\.connected)
    }
}
