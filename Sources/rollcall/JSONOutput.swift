import Dashboard

/// Standard output as programs read it. Names and words are promises; they are decided in Dashboard's `JSON` folder.
enum JSONOutput {
    /// Prints one document, over several lines.
    /// - Throws: `CommandFailure` if it cannot be written.
    static func show(_ document: JSONValue) throws {
        try TextOutput.write(document.pretty + "\n")
    }

    /// Prints one document of a stream, on one line.
    /// - Throws: `CommandFailure` if it cannot be written.
    static func stream(_ document: JSONValue) throws {
        try TextOutput.write(document.compact + "\n")
    }
}
