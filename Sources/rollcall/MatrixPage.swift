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

    func begin() { out("This machine as a \(role.title): whom it must reach.") }

    func show(_ result: MatrixRun.Result) {
        let row = result.row
        guard let target = result.target else {
            let flag = Self.flag(row.to)
            return out(
                "  ?     \(row.to.title), TCP \(row.port.map { "\($0)" } ?? "as set there"): not tried, name it with \(flag)"
            )
        }
        let grade = result.verdict?.grade
        let mark = grade == .passed ? "ok  " : grade == .doubtful ? "ok? " : "FAIL"
        out("  \(mark)  \(row.to.title) \(target): \(row.purpose)")
        guard let verdict = result.verdict, grade != .passed else { return }
        out("        \(verdict.cause)")
        out("        → \(verdict.nextStep)")
    }

    func end() {
        let incoming = PortMatrix.incoming(role)
        guard !incoming.isEmpty else { return }
        out("Who must reach this machine: to be probed from there.")
        for row in incoming {
            let from = row.from.map(\.title).joined(separator: ", ")
            out("  \(from) → TCP \(row.port.map { "\($0)" } ?? "as set here"): \(row.purpose)")
        }
    }

    private static func flag(_ role: PortMatrix.Role) -> String {
        switch role {
        case .configurationServer: "HOST"
        case .processServer: "--process-server HOST"
        case .masterTarget: "--master-target HOST:PORT"
        case .virtualCenter: "--vcenter HOST"
        case .agent: "--peer HOST"
        }
    }

    static func json(_ role: PortMatrix.Role, _ results: [MatrixRun.Result]) -> JSONValue {
        .object([
            ("role", .string(role.rawValue)),
            (
                "rows",
                .array(
                    results.map { result in
                        .object([
                            ("to", .string(result.row.to.rawValue)), ("purpose", .string(result.row.purpose)),
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
