/// Times and numbers in the words that a person uses.
enum Phrases {
    /// `12 s`, `4 min`, `3 h 12 min`, `1 day 4 h`, `12 days`: two units where the second one matters, cut, never rounded
    /// up. Negative durations count as 0.
    static func length(_ duration: Duration, on canvas: Canvas? = nil) -> String {
        let seconds = max(0, duration.wholeMilliseconds / 1000)
        let minutes = seconds / 60
        let hours = minutes / 60
        let days = hours / 24
        let inDays = canvas?.count(Int(days), "day", "天") ?? count(Int(days), "day")
        return switch (days, hours, minutes) {
        case (0, 0, 0): "\(seconds) s"
        case (0, 0, _): "\(minutes) min"
        case (0, _, _): joined("\(hours) h", minutes % 60, "min")
        case (1...2, _, _): joined(inDays, hours % 24, "h")
        default: inDays
        }
    }

    /// The larger unit alone: `3 h`, `1 day`.
    static func shortLength(_ duration: Duration, on canvas: Canvas) -> String {
        length(duration, on: canvas).split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// `4 min ago`, `just now`, `in 5 s`.
    static func ago(_ time: WallTime, on canvas: Canvas) -> String {
        let age = canvas.now.since(time)
        if age >= .seconds(1) {
            let long = length(age, on: canvas)
            return canvas.label("\(long) ago", "\(long) 前")
        }
        // Two clocks are never quite alike: a little ahead is now.
        let ahead = length(.zero - age, on: canvas)
        return age > .seconds(-2) ? canvas.label("just now", "剛剛") : canvas.label("in \(ahead)", "\(ahead) 後")
    }

    /// `4 min ago`, or `never`.
    static func ago(field: Int64, on canvas: Canvas) -> String {
        WallTime(field: field).map { ago($0, on: canvas) } ?? canvas.label("never", "從未")
    }

    /// `14:02:11` on the reader's clock; with the date if that is another day, `23 Nov 14:02:11`, and the year if that is
    /// another one.
    static func clock(_ time: WallTime, on canvas: Canvas) -> String {
        let civil = canvas.zone.civil(time)
        let today = canvas.zone.civil(canvas.now)
        if civil.date == today.date { return civil.clock }
        guard canvas.language == .english else {
            let year = civil.year == today.year ? "" : "\(civil.year) 年 "
            return "\(year)\(civil.month) 月 \(civil.day) 日 \(civil.clock)"
        }
        let month = months[civil.month - 1]
        return civil.year == today.year
            ? "\(civil.day) \(month) \(civil.clock)" : "\(civil.day) \(month) \(civil.year) \(civil.clock)"
    }

    /// `4 min, since 14:02:11`.
    static func since(_ time: WallTime, on canvas: Canvas) -> String {
        let (long, clock) = (length(canvas.now.since(time), on: canvas), clock(time, on: canvas))
        return canvas.label("\(long), since \(clock)", "\(long)，自 \(clock)")
    }

    /// `1 node`, `3 nodes`, `1,204 nodes`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(grouped(UInt64(max(0, number)))) \(noun)\(number == 1 ? "" : noun.hasSuffix("s") ? "es" : "s")"
    }

    /// `1,204,001`.
    static func grouped(_ number: UInt64) -> String {
        let digits = Array(String(number))
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// `512 B`, `3.1 GiB`.
    static func size(bytes: UInt64) -> String {
        var value = Double(bytes)
        var unit = "B"
        for larger in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] where value >= 1024 {
            value /= 1024
            unit = larger
        }
        return unit == "B" ? "\(bytes) B" : "\(tenths(value)) \(unit)"
    }

    /// One digit after the point: `3.1`.
    static func tenths(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "?" }
        let tenths = Int64((abs(value) * 10).rounded())
        return "\(value < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func joined(_ first: String, _ second: Int64, _ unit: String) -> String {
        second == 0 ? first : "\(first) \(second) \(unit)"
    }
}
