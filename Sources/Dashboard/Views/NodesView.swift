public import RollcallProtocol

/// Nodes as a table, one row each.
public struct NodesView {
    private let nodes: [WireNode]
    private let total: Int
    private let canvas: Canvas

    /// A view of `nodes`, of which there are `total` that match; ages are by `canvas.now`.
    public init(_ nodes: [WireNode], total: Int, on canvas: Canvas) {
        self.nodes = nodes
        self.total = total
        self.canvas = canvas
    }

    /// The table, and below it how many nodes it does not show. Without any node: a sentence.
    public func lines() -> [Line] {
        guard !nodes.isEmpty else { return [Line("No node matches.", .faint)] }
        var table = Table([
            .init("name", minimum: 14),
            .init("role", minimum: 2),
            .init("site", minimum: 6, dropRank: 3),
            .init("health", minimum: 8),
            .init("reachability", minimum: 18),
            .init("last seen", minimum: 10, dropRank: 2),
            .init("address", minimum: 9, dropRank: 1),
            .init("errors", minimum: 8),
        ])
        for node in nodes { table.add(row(node)) }
        var lines = table.lines(width: canvas.width)
        let hidden = total - nodes.count
        if hidden > 0 {
            lines.append(Line("… and \(hidden) more of \(total): raise --limit, or narrow the search", .faint))
        }
        return lines
    }

    private func row(_ node: WireNode) -> [Table.Cell] {
        [
            .init(node.displayName, .strong),
            .init(node.role.word?.spaced ?? "unknown", short: node.role.initials ?? "?"),
            .init(node.site),
            .init(node.health.word, node.health.ink),
            reachability(node),
            lastSeen(node),
            address(node),
            .init(node.errorCodes.joined(separator: " "), node.health.ink),
        ]
    }

    private func reachability(_ node: WireNode) -> Table.Cell {
        let word = node.reachability.word
        guard let since = WallTime(field: node.reachabilitySinceUnixMs) else {
            return .init(word, node.reachability.ink)
        }
        let length = Phrases.shortLength(canvas.now.since(since))
        return .init(
            "\(word) since \(Phrases.clock(since, on: canvas))", node.reachability.ink, short: "\(word) \(length)")
    }

    private func lastSeen(_ node: WireNode) -> Table.Cell {
        guard let time = WallTime(field: node.lastSeenUnixMs) else { return .init("never") }
        let age = canvas.now.since(time)
        return .init(
            Phrases.ago(time, on: canvas), short: age < .seconds(1) ? nil : "\(Phrases.shortLength(age)) ago")
    }

    private func address(_ node: WireNode) -> Table.Cell {
        let rest = node.addresses.count - 1
        let first = node.addresses.first ?? ""
        return .init(rest > 0 ? "\(first) +\(rest)" : first, short: first)
    }
}

extension WireNode {
    /// The host name; for a node without one, its id.
    var displayName: String { hostname.or(id.uuidText ?? "(unnamed)") }
}
