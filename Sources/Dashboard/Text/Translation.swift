public import ErrorCatalogue
internal import Registry
public import RollcallProtocol

extension WireConnectivityError {
    /// The error with its texts in a language. What this version does not know how to say stays as the server said it.
    public func translated(to language: Language) -> WireConnectivityError {
        guard language != .english else { return self }
        var error = self
        let form = FindingForm(
            row: row, words: CaseWords(encoded: words),
            platform: Platform(rawValue: UInt8(clamping: platform.rawValue)) ?? .unknown, hasUnit: hasUnit_p,
            clearing: Sentence(rawValue: clearing), clearingWords: CaseWords(encoded: clearingWords))
        if let texts = FindingTexts(form, in: language) {
            error.title = texts.title
            error.likelyCause = texts.likelyCause
            error.otherCause = texts.otherCause
            error.remedy = texts.remedy
            if !texts.clearedBecause.isEmpty { error.clearedBecause = texts.clearedBecause }
        }
        error.evidence = evidence.map { $0.translated(to: language) }
        return error
    }
}

extension WireEvidence {
    /// The fact in a language; as the server said it where this version does not know how.
    func translated(to language: Language) -> WireEvidence {
        guard language != .english, let statement = Sentence(rawValue: statement) else { return self }
        var fact = self
        fact.text = CaseWords(encoded: words).fill(statement.phrase, in: language)
        return fact
    }
}
