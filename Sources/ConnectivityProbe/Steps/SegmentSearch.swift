/// Looks for the largest TCP segment that passes, between one that does and one that does not: several sizes at once,
/// in rounds. Pure: sizes out, which of them passed in.
struct SegmentSearch: Equatable {
    /// The largest that is known to pass.
    private(set) var passing: Int
    /// The smallest that is known not to.
    private(set) var failing: Int
    /// Whether a larger one passed where a smaller one did not: packets vanish by chance, not by size.
    private(set) var isByChance = false

    /// Between `passing` and `failing` bytes.
    init(passing: Int, failing: Int) {
        self.passing = passing
        self.failing = max(failing, passing + 1)
    }

    /// Known to the byte.
    var isDone: Bool { failing - passing <= 1 || isByChance }

    /// What to try next, smallest first: at most eight sizes.
    var trials: [Int] {
        guard !isDone else { return [] }
        let step = max(1, (failing - passing + 8) / 9)
        return Array(stride(from: passing + step, to: failing, by: step).prefix(8))
    }

    /// Takes in which of the trials passed.
    mutating func tried(_ results: [Int: Bool]) {
        let passed = results.filter(\.value).map(\.key).max()
        let failed = results.filter { !$0.value }.map(\.key).min()
        if let passed, let failed, passed > failed {
            isByChance = true
            return
        }
        passing = max(passing, passed ?? passing)
        failing = min(failing, failed ?? failing)
    }

    /// Bytes of headers around a segment: TCP 20, IPv4 20 or IPv6 40.
    static func headerBytes(isIPv6: Bool) -> Int { isIPv6 ? 60 : 40 }
}
