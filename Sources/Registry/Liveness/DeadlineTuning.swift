/// What moves all deadlines: how careful the fleet's operator is, and the limits that nothing learned may cross.
public struct DeadlineTuning: Equatable, Sendable {
    /// Between quick and careful: 1 is the default, 10 ten times as patient in price, 0.1 as hasty.
    public let margin: Double
    /// Earliest suspicion, in heartbeat intervals after the last heartbeat.
    public let floor: Double
    /// Latest suspicion, in heartbeat intervals after the last heartbeat.
    public let ceiling: Double

    /// What an interval of waiting may cost in suspicions of a node that lives; see `PathMemory`.
    let price: Float
    /// How many times the recent lateness is granted.
    let unrestFactor: Float

    /// One wrong suspicion in a thousand heartbeats is worth one interval of delay, at margin 1. On the fleet of
    /// docs/detection.md that is suspicion after 1.6 intervals in the mean: 1.05 in a rack, 3 over a mobile network.
    static let priceAtMarginOne = 1e-3

    /// Deadlines at a margin, between two limits in heartbeat intervals.
    public init(margin: Double = 1, floor: Double = 1.05, ceiling: Double = 2) {
        let margin = min(max(margin, 1e-6), 1e9)
        self.margin = margin
        self.floor = floor
        self.ceiling = max(floor, ceiling)
        price = Float(Self.priceAtMarginOne / margin)
        // Four deviations, as Jacobson has it; the hasty cannot afford them: two at a price of a tenth.
        unrestFactor = min(max(4 + Self.decades(margin), 2), 4)
    }

    /// The limits that an operator set, for the interval they were set for.
    public init(_ settings: RegistrySettings) {
        let interval = Double(settings.heartbeatInterval.inNanoseconds)
        self.init(
            margin: settings.suspicionMargin, floor: Double(settings.suspectAfterMin.inNanoseconds) / interval,
            ceiling: Double(settings.suspectAfter.inNanoseconds) / interval)
    }

    /// The decimal logarithm, near enough, without Foundation: straight between powers of two.
    private static func decades(_ number: Double) -> Float {
        Float((Double(number.exponent) + number.significand - 1) * 0.301_03)
    }
}
