/// Times from a microsecond to hours, counted in classes that grow by an eighth: small, mergeable, and good to 13 %.
struct LatencyHistogram: Equatable, Sendable {
    private static let classesPerOctave = 8
    private var counts = [UInt32](repeating: 0, count: 40 * classesPerOctave)
    private(set) var total: UInt64 = 0

    mutating func add(_ time: Duration) {
        counts[Self.index(of: time)] &+= 1
        total += 1
    }

    mutating func merge(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        total += other.total
    }

    /// What was added since an earlier state of the same histogram.
    func since(_ earlier: LatencyHistogram) -> LatencyHistogram {
        var difference = self
        for index in counts.indices { difference.counts[index] &-= earlier.counts[index] }
        difference.total -= earlier.total
        return difference
    }

    /// The time within which this share (0 to 1) of all were; nil for none at all. Upper end of the class.
    func percentile(_ share: Double) -> Duration? {
        guard total > 0 else { return nil }
        let wanted = max(1, UInt64((share * Double(total)).rounded(.up)))
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() {
            seen += UInt64(count)
            if seen >= wanted { return Self.upperEnd(of: index) }
        }
        return nil
    }

    private static func index(of time: Duration) -> Int {
        let microseconds = max(1, UInt64(max(0, time / .microseconds(1))))
        let octave = 63 - microseconds.leadingZeroBitCount
        // The three bits below the highest one.
        let eighth =
            octave >= 3 ? Int(microseconds >> UInt64(octave - 3)) & 7 : Int(microseconds << UInt64(3 - octave)) & 7
        return min(octave * classesPerOctave + eighth, 40 * classesPerOctave - 1)
    }

    private static func upperEnd(of index: Int) -> Duration {
        let (octave, eighth) = index.quotientAndRemainder(dividingBy: classesPerOctave)
        return .nanoseconds((Int64(1000) << Int64(octave)) * Int64(9 + eighth) / 8)
    }
}
