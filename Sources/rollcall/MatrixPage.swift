import ConnectivityProbe
import Dashboard
import ErrorCatalogue
import Foundation

/// The port matrix with a verdict for each row.
struct MatrixPage {
    let role: PortMatrix.Role
    let language: Language

    private func out(_ text: String) {
        print(text.printable)
        fflush(nil)
    }

    func begin() {
        let title = role.title.text(in: language)
        out(word("This machine as a \(title): whom it must reach.", "這部機器作為\(title)：必須連得到誰。"))
    }

    func show(_ result: MatrixRun.Result) {
        let row = result.row
        guard let target = result.target else {
            let flag = Self.flag(row.to)
            let port = row.port.map { "\($0)" } ?? word("as set there", "依對方設定")
            return out(
                "  ?     \(row.to.title.text(in: language)), TCP \(port): "
                    + word("not tried, name it with \(flag)", "未測試，請以 \(flag) 指定"))
        }
        let grade = result.verdict?.grade
        let mark =
            grade == .passed ? word("ok  ", "正常") : grade == .doubtful ? word("ok? ", "留意") : word("FAIL", "失敗")
        out("  \(mark)  \(row.to.title.text(in: language)) \(target): \(row.purpose.text(in: language))")
        guard let verdict = result.verdict, grade != .passed else { return }
        out("        \(verdict.cause)")
        out("        → \(verdict.nextStep)")
    }

    func end() {
        let incoming = PortMatrix.incoming(role)
        guard !incoming.isEmpty else { return }
        out(word("Who must reach this machine: to be probed from there.", "誰必須連得到這部機器：請從那裡探測。"))
        for row in incoming {
            let from = row.from.map { $0.title.text(in: language) }.joined(separator: word(", ", "、"))
            let port = row.port.map { "\($0)" } ?? word("as set here", "依此處設定")
            out("  \(from) → TCP \(port): \(row.purpose.text(in: language))")
        }
    }

    /// One of the page's own words.
    private func word(_ english: String, _ chinese: String) -> String { Phrase(english, chinese).text(in: language) }

    private static func flag(_ role: PortMatrix.Role) -> String {
        switch role {
        case .configurationServer: "HOST"
        case .processServer: "--process-server HOST"
        case .masterTarget: "--master-target HOST:PORT"
        case .virtualCenter: "--vcenter HOST"
        case .agent: "--peer HOST"
        }
    }

    static func json(_ role: PortMatrix.Role, _ results: [MatrixRun.Result], in language: Language) -> JSONValue {
        .object([
            ("role", .string(role.rawValue)),
            (
                "rows",
                .array(
                    results.map { result in
                        .object([
                            ("to", .string(result.row.to.rawValue)),
                            ("purpose", .string(result.row.purpose.text(in: language))),
                            ("port", result.row.port.map { .integer(Int64($0)) } ?? .null),
                            ("target", .word(result.target.map { "\($0)" })),
                            ("grade", .word(result.verdict?.grade.rawValue)),
                            ("symptom", .word(result.verdict?.symptom?.rawValue)),
                            ("cause", .word(result.verdict?.cause)), ("next_step", .word(result.verdict?.nextStep)),
                        ])
                    })
            ),
        ])
    }
}
