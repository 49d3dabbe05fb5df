internal import ErrorCatalogue

/// Phrases of a report are put together from others, in both languages at once: there is no way to leave one out.
extension Phrase {
    /// What is the same in both languages: names, addresses, what the other side said.
    init(same text: String) { self.init(text, text) }

    static func + (first: Phrase, second: Phrase) -> Phrase {
        Phrase(first.english + second.english, first.traditionalChinese + second.traditionalChinese)
    }

    static let nothing = Phrase(same: "")

    var isEmpty: Bool { english.isEmpty }
}

extension [Phrase] {
    /// One after the other, with what stands between them.
    func joined(_ separator: Phrase = Phrase(", ", "，")) -> Phrase {
        reduce(Phrase.nothing) { $0.isEmpty ? $1 : $0 + separator + $1 }
    }

    /// Clauses that could stand alone.
    func inClauses() -> Phrase { joined(Phrase("; ", "；")) }
}

extension Duration {
    /// In words for a phrase: the units are the same in both languages, but for days.
    var phrase: Phrase { Phrase(inWords, inWords.replacing(" days", with: " 天")) }
}
