import ArgumentParser
import TestSupport
import Testing

@testable import rollcall

@Suite("Help")
struct HelpTests {
    private let golden = Golden()

    @Test("whole help texts are as in the golden files")
    func helpTexts() throws {
        let commands: [any ParsableCommand.Type] = [
            StatusCommand.self, NodesCommand.self, NodeCommand.self, ErrorsCommand.self, ExplainCommand.self,
            FailoverCommand.self,
            ProbeCommand.self,
        ]
        for command in commands {
            let name = command.configuration.commandName ?? ""
            let text = Rollcall.helpMessage(for: command, columns: 80) + "\n"
            #expect(try golden.difference(of: text, from: "help-\(name).txt") == nil)
        }
    }

    @Test("every command says what it does in one sentence")
    func abstracts() {
        for command in Rollcall.configuration.subcommands {
            let abstract = command.configuration.abstract
            #expect(abstract.hasSuffix("."), "\(command)")
            #expect(abstract.count > 20, "\(command)")
        }
    }
}
