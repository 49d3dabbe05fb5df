/// Texts in both languages as they stand in a source: the words of `Phrase("…", "…")`, `word("…", "…")` and
/// `label("…", "…")`, without what is filled in.
enum TextPairs {
    struct Pair {
        var english = ""
        var chinese = ""

        /// Whether the second half is Chinese, or has no words of ours at all: names and abbreviations of the field.
        var isTranslated: Bool {
            let words = english.split { !($0.isASCII && $0.isLetter) }.map(String.init)
            return chinese.unicodeScalars.contains { (0x3000...0x9FFF).contains($0.value) }
                || english.lowercased() == chinese.lowercased() && words.allSatisfy { Self.names.contains($0) }
                || words.isEmpty
        }

        private static let names: Set = ["MTU", "TCP", "TLS", "ICMP", "min", "avg", "max", "reset", "HTTP", "proxy"]
    }

    static func all(in source: String) -> [Pair] {
        let text = Array(source)
        var pairs: [Pair] = []
        for start in ["Phrase(", "word(", "label("] {
            for range in source.ranges(of: start) {
                let open = source.distance(from: source.startIndex, to: range.upperBound)
                if let pair = pair(text, at: open) { pairs.append(pair) }
            }
        }
        return pairs
    }

    /// Reads the arguments; nil if they are not literals.
    private static func pair(_ text: [Character], at open: Int) -> Pair? {
        var halves = [""]
        var (depth, place) = (0, open)
        var literals: Set<Int> = []
        while place < text.count {
            switch text[place] {
            case "\"":
                literals.insert(halves.count)
                place = literal(text, from: place + 1, into: &halves[halves.count - 1])
            case "(": depth += 1
            case ")" where depth == 0:
                return halves.count == 2 && literals == [1, 2] ? Pair(english: halves[0], chinese: halves[1]) : nil
            case ")": depth -= 1
            case "," where depth == 0: halves.append("")
            default: break
            }
            place += 1
        }
        return nil
    }

    /// The words of a literal up to its end, without what is filled in; returns the place of the closing quote.
    private static func literal(_ text: [Character], from start: Int, into words: inout String) -> Int {
        var place = start
        while place < text.count, text[place] != "\"" {
            if text[place] == "\\", place + 1 < text.count, text[place + 1] == "(" {
                var (depth, ignored) = (1, "")
                place += 2
                while place < text.count, depth > 0 {
                    switch text[place] {
                    case "(": depth += 1
                    case ")": depth -= 1
                    case "\"": place = literal(text, from: place + 1, into: &ignored)
                    default: break
                    }
                    place += 1
                }
            } else {
                words.append(text[place])
                place += 1
            }
        }
        return place
    }
}
