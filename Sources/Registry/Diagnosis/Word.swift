public import ErrorCatalogue

/// What is put into a text for one of its `{names}`: a name as it is, something with a word in each language, or a number
/// that each language writes its own way. An alert without numbers is rejected, so they are kept apart from names.
public enum Word: Hashable, Sendable {
    /// A name, an address, a path: the same in every language.
    case text(String)
    /// A term of `Vocabulary`, and what it stands open for.
    case term(String, String = "")
    /// How many.
    case count(Int)
    /// How long.
    case duration(Duration)
    /// A time of day.
    case time(Instant)
    /// A day.
    case day(Instant)

    /// Whether it is a measured value.
    public var isNumber: Bool {
        switch self {
        case .text, .term: false
        case .count, .duration, .time, .day: true
        }
    }

    /// The word as a person reads it.
    public func text(in language: Language) -> String {
        switch self {
        case .text(let text): text
        case .term(let name, let detail):
            (Vocabulary.terms[name]?.text(in: language) ?? name).replacing("{}", with: detail)
        case .count(let count): "\(count)"
        case .duration(let duration): duration.inWords(language)
        case .time(let instant): instant.clockTime
        case .day(let instant): instant.dayText
        }
    }

    /// The form in which it is kept and sent: one character tells the kind. Text goes as it is.
    public var encoded: String {
        switch self {
        case .text(let text): text.first.map("§#~@%=".contains) ?? false ? "=" + text : text
        case .term(let name, let detail): detail.isEmpty ? "§\(name)" : "§\(name)|\(detail)"
        case .count(let count): "#\(count)"
        case .duration(let duration): "~\(duration.inMilliseconds)"
        case .time(let instant): "@\(instant.unixMilliseconds)"
        case .day(let instant): "%\(instant.unixMilliseconds)"
        }
    }

    /// Reads that form. What cannot be read is shown as it is.
    public init(encoded: String) {
        let rest = String(encoded.dropFirst())
        switch encoded.first {
        case "=": self = .text(rest)
        case "§":
            let parts = rest.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
            self = .term(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        case "#": self = Int(rest).map(Word.count) ?? .text(encoded)
        case "~": self = Int64(rest).map { .duration(.milliseconds($0)) } ?? .text(encoded)
        case "@": self = Int64(rest).map { .time(Instant(unixMilliseconds: $0)) } ?? .text(encoded)
        case "%": self = Int64(rest).map { .day(Instant(unixMilliseconds: $0)) } ?? .text(encoded)
        default: self = .text(encoded)
        }
    }
}

extension Instant {
    /// The day in UTC, "2026-11-25" (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    var dayText: String {
        let milliseconds = unixMilliseconds
        let days = milliseconds / 86_400_000 - (milliseconds % 86_400_000 < 0 ? 1 : 0) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}
