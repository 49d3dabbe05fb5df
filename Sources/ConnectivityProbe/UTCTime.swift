/// A moment for people and programs: RFC 3339 in UTC with milliseconds, "2026-11-25T14:02:11.123Z".
public struct UTCTime: Hashable, Sendable, CustomStringConvertible {
    /// As text.
    public let description: String

    /// The moment so many milliseconds after 1970-01-01 UTC, cut to the years 0 to 9999.
    public init(_ unixMilliseconds: Int64) {
        let time = min(max(unixMilliseconds, -62_167_219_200_000), 253_402_300_799_999)
        let milliseconds = Self.remainder(time, 1000)
        let seconds = (time - milliseconds) / 1000
        let second = Self.remainder(seconds, 86_400)
        let (year, month, day) = Self.date((seconds - second) / 86_400)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        description =
            "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T\(clock)"
            + ".\(Self.padded(milliseconds, 3))Z"
    }

    /// Howard Hinnant's `civil_from_days` ("chrono-compatible low-level date algorithms").
    private static func date(_ daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = daysSince1970 + 719_468
        let dayOfEra = remainder(days, 146_097)
        let era = (days - dayOfEra) / 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private static func remainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }

    private static func padded(_ value: Int64, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
