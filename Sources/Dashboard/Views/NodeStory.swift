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
        let sections = [head + facts, asked, errors, components, services, history]
        return Array(sections.filter { !$0.isEmpty }.joined(separator: [Line()]))
    }

    private var head: [Line] {
        var line = Line(node.displayName, .strong)
        line.append("  ")
        line.append(canvas.word(node.health).uppercased(), node.health.ink)
        line.append("  ")
        line.append(canvas.word(node.reachability), node.reachability.ink)
        if let since = WallTime(field: node.reachabilitySinceUnixMs) {
            let since = Phrases.since(since, on: canvas)
            line.append(canvas.label(" for \(since)", "，已 \(since)"))
        }
        return [line]
    }

    private var facts: [Line] {
        var facts: [(String, String)] = [
            (
                canvas.label("role", "角色"),
                canvas.word(node.role)
                    + (node.site.isEmpty ? "" : canvas.label(", site \(node.site)", "，站台 \(node.site)"))
            ),
            (canvas.label("sends to", "傳送至"), node.processServer),
            (
                canvas.label("system", "系統"),
                [node.platform.word ?? canvas.label("unknown platform", "平台不明"), node.osVersion].filter { !$0.isEmpty }
                    .joined(
                        separator: ", ")
            ),
            (canvas.label("agent", "代理程式"), node.agentVersion.or(canvas.label("unknown version", "版本不明"))),
            (canvas.label("addresses", "位址"), node.addresses.joined(separator: ", ").or(canvas.label("none", "無"))),
            (canvas.label("id", "識別碼"), node.id.uuidText ?? canvas.unknown),
            (canvas.label("key", "金鑰"), node.key.uuidText ?? ""),
            (canvas.label("machine id", "機器識別碼"), node.machineID),
            (canvas.label("hardware", "硬體"), hardware),
            (canvas.label("boot id", "開機識別碼"), node.bootID.uuidText ?? ""),
            (canvas.label("last seen", "最後所見"), moment(node.lastSeenUnixMs)),
            (canvas.label("registered", "註冊於"), moment(node.registeredUnixMs)),
            (canvas.label("first seen", "初次所見"), moment(node.firstSeenUnixMs)),
        ]
        if node.registeredUnixMs != 0 { facts.append((canvas.label("clock", "時鐘"), clockSkew)) }
        if node.hasLoad { facts.append((canvas.label("load", "負載"), load)) }
        return facts.filter { !$0.1.isEmpty }.flatMap { canvas.paragraph($0.0, $0.1, indent: 2, column: 12) }
    }

    private var hardware: String {
        ([node.hardwareID] + node.networkCards).filter { !$0.isEmpty }.joined(separator: canvas.label(", ", "，"))
    }

    /// `4 min ago, 14:02:11`.
    private func moment(_ field: Int64) -> String {
        guard let time = WallTime(field: field) else { return canvas.label("never", "從未") }
        return Phrases.ago(time, on: canvas) + canvas.label(", ", "，") + Phrases.clock(time, on: canvas)
    }

    /// Half a second is what a round trip and a scheduler may make of two equal clocks.
    private var clockSkew: String {
        let skew = node.clockSkewMs
        if skew.magnitude < 500 { return canvas.label("agrees with the server's", "與伺服器一致") }
        let size =
            skew.magnitude < 10_000
            ? "\(Phrases.tenths(Double(skew.magnitude) / 1000)) s"
            : Phrases.length(.milliseconds(skew.magnitude), on: canvas)
        return skew > 0
            ? canvas.label("\(size) ahead of the server's when it registered", "註冊時比伺服器快 \(size)")
            : canvas.label("\(size) behind the server's when it registered", "註冊時比伺服器慢 \(size)")
    }

    private var load: String {
        var parts: [String] = []
        if node.load.hasLoadAverage1M {
            parts.append(canvas.label("run queue ", "執行佇列 ") + Phrases.tenths(node.load.loadAverage1M))
        }
        if node.load.hasCpuShare {
            let share = Phrases.tenths(node.load.cpuShare * 100)
            parts.append(canvas.label("processors \(share) % busy", "處理器忙碌 \(share) %"))
        }
        if node.load.hasMemoryTotalBytes, node.load.hasMemoryAvailableBytes {
            let free = Phrases.size(bytes: node.load.memoryAvailableBytes)
            let all = Phrases.size(bytes: node.load.memoryTotalBytes)
            parts.append(canvas.label("memory \(free) free of \(all)", "記憶體 \(all) 中可用 \(free)"))
        }
        if parts.isEmpty { return "" }
        return (parts + [Phrases.ago(field: node.loadUnixMs, on: canvas)]).joined(separator: canvas.label(", ", "，"))
    }

    private var errors: [Line] {
        guard !story.errors.isEmpty else { return [Line(canvas.label("no active error", "沒有進行中的錯誤"), .faint)] }
        let title = canvas.count(story.errors.count, "active error", "個進行中的錯誤")
        return [Line(title, .faint)] + story.errors.flatMap { ErrorBlock(error: $0, canvas: canvas).full() }
    }

    private var asked: [Line] {
        guard !node.asked.isEmpty else { return [] }
        return [Line(canvas.label("looked into, since it fell silent", "失去訊息之後的查證"), .faint)]
            + node.asked.flatMap {
                canvas.paragraph("", $0.translated(to: canvas.language).text, bullet: "- ", indent: 2, column: 0)
            }
    }

    private var components: [Line] {
        guard !node.components.isEmpty else { return [] }
        var table = Table([
            .init(canvas.label("component", "元件"), minimum: 14),
            .init(canvas.label("last heard", "最後訊息"), minimum: 10),
            .init(canvas.label("connection", "連線"), minimum: 14),
        ])
        for component in node.components {
            table.add([
                .init(canvas.word(component.component), .strong),
                .init(Phrases.ago(field: component.lastHeardUnixMs, on: canvas)),
                connection(component),
            ])
        }
        return interleaved(table, with: node.components.map(path))
    }

    private func path(of component: WireComponentStatus) -> String {
        var parts: [String] = []
        if !component.peerAddress.isEmpty { parts.append(canvas.label("from ", "來自 ") + component.peerAddress) }
        if !component.localAddress.isEmpty { parts.append(canvas.label("arrived on ", "到達 ") + component.localAddress) }
        if !component.tlsVersion.isEmpty { parts.append(component.tlsVersion) }
        return parts.joined(separator: canvas.label(", ", "，"))
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
            let length = WallTime(field: component.connectedUnixMs).map {
                Phrases.length(canvas.now.since($0), on: canvas)
            }
            return .init(
                length.map { canvas.label("open for \($0)", "開啟 \($0)") } ?? canvas.label("open", "開啟"), .good)
        }
        return .init(component.lastClose.isEmpty ? canvas.label("none", "無") : component.lastClose, .caution)
    }

    private var services: [Line] {
        guard !node.services.isEmpty else { return [] }
        var table = Table([
            .init(canvas.label("service", "服務"), minimum: 18),
            .init(canvas.label("state", "狀態"), minimum: 14),
            .init(canvas.label("start type", "啟動類型"), short: canvas.label("start", "啟動"), minimum: 8),
            .init(canvas.label("reported", "回報於"), minimum: 10),
        ])
        for service in node.services {
            table.add([
                .init(service.report.name.or(canvas.label("(unnamed)", "（未命名）")), .strong),
                state(service),
                .init(canvas.word(service.report.startType)),
                .init(Phrases.ago(field: service.reportedUnixMs, on: canvas), service.stale ? .caution : .plain),
            ])
        }
        return interleaved(table, with: node.services.map(detail))
    }

    private func detail(of service: WireServiceStatus) -> String {
        let unit = service.report.unit
        return service.report.detail.or(unit.isEmpty ? "" : canvas.label("unit ", "單元 ") + unit)
    }

    /// What an old report says is never shown as what is.
    private func state(_ service: WireServiceStatus) -> Table.Cell {
        let word = canvas.word(service.report.state)
        if service.stale {
            return .init(
                canvas.label("unknown, was \(word)", "不明，先前\(word)"), .caution,
                short: canvas.label("was \(word)", "先前\(word)"))
        }
        let ink: Ink =
            switch service.report.state {
            case .running: .good
            case .stopped, .notInstalled: .bad
            case .starting, .stopping: .caution
            case .unspecified, .UNRECOGNIZED: .faint
            }
        guard let since = WallTime(field: service.sinceUnixMs) else { return .init(word, ink) }
        let long = Phrases.length(canvas.now.since(since), on: canvas)
        return .init(canvas.label("\(word) for \(long)", "\(word)，已 \(long)"), ink, short: word)
    }

    private var history: [Line] {
        guard !story.history.isEmpty else { return [] }
        let times = story.history.map { entry in
            WallTime(field: entry.atUnixMs).map { Phrases.clock($0, on: canvas) } ?? canvas.unknown
        }
        let column = (times.map(\.displayWidth).max() ?? 0) + 2
        return [Line(canvas.label("history, newest first", "經過，最新的在前"), .faint)]
            + zip(times, story.history).flatMap { time, entry in
                canvas.paragraph(time, "\(entry.event): \(entry.text)", indent: 2, column: column)
            }
    }
}
