extension Duration {
    /// In the unit that suits it, three digits or so: "180 µs", "4.2 ms", "350 ms", "1.4 s", "12 min", "3 h".
    public var inWords: String {
        let (seconds, attoseconds) = components
        let microseconds = attoseconds / 1_000_000_000_000
        switch seconds {
        case ..<0: return "-\((.zero - self).inWords)"
        case 0 where microseconds < 1000: return "\(microseconds) µs"
        case 0 where microseconds < 100_000: return "\(microseconds / 1000).\(microseconds / 100 % 10) ms"
        case 0: return "\(microseconds / 1000) ms"
        case ..<60: return "\(seconds).\(microseconds / 100_000) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<172_800: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: return "\(seconds / 86_400) days"
        }
    }
}
