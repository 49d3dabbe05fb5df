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

    /// A canvas of that size at that time.
    public init(width: Int? = nil, height: Int? = nil, now: WallTime, zone: LocalZone) {
        self.width = width
        self.height = height
        self.now = now
        self.zone = zone
    }

    /// `lines` as they go to an output, cut to the canvas's width.
    public func render(_ lines: [Line], in palette: Palette) -> [String] {
        lines.map { line in (width.map { line.cut(to: $0) } ?? line).rendered(in: palette) }
    }

    /// Text under a label, broken at spaces to the canvas's width, its further lines below the first one's text. The
    /// label stands in the margin, `indent` columns from the left; the text starts `column` columns after that.
    func paragraph(
        _ label: String, _ text: String, _ ink: Ink = .plain, labelInk: Ink = .faint, indent: Int = 0, column: Int = 12
    ) -> [Line] {
        let start = indent + max(column, label.isEmpty ? column : label.displayWidth + 1)
        let pieces = text.printable.wrapped(to: width.map { max(20, $0 - start) })
        return pieces.enumerated().map { index, piece in
            var line = Line(String(repeating: " ", count: indent))
            line.append(index == 0 ? label : "", labelInk, padding: .right, to: start - indent)
            line.append(piece, ink)
            return line
        }
    }
}

extension String {
    /// The text broken at spaces into pieces of at most `width` columns; a word that is wider is broken where it must
    /// be. At least one piece.
    func wrapped(to width: Int?) -> [String] {
        guard let width, displayWidth > width else { return [self] }
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in split(separator: " ", omittingEmptySubsequences: true) {
            let needed = String(word).displayWidth
            if used > 0, used + 1 + needed <= width {
                line += " " + word
                used += 1 + needed
                continue
            }
            if used > 0 { lines.append(line) }
            (line, used) = ("", 0)
            // Ideographs have no spaces between words: they, and words too long for a line, break anywhere.
            for character in word {
                if used + character.displayWidth > width {
                    lines.append(line)
                    (line, used) = ("", 0)
                }
                line.append(character)
                used += character.displayWidth
            }
        }
        return used > 0 ? lines + [line] : lines
    }
}
