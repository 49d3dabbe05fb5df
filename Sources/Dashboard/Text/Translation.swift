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
        for position in error.evidence.indices {
            guard let statement = Sentence(rawValue: error.evidence[position].statement) else { continue }
            error.evidence[position].text = CaseWords(encoded: error.evidence[position].words)
                .fill(statement.phrase, in: language)
        }
        return error
    }
}
