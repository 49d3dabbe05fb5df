/// How many columns of a terminal a text takes.
extension String {
    /// Columns of a terminal: ideographs and emoji take two, combining marks none.
    public var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text, cut to `width` columns; where something is left out, the last column says so with `…`. Negative
    /// widths count as 0.
    public func cut(to width: Int) -> String {
        guard displayWidth > width else { return self }
        guard width > 0 else { return "" }
        var kept = ""
        var room = width - 1
        for character in self {
            room -= character.displayWidth
            if room < 0 { break }
            kept.append(character)
        }
        return kept + "…"
    }
}

extension Character {
    /// Columns of a terminal: 0, 1 or 2.
    var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if isASCII { return 1 }
        // U+FE0F asks for the emoji form of a character that also has a text form; terminals give it two columns.
        if unicodeScalars.dropFirst().contains("\u{FE0F}") { return 2 }
        if first.properties.isEmojiPresentation || first.isWide { return 2 }
        return switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: 0
        default: 1
        }
    }
}

extension Unicode.Scalar {
    /// East Asian wide or fullwidth, after Unicode's EastAsianWidth.txt (version 16), neighbouring blocks joined.
    fileprivate var isWide: Bool { Self.wideRanges.contains { $0.contains(value) } }

    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F,  // Hangul Jamo
        0x2E80...0x303E,  // CJK radicals, Kangxi, punctuation
        0x3041...0x33FF,  // kana, bopomofo, compatibility
        0x3400...0x4DBF,  // ideographs, extension A
        0x4E00...0x9FFF,  // ideographs
        0xA000...0xA4CF,  // Yi
        0xA960...0xA97F,  // Hangul Jamo, extended A
        0xAC00...0xD7A3,  // Hangul syllables
        0xF900...0xFAFF,  // compatibility ideographs
        0xFE10...0xFE19,  // vertical forms
        0xFE30...0xFE6F,  // compatibility and small forms
        0xFF01...0xFF60,  // fullwidth forms
        0xFFE0...0xFFE6,  // fullwidth signs
        0x1F200...0x1F2FF,  // enclosed ideographs
        0x20000...0x2FFFD,  // ideographs, extensions B and later
        0x30000...0x3FFFD,
    ]
}
