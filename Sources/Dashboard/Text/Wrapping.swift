/// Text broken into lines.
extension String {
    /// The text in pieces of at most `width` columns; nil: in one. It breaks at spaces, and where Chinese does: between
    /// any two ideographs, but not before closing marks nor after opening ones. What is wider than a line breaks where it
    /// must. At least one piece.
    func wrapped(to width: Int?) -> [String] {
        guard let width, displayWidth > width else { return [self] }
        var lines: [String] = []
        var line = ""
        var used = 0
        for chunk in chunks {
            let gap = chunk.followsSpace && used > 0 ? 1 : 0
            let needed = chunk.text.displayWidth
            if used + gap + needed <= width {
                line += (gap > 0 ? " " : "") + chunk.text
                used += gap + needed
                continue
            }
            if used > 0 { lines.append(line) }
            (line, used) = ("", 0)
            for character in chunk.text {
                if used > 0, used + character.displayWidth > width {
                    lines.append(line)
                    (line, used) = ("", 0)
                }
                line.append(character)
                used += character.displayWidth
            }
        }
        return used > 0 || lines.isEmpty ? lines + [line] : lines
    }

    /// What stays together, and whether a space stood before it.
    private var chunks: [(text: String, followsSpace: Bool)] {
        var chunks: [(text: String, followsSpace: Bool)] = []
        var chunk = ""
        var followsSpace = false
        func close() {
            if !chunk.isEmpty { chunks.append((chunk, followsSpace)) }
            chunk = ""
        }
        for character in self {
            if character == " " {
                close()
                followsSpace = true
                continue
            }
            if let last = chunk.last, character.mayStartLine(after: last) {
                close()
                followsSpace = false
            }
            chunk.append(character)
        }
        close()
        return chunks
    }
}

extension Character {
    /// Whether a line may end between `last` and this, though there is no space.
    fileprivate func mayStartLine(after last: Character) -> Bool {
        (displayWidth == 2 || last.displayWidth == 2) && !"、。，：；！？）」』》〉】".contains(self)
            && !"（「『《〈【".contains(last)
    }
}
