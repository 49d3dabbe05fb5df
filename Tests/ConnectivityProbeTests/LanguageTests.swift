import AgentClient
import ErrorCatalogue
import Foundation
import Testing

@testable import ConnectivityProbe

@Suite("Probe languages")
struct LanguageTests {
    @Test("no verdict lacks its words in Traditional Chinese", arguments: VerdictTable.rows)
    func chinese(_ row: VerdictRow) throws {
        let words = try #require(VerdictWords.words(for: row.symptom, in: .traditionalChinese), "\(row.symptom)")
        for text in [words.cause, words.nextStep] {
            #expect(text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(text)")
            #expect("。？".contains(text.suffix(1)), "\(text)")
        }
        // Only places that the judge fills in.
        let places = ["{host}", "{port}", "{address}", "{seen}", "{largest}", "{interface}"]
        for text in [words.cause, words.nextStep, row.cause, row.nextStep] {
            let rest = places.reduce(text) { $0.replacing($1, with: "") }
            #expect(!rest.contains("{") && !rest.contains("}"), "\(text)")
        }
    }

    @Test func `nothing is translated that is no verdict`() {
        #expect(VerdictWords.chinese.count == Symptom.allCases.count)
    }

    @Test func `a verdict speaks the language that is asked for`() {
        var report = ProbeReport(target: .init(host: "cs.example"))
        report.checks = [Check(.name, .failed, .nameNotFound, "the resolver knows no address")]
        #expect(Verdict(on: report, in: .traditionalChinese).cause.contains("名稱 cs.example 不存在"))
        #expect(Verdict(on: report).cause.contains("does not exist"))
        #expect(Verdict.frame(in: .traditionalChinese, .failed).grade == "失敗")
    }

    /// Files with texts that people read.
    private static let files: [String] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        return ["ConnectivityProbe", "rollcall", "Dashboard"].flatMap { folder in
            let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path)?.allObjects ?? []
            return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
                .map { root.appending(path: "\(folder)/\($0)").path }
        }
    }()

    @Test("no text that is written in both languages is English in both", arguments: files)
    func bothLanguages(_ path: String) throws {
        let source = try String(contentsOfFile: path, encoding: .utf8)
        for pair in TextPairs.all(in: source) {
            #expect(pair.isTranslated, "\(path): “\(pair.english)” is “\(pair.chinese)” in Traditional Chinese")
        }
    }

    @Test func `a text that is not translated is found`() {
        func pairs(_ source: String) -> [Bool] { TextPairs.all(in: source).map(\.isTranslated) }
        #expect(pairs(#"Phrase("refused by \(who("x", y))", "\(who) 拒絕")"#) == [true])
        #expect(pairs(#"Phrase("refused: " + "no", "refused: " + "no")"#) == [false])
        #expect(
            pairs(#"word("ok", "正常"), Phrase("MTU \(bytes)", "MTU \(bytes)"), canvas.label("site", "site")"#) == [
                true, true, false,
            ])
    }
}
