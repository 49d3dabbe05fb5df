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
        guard !nodes.isEmpty else { return [Line(canvas.label("No node matches.", "沒有符合的節點。"), .faint)] }
        var table = Table([
            .init(canvas.label("name", "名稱"), minimum: 14),
            .init(canvas.label("role", "角色"), minimum: 2),
            .init(canvas.label("site", "站台"), minimum: 6, dropRank: 3),
            .init(canvas.label("health", "健康"), minimum: 8),
            .init(canvas.label("reachability", "連線狀態"), minimum: 18),
            .init(canvas.label("last seen", "最後所見"), minimum: 10, dropRank: 2),
            .init(canvas.label("address", "位址"), minimum: 9, dropRank: 1),
            .init(canvas.label("errors", "錯誤"), minimum: 8),
        ])
        for node in nodes { table.add(row(node)) }
        var lines = table.lines(width: canvas.width)
        let hidden = total - nodes.count
        if hidden > 0 {
            lines.append(
                Line(
                    canvas.label(
                        "… and \(hidden) more of \(total): raise --limit, or narrow the search",
                        "… 共 \(total) 個，另有 \(hidden) 個：調高 --limit，或縮小範圍"), .faint))
        }
        return lines
    }

    private func row(_ node: WireNode) -> [Table.Cell] {
        [
            .init(node.displayName, .strong),
            .init(canvas.word(node.role), short: node.role.initials ?? "?"),
            .init(node.site),
            .init(canvas.word(node.health), node.health.ink),
            reachability(node),
            lastSeen(node),
            address(node),
            .init(node.errorCodes.joined(separator: " "), node.health.ink),
        ]
    }

    private func reachability(_ node: WireNode) -> Table.Cell {
        let word = canvas.word(node.reachability)
        guard let since = WallTime(field: node.reachabilitySinceUnixMs) else {
            return .init(word, node.reachability.ink)
        }
        let length = Phrases.shortLength(canvas.now.since(since), on: canvas)
        let clock = Phrases.clock(since, on: canvas)
        return .init(
            canvas.label("\(word) since \(clock)", "\(word)，自 \(clock)"), node.reachability.ink,
            short: "\(word) \(length)")
    }

    private func lastSeen(_ node: WireNode) -> Table.Cell {
        guard let time = WallTime(field: node.lastSeenUnixMs) else { return .init(canvas.label("never", "從未")) }
        let age = canvas.now.since(time)
        let short = Phrases.shortLength(age, on: canvas)
        return .init(
            Phrases.ago(time, on: canvas), short: age < .seconds(1) ? nil : canvas.label("\(short) ago", "\(short) 前"))
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
