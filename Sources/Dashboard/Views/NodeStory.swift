public import RollcallProtocol

/// Everything known about one node, and how fresh it is.
public struct NodeStory {
    private let story: WireGetNodeResponse
    private let canvas: Canvas

    private var node: WireNode { story.node }

    /// A view of one node; ages are by `canvas.now`.
    public init(_ story: WireGetNodeResponse, on canvas: Canvas) {
        self.story = story
        self.canvas = canvas
    }

    /// Who it is and how it is; its errors; its components' clocks; its services; what happened to it, newest first.
    public func lines() -> [Line] {
        let sections = [head + facts, errors, components, services, history]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [Line()]))
    }

    private var head: [Line] {
        var line = Line(node.displayName, .strong)
        line.append("  ")
        line.append(node.health.word.uppercased(), node.health.ink)
        line.append("  ")
        line.append(node.reachability.word, node.reachability.ink)
        if let since = WallTime(field: node.reachabilitySinceUnixMs) {
            line.append(" for \(Phrases.since(since, on: canvas))")
        }
        return [line]
    }

    private var facts: [Line] {
        var facts: [(String, String)] = [
            ("role", (node.role.word?.spaced ?? "unknown") + (node.site.isEmpty ? "" : ", site \(node.site)")),
            ("sends to", node.processServer),
            (
                "system",
                [node.platform.word ?? "unknown platform", node.osVersion].filter { !$0.isEmpty }.joined(
                    separator: ", ")
            ),
            ("agent", node.agentVersion.or("unknown version")),
            ("addresses", node.addresses.joined(separator: ", ").or("none")),
            ("id", node.id.uuidText ?? "unknown"),
            ("machine id", node.machineID),
            ("boot id", node.bootID.uuidText ?? ""),
            ("last seen", moment(node.lastSeenUnixMs)),
            ("registered", moment(node.registeredUnixMs)),
            ("first seen", moment(node.firstSeenUnixMs)),
        ]
        if node.registeredUnixMs != 0 { facts.append(("clock", clockSkew)) }
        if node.hasLoad { facts.append(("load", load)) }
        return facts.filter { !$0.1.isEmpty }.flatMap { canvas.paragraph($0.0, $0.1, indent: 2, column: 12) }
    }

    /// `4 min ago, 14:02:11`.
    private func moment(_ field: Int64) -> String {
        guard let time = WallTime(field: field) else { return "never" }
        return "\(Phrases.ago(time, on: canvas)), \(Phrases.clock(time, on: canvas))"
    }

    /// Half a second is what a round trip and a scheduler may make of two equal clocks.
    private var clockSkew: String {
        let skew = node.clockSkewMs
        if skew.magnitude < 500 { return "agrees with the server's" }
        let size =
            skew.magnitude < 10_000
            ? "\(Phrases.tenths(Double(skew.magnitude) / 1000)) s" : Phrases.length(.milliseconds(skew.magnitude))
        return "\(size) \(skew > 0 ? "ahead of" : "behind") the server's when it registered"
    }

    private var load: String {
        var parts: [String] = []
        if node.load.hasLoadAverage1M { parts.append("run queue \(Phrases.tenths(node.load.loadAverage1M))") }
        if node.load.hasCpuShare { parts.append("processors \(Phrases.tenths(node.load.cpuShare * 100)) % busy") }
        if node.load.hasMemoryTotalBytes, node.load.hasMemoryAvailableBytes {
            parts.append(
                "memory \(Phrases.size(bytes: node.load.memoryAvailableBytes)) free of "
                    + Phrases.size(bytes: node.load.memoryTotalBytes))
        }
        if parts.isEmpty { return "" }
        return parts.joined(separator: ", ") + ", " + Phrases.ago(field: node.loadUnixMs, on: canvas)
    }

    private var errors: [Line] {
        guard !story.errors.isEmpty else { return [Line("no active error", .faint)] }
        let title = story.errors.count == 1 ? "1 active error" : "\(story.errors.count) active errors"
        return [Line(title, .faint)] + story.errors.flatMap { ErrorBlock(error: $0, canvas: canvas).full() }
    }

    private var components: [Line] {
        guard !node.components.isEmpty else { return [] }
        var table = Table([
            .init("component", minimum: 14),
            .init("last heard", minimum: 10),
            .init("connection", minimum: 14),
        ])
        for component in node.components {
            table.add([
                .init(component.component.word?.spaced ?? "unknown", .strong),
                .init(Phrases.ago(field: component.lastHeardUnixMs, on: canvas)),
                connection(component),
            ])
        }
        return interleaved(table, with: node.components.map(path))
    }

    private func path(of component: WireComponentStatus) -> String {
        var parts: [String] = []
        if !component.peerAddress.isEmpty { parts.append("from \(component.peerAddress)") }
        if !component.localAddress.isEmpty { parts.append("arrived on \(component.localAddress)") }
        if !component.tlsVersion.isEmpty { parts.append(component.tlsVersion) }
        return parts.joined(separator: ", ")
    }

    /// The table, and below each row what would not fit into it.
    private func interleaved(_ table: Table, with details: [String]) -> [Line] {
        let lines = table.lines(width: canvas.width)
        return lines.prefix(1)
            + zip(lines.dropFirst(), details).flatMap { row, detail in
                [row] + (detail.isEmpty ? [] : canvas.paragraph("", detail, .faint, indent: 2, column: 0))
            }
    }

    private func connection(_ component: WireComponentStatus) -> Table.Cell {
        if component.connected {
            let length = WallTime(field: component.connectedUnixMs).map { Phrases.length(canvas.now.since($0)) }
            return .init("open" + (length.map { " for \($0)" } ?? ""), .good)
        }
        return .init(component.lastClose.isEmpty ? "none" : component.lastClose, .caution)
    }

    private var services: [Line] {
        guard !node.services.isEmpty else { return [] }
        var table = Table([
            .init("service", minimum: 18),
            .init("state", minimum: 14),
            .init("start type", short: "start", minimum: 8),
            .init("reported", minimum: 10),
        ])
        for service in node.services {
            table.add([
                .init(service.report.name.or("(unnamed)"), .strong),
                state(service),
                .init(service.report.startType.word?.spaced ?? "unknown"),
                .init(Phrases.ago(field: service.reportedUnixMs, on: canvas), service.stale ? .caution : .plain),
            ])
        }
        return interleaved(table, with: node.services.map(detail))
    }

    private func detail(of service: WireServiceStatus) -> String {
        let unit = service.report.unit
        return service.report.detail.or(unit.isEmpty ? "" : "unit \(unit)")
    }

    /// What an old report says is never shown as what is.
    private func state(_ service: WireServiceStatus) -> Table.Cell {
        let word = service.report.state.word.spaced
        if service.stale { return .init("unknown, was \(word)", .caution, short: "was \(word)") }
        let ink: Ink =
            switch service.report.state {
            case .running: .good
            case .stopped, .notInstalled: .bad
            case .starting, .stopping: .caution
            case .unspecified, .UNRECOGNIZED: .faint
            }
        guard let since = WallTime(field: service.sinceUnixMs) else { return .init(word, ink) }
        return .init("\(word) for \(Phrases.length(canvas.now.since(since)))", ink, short: word)
    }

    private var history: [Line] {
        guard !story.history.isEmpty else { return [] }
        let times = story.history.map { entry in
            WallTime(field: entry.atUnixMs).map { Phrases.clock($0, on: canvas) } ?? "unknown"
        }
        let column = (times.map(\.displayWidth).max() ?? 0) + 2
        return [Line("history, newest first", .faint)]
            + zip(times, story.history).flatMap { time, entry in
                canvas.paragraph(time, "\(entry.event): \(entry.text)", indent: 2, column: column)
            }
    }
}
