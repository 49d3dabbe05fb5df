/// Durations as people write them in flags, variables and files: `500ms`, `30s`, `15m`, `2h`, `7d`.
/// It lives here because this is the target that servers, agents and the command line share.
extension Duration {
    /// A whole number and a unit (`ms`, `s`, `m`, `h`, `d`), without a space or a sign; nil for anything else and for
    /// more than 100 years.
    public init?(text: some StringProtocol) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits), let unit = Self.millisecondsPerUnit(String(text.dropFirst(digits.count)))
        else {
            return nil
        }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, milliseconds <= 100 * 366 * 86_400_000 else { return nil }
        self = .milliseconds(milliseconds)
    }

    /// The duration in the largest unit that says it with a whole number, in whole milliseconds: `90s`, `2h`, `1500ms`.
    public var text: String {
        let (seconds, attoseconds) = components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        guard milliseconds != 0 else { return "0s" }
        for unit in ["d", "h", "m", "s"] {
            if let length = Self.millisecondsPerUnit(unit), milliseconds % length == 0 {
                return "\(milliseconds / length)\(unit)"
            }
        }
        return "\(milliseconds)ms"
    }

    private static func millisecondsPerUnit(_ unit: String) -> Int64? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m": 60_000
        case "h": 3_600_000
        case "d": 86_400_000
        default: nil
        }
    }
}
