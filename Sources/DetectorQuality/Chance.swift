internal import Foundation

/// Random numbers from a seed, with the distributions that traces are made of (Devroye, Non-Uniform Random Variate
/// Generation, 1986). The same on every machine.
struct Chance {
    private var state: UInt64

    /// Neighbouring seeds must not give one sequence, shifted: the seed is mixed before the steps are counted.
    init(seed: UInt64) { state = Self.mixed(Self.mixed(seed) ^ 0x5851_F42D_4C95_7F2D) }

    /// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Mean 0, deviation 1 (Box and Muller).
    mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    mutating func exponential(mean: Double) -> Double { -mean * log(1 - uniform()) }

    /// Excess over 1 of Pareto's law with this exponent.
    mutating func pareto(_ shape: Double) -> Double { pow(1 - uniform(), -1 / shape) - 1 }

    /// Marsaglia and Tsang (ACM TOMS 26(3), 2000); shape at least 1.
    mutating func gamma(shape: Double, scale: Double) -> Double {
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = pow(1 + c * x, 3)
            if v > 0, log(1 - uniform()) < x * x / 2 + d - d * v + d * log(v) { return d * v * scale }
        }
    }

    /// How many of something with this mean.
    mutating func poisson(_ mean: Double) -> Int {
        var count = 0
        var time = exponential(mean: 1)
        while time < mean {
            count += 1
            time += exponential(mean: 1)
        }
        return count
    }
}
