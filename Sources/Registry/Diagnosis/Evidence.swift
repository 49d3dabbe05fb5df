public import ErrorCatalogue

/// A fact that speaks for a verdict.
public struct Evidence: Equatable, Sendable {
    /// When it was seen.
    public var at: Instant
    /// Where it comes from: "connection", "heartbeat", "service report", "neighbours", "probe", "attempts", "clock",
    /// "operator", "store".
    public var source: String
    /// The fact with its numbers, as a sentence.
    public var text: String
    /// Which sentence it is; nil where it is older than statements.
    public var statement: Sentence?
    /// What stands in the sentence's open places.
    public var words: CaseWords

    /// A fact with its time and source, in English only.
    public init(at: Instant, source: String, text: String) {
        self.at = at
        self.source = source
        self.text = text
        statement = nil
        words = CaseWords()
    }

    /// A fact in both languages.
    public init(at: Instant, source: String, _ statement: Sentence, _ words: [String: Word]) {
        self.at = at
        self.source = source
        self.statement = statement
        self.words = CaseWords(words)
        text = self.words.fill(statement.phrase)
    }

    /// The sentence in a language.
    public func text(in language: Language) -> String {
        guard language != .english, let statement else { return text }
        return words.fill(statement.phrase, in: language)
    }

    /// Whether it states a measured value.
    public var hasNumbers: Bool { words.hasNumbers }
}
