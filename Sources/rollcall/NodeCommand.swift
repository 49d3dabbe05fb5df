import ArgumentParser
import Dashboard
import RollcallProtocol

/// `rollcall node NAME`: everything known about one node.
struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Tells everything known about one node, how fresh it is, and what happened lately.",
        discussion: """
            With --same-as or --apart it is decided instead which machine a node is, where hardware ids do not tell.

            Examples:
              rollcall node web-03
              rollcall node web-03.example.com --json
              rollcall node 6f1c2c1e
              rollcall node 6f1c2c1e --same-as web-03
              rollcall node web-03 --apart
            """)

    /// Candidates named in one line, when a name fits several nodes.
    private static let candidatesShown = 10

    @Argument(help: "Host name or id, or the beginning of either if it fits one node only.")
    var name: String

    @Option(
        help: ArgumentHelp(
            "NAME came with a new key and is this machine, which is away: it takes its entry, and the old key is refused.",
            valueName: "name"))
    var sameAs: String?

    @Flag(
        help:
            "NAME is a machine of its own, whatever its hardware says; an entry that it took goes back to the key before."
    )
    var apart = false

    @OptionGroup var operators: OperatorOptions

    func validate() throws {
        if name.isEmpty { throw ValidationError("NAME is empty: use a host name or an id.") }
        if sameAs?.isEmpty == true { throw ValidationError("--same-as is empty: use a host name or an id.") }
        if apart, sameAs != nil { throw ValidationError("--same-as and --apart say opposite things: use one.") }
    }

    func run() throws {
        let server = try operators.query()
        if apart || sameAs != nil { return try decide(on: server) }
        let (story, now) = try asking { (try find(on: server), try server.serverTime()) }
        if operators.json { return try JSONOutput.show(story.json) }
        let canvas = TextOutput.canvas(now: now, language: operators.language)
        try TextOutput.standard.show(NodeStory(story, on: canvas).lines(), on: canvas)
    }

    private func decide(on server: some OperatorQuery) throws {
        let (answer, now) = try asking { (try server.decide(name, sameAs: sameAs ?? ""), try server.serverTime()) }
        if operators.json { return try JSONOutput.show(answer.json) }
        let canvas = TextOutput.canvas(now: now, language: operators.language)
        try TextOutput.standard.show(DecisionView(on: canvas).lines(answer), on: canvas)
    }

    private func find(on server: some OperatorQuery) throws -> WireGetNodeResponse {
        do throws(OperatorFailure) {
            return try server.node(named: name)
        } catch {
            switch error {
            case .refused(.notFound, _):
                throw CommandFailure(
                    "no node is called '\(name.printable)', nor begins with it. Search: rollcall nodes --match "
                        + "\(name.printable)")
            case .refused(.aborted, let message):
                throw CommandFailure(try candidates(on: server) ?? message.printable)
            default: throw error
            }
        }
    }

    /// A line that names the nodes that match; nil where the match is not by name, so that only the server knows them.
    private func candidates(on server: some OperatorQuery) throws -> String? {
        let page = try server.nodes(.with { $0.text = name }, limit: Self.candidatesShown)
        guard page.nodes.count > 1 else { return nil }
        let names = page.nodes.map { node in
            node.site.isEmpty ? node.hostname.printable : "\(node.hostname.printable) (\(node.site.printable))"
        }
        let rest = Int(page.total) - names.count
        return "'\(name.printable)' fits several nodes: \(names.joined(separator: ", "))"
            + (rest > 0 ? " and \(rest) more" : "")
            + ". Write the whole name, or the id that 'rollcall nodes --json' shows."
    }
}
