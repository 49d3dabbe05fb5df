public import ErrorCatalogue

/// The words of one case that the texts of a decision row, or of a statement, stand open for.
public struct CaseWords: Equatable, Sendable {
    /// By the name that stands in braces.
    public private(set) var words: [String: Word]

    /// These words.
    public init(_ words: [String: Word] = [:]) { self.words = words }

    /// The word of this name.
    public subscript(name: String) -> Word? {
        get { words[name] }
        set { words[name] = newValue }
    }

    /// Whether there is a measured value among them.
    public var hasNumbers: Bool { words.values.contains { $0.isNumber } }

    /// The text with every `{name}` it knows replaced. What is put in is not looked at again: a host that calls itself
    /// "{unit}" stays that.
    public func fill(_ phrase: Phrase, in language: Language = .english) -> String {
        // Braces are ASCII, so slices of the UTF-8 view never cut a character; by characters it took half of a verdict.
        var filled = ""
        var rest = phrase.text(in: language)[...]
        while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")),
            let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}"))
        {
            filled += rest[..<open]
            let name = String(rest[rest.utf8.index(after: open)..<close])
            filled += words[name]?.text(in: language) ?? String(rest[open...close])
            rest = rest[rest.utf8.index(after: close)...]
        }
        return filled + rest
    }

    /// The form in which they are kept and sent.
    public var encoded: [String: String] { words.mapValues(\.encoded) }

    /// Reads that form.
    public init(encoded: [String: String]) { words = encoded.mapValues(Word.init(encoded:)) }
}

extension String {
    /// This text as one word of a shell command: a remedy is copied into a root shell, and names come from agents.
    var asShellWord: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { letter in
                switch letter {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
        guard !isPlain else { return self }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
