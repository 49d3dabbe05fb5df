/// Times in which something is the case: outages, congestion. Ascending; they may overlap.
struct Periods {
    private var starts: [Double] = []
    private var ends: [Double] = []

    /// So many an hour, at random; lengths are `scale` times one plus a Pareto excess, so that a few are long.
    init(_ chance: inout Chance, until end: Double, perHour: Double, shape: Double, scale: Double, longest: Double) {
        starts = (0..<chance.poisson(perHour * end / 3_600)).map { _ in chance.uniform() * end }.sorted()
        var last = 0.0
        for start in starts {
            last = max(last, start + min(scale * (1 + chance.pareto(shape)), longest))
            ends.append(last)
        }
    }

    /// Whether this moment lies in one of them.
    func contain(_ moment: Double) -> Bool {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return low > 0 && moment < ends[low - 1]
    }
}
