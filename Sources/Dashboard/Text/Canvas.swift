public import ErrorCatalogue

/// What a view draws on: everything it needs to know beside what it shows.
public struct Canvas: Sendable {
    /// Columns of the terminal; nil: as wide as the text, because a pipe has no edge.
    public var width: Int?
    /// Rows of the terminal; nil: as many as needed.
    public var height: Int?
    /// Now, on the clock of the server whose times are shown: the reader's own clock may be off.
    public var now: WallTime
    /// The reader's time zone.
    public var zone: LocalZone
    /// The reader's language.
    public var language: Language

    /// A canvas of that size at that time.
    public init(
        width: Int? = nil, height: Int? = nil, now: WallTime, zone: LocalZone, language: Language = .english
    ) {
        self.width = width
        self.height = height
        self.now = now
        self.zone = zone
        self.language = language
    }

    /// A label in the margin, in the reader's language.
    func label(_ english: String, _ traditionalChinese: String) -> String {
        language == .english ? english : traditionalChinese
    }

    /// "3 nodes", 「3 個節點」: how many of something, in the reader's language.
    func count(_ number: Int, _ noun: String, _ traditionalChinese: String) -> String {
        label(Phrases.count(number, noun), "\(Phrases.grouped(UInt64(max(0, number)))) \(traditionalChinese)")
    }

    /// `lines` as they go to an output, cut to the canvas's width.
    public func render(_ lines: [Line], in palette: Palette) -> [String] {
        lines.map { line in (width.map { line.cut(to: $0) } ?? line).rendered(in: palette) }
    }

    /// Text under a label, broken to the canvas's width, its further lines below the first one's text. The label stands
    /// in the margin, `indent` columns from the left; the text starts `column` columns after that, with a bullet if given
    /// ("1. ").
    func paragraph(
        _ label: String, _ text: String, _ ink: Ink = .plain, labelInk: Ink = .faint, bullet: String = "",
        indent: Int = 0, column: Int = 12
    ) -> [Line] {
        let start = indent + max(column, label.isEmpty ? column : label.displayWidth + 1)
        let pieces = text.printable.wrapped(to: width.map { max(20, $0 - start - bullet.displayWidth) })
        return pieces.enumerated().map { index, piece in
            var line = Line(String(repeating: " ", count: indent))
            line.append(index == 0 ? label : "", labelInk, padding: .right, to: start - indent)
            line.append(index == 0 ? bullet : "", ink, padding: .right, to: bullet.displayWidth)
            line.append(piece, ink)
            return line
        }
    }
}
