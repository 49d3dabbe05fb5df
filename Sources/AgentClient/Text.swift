/// What several files of this target do with text from outside.
extension StringProtocol {
    /// Without white space at either end.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }

    /// A peer's or a program's words, fit for one line of a log: no control characters, at most 500 characters.
    var oneLine: String {
        String(prefix(500).map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
    }

    /// The longest beginning of whole characters that fits into so many bytes of UTF-8.
    func cut(toBytes bytesMax: Int) -> String {
        guard utf8.count > bytesMax else { return String(self) }
        var result = ""
        var bytes = 0
        for character in self {
            bytes += character.utf8.count
            if bytes > bytesMax { break }
            result.append(character)
        }
        return result
    }
}
