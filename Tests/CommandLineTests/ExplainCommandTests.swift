import TestSupport
import Testing

@Suite("rollcall explain")
struct ExplainCommandTests {
    private let golden = Golden()

    @Test("explains a code without a server, in two languages")
    func twoLanguages() throws {
        let english = try RollcallBinary.run(["explain", "95226b"])
        #expect(english.status == 0)
        #expect(english.output.hasPrefix("95226b  critical\n"))
        let chinese = try RollcallBinary.run(["explain", "95226B", "--language", "zh-Hant"])
        #expect(chinese.status == 0)
        #expect(chinese.output.hasPrefix("95226b  嚴重\n"))
    }

    @Test("a number explains all its variants")
    func variants() throws {
        let outcome = try RollcallBinary.run(["explain", "95226"])
        #expect(outcome.output.contains("\n\n95226b  critical\n"))
        #expect(outcome.output.hasPrefix("95226a  critical\n"))
    }

    @Test("JSON is as in the golden file")
    func json() throws {
        let outcome = try RollcallBinary.run(["explain", "95226b", "--json"])
        #expect(try golden.difference(of: outcome.output, from: "explain.json") == nil)
    }

    @Test("an unknown code is wrong usage, and the line lists the known ones")
    func unknownCode() throws {
        let outcome = try RollcallBinary.run(["explain", "4\u{1B}[2J711"])
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.complaint.hasPrefix(#"rollcall: there is no code '4\x1b[2J711'. The codes are: 95226a, 95226b, "#))
        #expect(outcome.complaint.split(separator: "\n").count == 1)
    }

    @Test("an unknown language is wrong usage")
    func unknownLanguage() throws {
        #expect(try RollcallBinary.run(["explain", "806", "--language", "tlh"]).status == 64)
    }

    @Test("without a code, lists them all")
    func list() throws {
        let outcome = try RollcallBinary.run(["explain"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("service-not-running"))
    }
}
