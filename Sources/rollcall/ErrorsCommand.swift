import ArgumentParser
import Dashboard
import RollcallProtocol

/// `rollcall errors`: what is wrong, and what was.
struct ErrorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "errors",
        abstract: "Lists active errors, worst first, with evidence, cause and remedy; or follows them as they come.",
        discussion: """
            With --follow, tells of the active errors and then of each that is raised, updated or cleared, until Ctrl-C. \
            A lost connection is made again; what happened meanwhile is told then. With --json, one object per line.

            Examples:
              rollcall errors
              rollcall errors --all --node web-03
              rollcall errors --code 95226
              rollcall errors --follow --json | jq -c 'select(.event == "raised") | .error'
            """)

    @Flag(name: .long, help: "Cleared ones too, newest first after the active ones.")
    var all = false

    @Flag(name: .long, help: "Go on, and tell of each error as it is raised, updated and cleared.")
    var follow = false

    @Option(name: .long, help: ArgumentHelp("Only those of this node: host name or id.", valueName: "name"))
    var node: String?

    @Option(name: .long, help: "Only this code: 95226 for all its variants, 95226b for one.")
    var code: String?

    @Option(name: .long, help: "At most this many. (default: all active ones; 100 with --all)")
    var limit: Int?

    @OptionGroup var operators: OperatorOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is \(limit): use 1 or more.") }
        if follow, all { throw ValidationError("--follow tells what is and what comes: it does not go with --all.") }
        if follow, limit != nil { throw ValidationError("--follow has no end: it does not go with --limit.") }
    }

    func run() throws {
        let server = try operators.query()
        if follow {
            return try ErrorFollower(
                server: server, node: node, code: code, isJSON: operators.json, language: operators.language
            ).run()
        }
        let request = WireListErrorsRequest.with {
            $0.all = all
            $0.node = node ?? ""
            $0.code = code ?? ""
        }
        let (errors, now) = try asking {
            (try server.errors(request, limit: limit ?? (all ? 100 : nil)), try server.serverTime())
        }
        if operators.json { return try JSONOutput.show(errors.json) }
        let canvas = TextOutput.canvas(now: now, language: operators.language)
        let view = ErrorsView(on: canvas)
        let isFiltered = node != nil || code != nil
        try TextOutput.standard.show(
            view.list(errors.errors, total: Int(errors.total), all: all, isFiltered: isFiltered), on: canvas)
    }
}
