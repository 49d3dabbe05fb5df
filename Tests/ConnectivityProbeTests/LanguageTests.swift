import AgentClient
import ErrorCatalogue
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
}
