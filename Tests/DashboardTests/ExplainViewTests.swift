import Dashboard
import ErrorCatalogue
import TestSupport
import Testing

@Suite("ExplainView")
struct ExplainViewTests {
    private let golden = Golden()

    @Test("looks as in the golden files, in both languages", arguments: Language.allCases, [80, 120])
    func looksAsInTheGoldenFiles(language: Language, width: Int) throws {
        let entries = ErrorCode.codes(named: "95226").map(Catalogue.entry)
        let lines = ExplainView(in: language, on: canvas(width: width)).lines(entries)
        let text = plain(lines, width: width)
        #expect(try golden.difference(of: text, from: "explain-95226-\(language.rawValue)-\(width).txt") == nil)
        #expect(!text.contains("…"))
    }

    @Test("the list has a line for every code", arguments: Language.allCases)
    func list(language: Language) {
        let lines = ExplainView(in: language, on: canvas()).list(Catalogue.entries)
        #expect(lines.count == ErrorCode.allCases.count)
        for (line, code) in zip(lines, ErrorCode.allCases) { #expect(line.text.hasPrefix(code.rawValue)) }
    }
}
