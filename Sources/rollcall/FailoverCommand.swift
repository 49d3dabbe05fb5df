import ArgumentParser
import Dashboard
import RollcallProtocol

/// `rollcall failover`: says that machines were failed over, so that their silence is awaited instead of alarming.
struct FailoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failover",
        abstract: "Declares that machines were failed over: they may take 15 minutes to register from the cloud.",
        discussion: """
            Until then a machine is shown as expected, with the minutes that are left; after that it is error 95226. A \
            declaration survives a restart of the server.

            Examples:
              rollcall failover declare web-03 web-04
              rollcall failover list
              rollcall failover cancel web-04
            """,
        subcommands: [Declare.self, List.self, Cancel.self], defaultSubcommand: List.self)

    /// Asks, and shows who is waited for.
    static func run(_ nodes: [String], cancel: Bool, _ operators: OperatorOptions) throws {
        let server = try operators.query()
        let (answer, now) = try asking {
            (try server.failover(nodes, cancel: cancel), try server.serverTime())
        }
        if operators.json { return try JSONOutput.show(answer.json) }
        let canvas = TextOutput.canvas(now: now, language: operators.language)
        try TextOutput.standard.show(FailoverView(on: canvas).lines(answer), on: canvas)
    }

    /// `rollcall failover declare NODE…`
    struct Declare: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Declares failover of these machines.")

        @Argument(help: "Host names or ids.")
        var nodes: [String]

        @OptionGroup var operators: OperatorOptions

        func run() throws { try FailoverCommand.run(nodes, cancel: false, operators) }
    }

    /// `rollcall failover list`
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists who is waited for, and how long still.")

        @OptionGroup var operators: OperatorOptions

        func run() throws { try FailoverCommand.run([], cancel: false, operators) }
    }

    /// `rollcall failover cancel NODE…`
    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Takes a declaration back.")

        @Argument(help: "Host names or ids.")
        var nodes: [String]

        @OptionGroup var operators: OperatorOptions

        func run() throws { try FailoverCommand.run(nodes, cancel: true, operators) }
    }
}
