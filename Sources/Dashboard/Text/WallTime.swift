/// A point in time on the server's clock, as the protocol carries it: milliseconds since 1970-01-01 UTC.
public struct WallTime: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01 UTC, kept within the years 0 to 9999, so that arithmetic on two of them cannot
    /// overflow whatever a peer sent.
    public let unixMilliseconds: Int64

    /// The time so many milliseconds after 1970-01-01 UTC.
    public init(unixMilliseconds: Int64) {
        self.unixMilliseconds = min(max(unixMilliseconds, -62_167_219_200_000), 253_402_300_799_999)
    }

    /// The time in a field of the protocol, where 0 says that it never happened.
    public init?(field: Int64) {
        guard field != 0 else { return nil }
        self.init(unixMilliseconds: field)
    }

    /// How long after `earlier` this is; negative if it is before.
    public func since(_ earlier: WallTime) -> Duration {
        .milliseconds(unixMilliseconds - earlier.unixMilliseconds)
    }

    /// The time `duration` later.
    public func advanced(by duration: Duration) -> WallTime {
        WallTime(unixMilliseconds: unixMilliseconds + duration.wholeMilliseconds)
    }

    /// Whether `left` comes before `right`.
    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.unixMilliseconds < right.unixMilliseconds
    }

    /// For programs: RFC 3339 in UTC with milliseconds, `2026-11-25T14:02:11.123Z`.
    public var rfc3339: String {
        let civil = CivilTime(secondsSince1970: unixMilliseconds.flooredQuotient(by: 1000))
        let milliseconds = unixMilliseconds.flooredRemainder(by: 1000)
        return "\(civil.date)T\(civil.clock).\(twoDigits(milliseconds / 10))\(milliseconds % 10)Z"
    }
}

/// Where the reader's clock on the wall stands: the offset from UTC at any time. It is a parameter, so that views are
/// pure and tests know no time zone but the one they ask for.
public struct LocalZone: Sendable {
    private let secondsEastOfUTC: @Sendable (_ secondsSince1970: Int64) -> Int

    /// A zone that `secondsEastOfUTC` knows.
    public init(_ secondsEastOfUTC: @escaping @Sendable (_ secondsSince1970: Int64) -> Int) {
        self.secondsEastOfUTC = secondsEastOfUTC
    }

    /// UTC itself.
    public static let utc = LocalZone { _ in 0 }

    /// What a clock on the wall of this zone shows at `time`.
    func civil(_ time: WallTime) -> CivilTime {
        let seconds = time.unixMilliseconds.flooredQuotient(by: 1000)
        return CivilTime(secondsSince1970: seconds + Int64(secondsEastOfUTC(seconds)))
    }
}

/// A date and a time of day in the Gregorian calendar, without a zone.
struct CivilTime: Equatable {
    let year: Int64
    let month: Int
    let day: Int64
    let secondOfDay: Int64

    /// Howard Hinnant's `civil_from_days` ("chrono-compatible low-level date algorithms"): eras of 400 years, each
    /// starting on the first of March, so that the leap day comes last.
    init(secondsSince1970: Int64) {
        let days = secondsSince1970.flooredQuotient(by: 86_400) + 719_468
        secondOfDay = secondsSince1970.flooredRemainder(by: 86_400)
        let era = days.flooredQuotient(by: 146_097)
        let dayOfEra = days.flooredRemainder(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-11-25`.
    var date: String {
        let digits = String(year)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "\(padded)-\(twoDigits(Int64(month)))-\(twoDigits(day))"
    }

    /// `14:02:11`.
    var clock: String {
        "\(twoDigits(secondOfDay / 3600)):\(twoDigits(secondOfDay / 60 % 60)):\(twoDigits(secondOfDay % 60))"
    }
}

extension Duration {
    /// Whole milliseconds, cut; beyond a hundred million years, that.
    var wholeMilliseconds: Int64 {
        let limit: Int64 = 3_155_760_000_000_000
        let (seconds, attoseconds) = components
        return min(max(seconds, -limit), limit) * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

private func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    fileprivate func flooredRemainder(by divisor: Int64) -> Int64 { self - flooredQuotient(by: divisor) * divisor }
}
