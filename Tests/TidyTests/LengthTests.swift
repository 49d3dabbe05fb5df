import Testing

/// A file is one idea.
@Suite("Lengths")
struct LengthTests {
    /// Longest file that people wrote, in lines.
    static let linesMax = 400
    /// Longest page of the README: what is read before the first command is typed.
    static let readmeLinesMax = 150

    @Test("of Swift files stay within a few screenfuls")
    func swiftFiles() {
        for file in SourceTree.swift where file.lines.count - 1 > Self.linesMax {
            untidy(
                file.path, file.lines.count - 1, "longer than \(Self.linesMax) lines",
                instead: "it holds two ideas: give each a file, Type+Ability.swift for an ability")
        }
    }

    @Test("of the README leave it readable before the first command")
    func readme() throws {
        let readme = try SourceTree.file("README.md")
        #expect(readme.lines.count - 1 <= Self.readmeLinesMax, "README.md: move details to docs/ and link to them")
    }

    @Test(
        "of decisions are those of a page", arguments: SourceTree.files.filter { $0.path.hasPrefix("docs/decisions/0") }
    )
    func decisions(_ file: TextFile) {
        #expect(
            file.lines.count - 1 <= 80, "\(file.path): a decision is context, choice, figures, and what would change it"
        )
    }
}
