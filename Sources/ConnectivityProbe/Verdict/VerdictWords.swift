public import ErrorCatalogue

/// Cause and next step of a symptom in a language other than the table's own, with the same places to fill in.
enum VerdictWords {
    /// What a row says; nil: the language lacks it, which a test forbids.
    static func words(for symptom: Symptom, in language: Language) -> (cause: String, nextStep: String)? {
        switch language {
        case .english: nil
        case .traditionalChinese: chinese[symptom]
        }
    }

    static let chinese = chineseWays.merging(chineseTLS) { first, _ in first }
        .merging(chineseServers) { first, _ in first }
}

extension Verdict {
    /// The words that stand around it: "Verdict", "Evidence", "Next", and the grade.
    public static func frame(in language: Language, _ grade: Grade) -> (
        verdict: String, evidence: String, next: String, grade: String, after: String
    ) {
        switch language {
        case .english: ("Verdict", "Evidence", "Next", grade.rawValue, ", after ")
        case .traditionalChinese:
            ("判定", "依據", "下一步", grade == .passed ? "通過" : grade == .doubtful ? "存疑" : "失敗", "，歷時 ")
        }
    }
}
