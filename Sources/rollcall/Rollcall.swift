import ArgumentParser

/// The table of commands. Each lives in a file of its own, `XCommand.swift`, and holds no logic of its own.
@main
struct Rollcall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollcall",
        abstract: "Knows which machines of a disaster-recovery fleet answer, and says why one does not.",
        version: GlobalOptions.version,
        subcommands: [
            ServeCommand.self, AgentCommand.self, SimulateCommand.self, RehearseCommand.self, ProbeCommand.self,
            ProbesCommand.self,
            StatusCommand.self, NodesCommand.self, NodeCommand.self, ErrorsCommand.self, ExplainCommand.self,
            FailoverCommand.self,
            PkiCommand.self,
        ]
    )

    /// Runs the command that was typed. Ends the process itself, so that wrong usage is one line and every way out
    /// has its status (see `ExitStatus`).
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.leave(because: error)
        }
    }
}
