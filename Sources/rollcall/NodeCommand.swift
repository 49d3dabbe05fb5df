import ArgumentParser
import Dashboard
import RollcallProtocol

/// `rollcall node NAME`: everything known about one node.
struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Tells everything known about one node, how fresh it is, and what happened lately.",
        discussion: """
            Examples:
              rollcall node web-03
              rollcall node web-03.example.com --json
              rollcall node 6f1c2c1e
            """)

    /// Candidates named in one line, when a name fits several nodes.
    private static let candidatesShown = 10

    @Argument(help: "Host name or id, or the beginning of either if it fits one node only.")
    var name: String

    @OptionGroup var operators: OperatorOptions

    func validate() throws {
        if name.isEmpty { throw ValidationError("NAME is empty: use a host name or an id.") }
    }

    func run() throws {
        let server = try operators.query()
        let (story, now) = try asking { (try find(on: server), try server.serverTime()) }
        if operators.json { return try JSONOutput.show(story.json) }
        let canvas = TextOutput.canvas(now: now, language: operators.language)
        try TextOutput.standard.show(NodeStory(story, on: canvas).lines(), on: canvas)
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
