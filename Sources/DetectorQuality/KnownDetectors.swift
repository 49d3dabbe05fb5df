internal import Foundation

/// A detector of the literature on one trace: deadlines as a function of the one number that moves it between quick and
/// careful.
struct KnownDetector {
    var name: String
    /// What to try.
    var parameters: [Double]
    /// When the sender of the newest heartbeat becomes suspect, by its place in the trace.
    var deadline: (_ parameter: Double, _ place: Int) -> Double
}

extension KnownDetector {
    /// Heartbeats that an estimate is made from, as in the papers.
    static let window = 1_000

    /// All seven, on what arrived.
    static func all(_ beats: [Trace.Received]) -> [KnownDetector] {
        let at = beats.map(\.at)
        let gaps = at.indices.map { $0 == 0 ? 0 : at[$0] - at[$0 - 1] }
        let unit = median(Array(gaps.dropFirst()))
        let margins = geometric(0.02, 60, 90).map { $0 * unit }
        let chen = expectedArrivals(beats, window: window)
        let short = expectedArrivals(beats, window: 1)
        let both = zip(chen, short).map(max)
        let deviation = deviations(at, chen)
        let mean = means(gaps, window).map { max($0, 1e-9) }
        let square = means(gaps.map { $0 * $0 }, window)
        let sigma = zip(mean, square).map { max($1 - $0 * $0, 1e-12).squareRoot() }
        // Weibull's shape from mean and deviation: Justus's rule (1978); its scale from the mean.
        let shape = zip(mean, sigma).map { min(max(pow($1 / $0, -1.086), 0.5), 200) }
        let scale = zip(mean, shape).map { $0 / tgamma(1 + 1 / $1) }
        return [
            KnownDetector(name: "fixed timeout", parameters: margins.map { unit + $0 }) { at[$1] + $0 },
            // Chen, Toueg, Aguilera, IEEE Transactions on Computers 51(5), 2002.
            KnownDetector(name: "Chen", parameters: margins) { chen[$1] + $0 },
            // Bertier, Marin, Sens, DSN 2002: Chen's estimate, Jacobson's deviation as margin.
            KnownDetector(name: "Bertier", parameters: geometric(0.1, 300, 90)) { chen[$1] + $0 * 4 * deviation[$1] },
            // Hayashibara, Défago, Yared, Katayama, SRDS 2004.
            KnownDetector(name: "phi accrual", parameters: linear(0.3, 300, 120).map(normalQuantile)) {
                at[$1] + mean[$1] + $0 * sigma[$1]
            },
            KnownDetector(name: "exponential", parameters: geometric(1.02, 60, 90)) { at[$1] + mean[$1] * $0 },
            // Liu et al. 2017.
            KnownDetector(name: "Weibull", parameters: geometric(0.3, 1_000, 120).map { $0 * log(10) }) {
                at[$1] + scale[$1] * pow($0, 1 / shape[$1])
            },
            // Tomsic, Sens, Garcia, Arantes, Sopena, ICDCN 2015.
            KnownDetector(name: "two windows", parameters: margins) { both[$1] + $0 },
        ]
    }

    /// Chen's estimate: mean of arrival less number times interval, over a window, moved on; the interval from the same
    /// window.
    private static func expectedArrivals(_ beats: [Trace.Received], window: Int) -> [Double] {
        let meanAt = means(beats.map(\.at), window)
        let meanNumber = means(beats.map { Double($0.sequence) }, window)
        return beats.indices.map { place in
            let first = max(place + 1 - window, 0)
            let steps = max(beats[place].sequence - beats[first].sequence, 1)
            let step = max((beats[place].at - beats[first].at) / Double(steps), 0)
            return meanAt[place] - meanNumber[place] * step + Double(beats[place].sequence + 1) * step
        }
    }

    /// Jacobson's mean deviation of arrivals from what was expected.
    private static func deviations(_ at: [Double], _ expected: [Double]) -> [Double] {
        var deviation = 0.0
        return at.indices.map { place in
            let error = place == 0 ? 0 : abs(at[place] - expected[place - 1])
            deviation += 0.1 * (error - deviation)
            return deviation
        }
    }

    /// Means over the last `window` values, from differences of sums.
    private static func means(_ values: [Double], _ window: Int) -> [Double] {
        var sums = [0.0]
        for value in values { sums.append(sums[sums.count - 1] + value) }
        return values.indices.map { place in
            let first = max(place + 1 - window, 0)
            return (sums[place + 1] - sums[first]) / Double(place + 1 - first)
        }
    }

    /// The deviation that a normal variable exceeds with a chance of 10 to the minus phi.
    static func normalQuantile(_ phi: Double) -> Double {
        func decades(_ x: Double) -> Double {
            if x < 20 { return -log10(erfc(x / 2.0.squareRoot()) / 2) }
            return (x * x / 2 + log(x * (2 * Double.pi).squareRoot()) - log(1 - 1 / (x * x))) / log(10)
        }
        var (low, high) = (-10.0, 100.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if decades(middle) < phi { low = middle } else { high = middle }
        }
        return low
    }
}

func geometric(_ first: Double, _ last: Double, _ count: Int) -> [Double] {
    (0..<count).map { first * pow(last / first, Double($0) / Double(count - 1)) }
}

func linear(_ first: Double, _ last: Double, _ count: Int) -> [Double] {
    (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted.count % 2 == 1
        ? sorted[sorted.count / 2] : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
}
