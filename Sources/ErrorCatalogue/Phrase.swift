/// One text in both languages, with `{names}` that stand open for a case's words.
public struct Phrase: Hashable, Sendable {
    /// In English.
    public let english: String
    /// In Traditional Chinese.
    public let traditionalChinese: String

    /// A text in both languages.
    public init(_ english: String, _ traditionalChinese: String) {
        self.english = english
        self.traditionalChinese = traditionalChinese
    }

    /// The text in a language.
    public func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .traditionalChinese: traditionalChinese
        }
    }
}
