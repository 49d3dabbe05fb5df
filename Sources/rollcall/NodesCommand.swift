import ArgumentParser
import Dashboard
import RollcallProtocol

/// `rollcall nodes`: a table of nodes, filtered and sorted by the server.
struct NodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "Lists nodes: role, site, health, reachability, when they were last heard of, their errors.",
        discussion: """
            All filters given must hold.

            Examples:
              rollcall nodes --health critical
              rollcall nodes --reachability unreachable --sort last-seen
              rollcall nodes --role process-server --site taipei
              rollcall nodes --match 10.20. --limit 20
              rollcall nodes --health critical --json | jq -r '.nodes[].hostname'
            """)

    @Option(name: .long, help: "Only this role.")
    var role: WireRole?

    @Option(name: .long, help: "Only this site.")
    var site: String?

    @Option(name: .long, help: "Only those in this state.")
    var reachability: WireReachability?

    @Option(name: .long, help: "Only those of this health.")
    var health: WireHealth?

    @Option(name: .long, help: ArgumentHelp("Only those with this in their name or an address.", valueName: "text"))
    var match: String?

    @Option(name: .long, help: "Order: worst health first, longest silent first, or by name.")
    var sort: NodeSort = .name

    @Flag(name: .long, help: "The other way around.")
    var reverse = false

    @Option(name: .long, help: "At most this many. (default: all)")
    var limit: Int?

    @OptionGroup var operators: OperatorOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is \(limit): use 1 or more.") }
    }

    func run() throws {
        let server = try operators.query()
        let (nodes, now) = try asking { (try server.nodes(request, limit: limit), try server.serverTime()) }
        if operators.json { return try JSONOutput.show(nodes.json) }
        let canvas = TextOutput.canvas(now: now)
        let view = NodesView(nodes.nodes, total: Int(nodes.total), on: canvas)
        try TextOutput.standard.show(view.lines(), on: canvas)
    }

    private var request: WireListNodesRequest {
        .with {
            $0.role = role ?? .unspecified
            $0.site = site ?? ""
            $0.reachability = reachability ?? .unspecified
            $0.health = health ?? .unspecified
            $0.text = match ?? ""
            $0.order = sort.order
            $0.descending = reverse
        }
    }
}
