public import ErrorCatalogue

/// A finding's texts in one language, made from its row and its words: by the server in English for everybody, and by
/// whoever reads it in the reader's language.
public struct FindingTexts: Equatable, Sendable {
    /// One line.
    public var title: String
    /// The most likely cause.
    public var likelyCause: String
    /// The next most likely one, or empty.
    public var otherCause: String
    /// What to do, step by step.
    public var remedy: [String]
    /// Why it was cleared, or empty.
    public var clearedBecause: String

    init(_ row: DecisionRow, _ form: FindingForm, in language: Language) {
        let words = form.words
        title = words.fill(row.title, in: language)
        likelyCause = words.fill(row.likelyCause, in: language)
        otherCause = words.fill(row.otherCause, in: language)
        remedy = row.remedy.steps(on: form.platform, hasUnit: form.hasUnit).map { words.fill($0, in: language) }
        clearedBecause = form.clearing.map { form.clearingWords.fill($0.phrase, in: language) } ?? ""
    }

    /// The texts of a form; nil if the row is of a newer version.
    public init?(_ form: FindingForm, in language: Language) {
        guard let row = DecisionTable.row(named: form.row) else { return nil }
        self.init(row, form, in: language)
    }
}
