public import RollcallProtocol

/// The fleet on one screen: its health in a word and why; what is wrong, worst first; then the numbers.
public struct StatusView {
    private let status: WireGetStatusResponse
    private let canvas: Canvas
    private let isOld: Bool

    /// Errors shown with cause and remedy, at most; the rest takes a line each.
    private static let errorsInFull = 5
    /// Sites shown while nothing is wrong with any of them. Keeps a healthy fleet within 24 rows.
    private static let sitesShown = 8

    /// A view of `status`. Its ages are by `canvas.now`: for a fresh answer the server's own time. One that `isOld` says
    /// how the fleet was: what is not known must not look healthy.
    public init(_ status: WireGetStatusResponse, on canvas: Canvas, isOld: Bool = false) {
        self.status = status
        self.canvas = canvas
        self.isOld = isOld
    }

    /// The screen. On a canvas with a height, errors give up their details, one by one, until all fits or none is left.
    public func lines() -> [Line] {
        let atMost = min(Self.errorsInFull, status.errors.count)
        for inFull in stride(from: atMost, to: 0, by: -1) {
            let lines = lines(errorsInFull: inFull)
            if canvas.height.map({ lines.count <= $0 }) ?? true { return lines }
        }
        return lines(errorsInFull: 0)
    }

    private func lines(errorsInFull: Int) -> [Line] {
        var sections = [summary]
        if !status.errors.isEmpty { sections.append(errors(inFull: errorsInFull)) }
        if !status.roles.isEmpty { sections.append(TallyTable(.role, status.roles).lines(on: canvas)) }
        if !status.sites.isEmpty {
            sections.append(TallyTable(.site, status.sites, limit: Self.sitesShown).lines(on: canvas))
        }
        return Array(sections.joined(separator: [Line()]))
    }

    // MARK: what is the matter

    private var summary: [Line] {
        var lines =
            isOld
            ? canvas.paragraph(canvas.label("was", "先前"), "\(canvas.word(status.health)): \(reason)")
            : canvas.paragraph(canvas.word(status.health).uppercased(), reason, .strong, labelInk: status.health.ink)
        lines += canvas.paragraph(canvas.label("fleet", "機群"), fleet)
        lines += canvas.paragraph(canvas.label("server", "伺服器"), server)
        if !status.listening.isEmpty {
            lines += canvas.paragraph(
                canvas.label("listening", "接聽"),
                canvas.label("on ", "於 ") + status.listening.joined(separator: ", "))
        }
        if status.hasHomecoming { lines += canvas.paragraph(canvas.label("homecoming", "歸隊"), homecoming, .caution) }
        return lines
    }

    /// Why the health is what it is.
    private var reason: String {
        if let worst = status.errors.first {
            let others = Int(status.errorCount) - 1
            let number = Phrases.grouped(UInt64(max(0, others)))
            let more = others > 0 ? canvas.label(", and \(number) more", "，另有 \(number) 個") : ""
            let title = worst.translated(to: canvas.language).bareTitle
            return "\(worst.fullCode) \(worst.subject): \(title)\(more)"
        }
        if status.nodes == 0 {
            return canvas.label("no node has registered yet. On a machine of the fleet: ", "還沒有節點註冊。請在機群的機器上執行：")
                + "rollcall agent --server \(status.serverHost.or("HOST")) --identity DIR"
        }
        let unreachable = sum(\.unreachable)
        if unreachable > 0 {
            let nodes = canvas.count(unreachable, "node", "個節點")
            return canvas.label("\(nodes) unreachable", "\(nodes)無法連線")
        }
        if status.hasHomecoming {
            let what =
                isAfterCut
                ? canvas.label("many connections were lost at once", "許多連線同時中斷")
                : canvas.label("the server has restarted", "伺服器重新啟動過")
            let (back, all) = (status.homecoming.returned, status.homecoming.expected)
            return what + canvas.label("; \(back) of \(all) nodes are back", "；\(all) 個節點中 \(back) 個已回來")
        }
        let suspect = sum(\.suspect)
        if suspect > 0 {
            let nodes = canvas.count(suspect, "node", "個節點")
            return canvas.label("\(nodes) late with a heartbeat; being watched", "\(nodes)活動訊號遲到；觀察中")
        }
        return answering
    }

    private var answering: String {
        let left = sum(\.left)
        let expected = sum(\.expected)
        let wanted = Int(status.nodes) - left - expected
        let reachable = sum(\.reachable)
        let nodes = canvas.count(wanted, "node", "個節點")
        var text = canvas.label("\(reachable) of \(nodes) answer", "\(nodes)中 \(reachable) 個有回應")
        if reachable == wanted {
            text =
                wanted == 1
                ? canvas.label("the one node answers", "唯一的節點有回應")
                : canvas.label("all \(nodes) answer", "\(nodes)全部有回應")
        }
        if left > 0 { text += canvas.label(", \(left) said goodbye", "，\(left) 個已道別") }
        if expected > 0 { text += canvas.label(", \(expected) announced and awaited", "，\(expected) 個已宣告、等候中") }
        return text
    }

    private func sum(_ count: KeyPath<WireGetStatusResponse.Tally, UInt32>) -> Int {
        status.roles.reduce(0) { $0 + Int($1[keyPath: count]) }
    }

    private var fleet: String {
        let beats = Phrases.grouped(status.heartbeats)
        return [
            status.fleet.or(canvas.label("without a name", "未命名")), canvas.count(Int(status.nodes), "node", "個節點"),
            canvas.count(Int(status.connections), "connection", "個連線"),
            canvas.label("\(beats) heartbeats taken in", "已收 \(beats) 次活動訊號"),
        ].joined(separator: canvas.label(", ", "，"))
    }

    private var server: String {
        var parts = [
            status.serverHost.or(canvas.label("an unnamed host", "未命名的主機")),
            "rollcall \(status.serverVersion.or(canvas.label("of unknown version", "（版本不明）")))",
        ]
        if let started = WallTime(field: status.startedUnixMs) {
            let since = Phrases.since(started, on: canvas)
            parts.append(canvas.label("up \(since)", "已執行 \(since)"))
        }
        return parts.joined(separator: canvas.label(", ", "，"))
    }

    /// It began later than the server.
    private var isAfterCut: Bool { status.homecoming.beganUnixMs / 1_000 > status.startedUnixMs / 1_000 + 1 }

    private var homecoming: String {
        let home = status.homecoming
        var back = canvas.label(
            "\(home.returned) of \(home.expected) back", "\(home.expected) 個中 \(home.returned) 個已回來")
        if let due = WallTime(field: home.lastDueUnixMs), home.returned < home.expected {
            let clock = Phrases.clock(due, on: canvas)
            back += canvas.label(", the last due at \(clock)", "，最後一個預計 \(clock)")
            let pace = home.admissionsPerSecond
            if pace > 0 { back += canvas.label(" (\(pace) a second)", "（每秒 \(pace) 個）") }
        }
        guard let until = WallTime(field: home.untilUnixMs) else { return back }
        let left = until.since(canvas.now)
        let (clock, long) = (Phrases.clock(until, on: canvas), Phrases.length(left, on: canvas))
        return back + canvas.label("; nobody is judged before \(clock)", "；\(clock) 之前不下判斷")
            + (left > .zero ? canvas.label(" (in \(long))", "（\(long)後）") : "")
    }

    private func errors(inFull: Int) -> [Line] {
        let count = Int(status.errorCount)
        var lines = [
            Line(
                canvas.count(count, "active error", "個進行中的錯誤")
                    + (count == 1 ? "" : canvas.label(", worst first", "，最嚴重的在前")), .faint)
        ]
        for (index, error) in status.errors.enumerated() {
            let block = ErrorBlock(error: error, canvas: canvas)
            lines += index < inFull ? block.brief() : [block.oneLine()]
        }
        let hidden = count - status.errors.count
        let rest = hidden > 0 ? canvas.label("… and \(hidden) more; ", "… 另有 \(hidden) 個；") : ""
        lines.append(
            Line(rest + canvas.label("evidence and all steps: rollcall errors", "佐證與全部步驟：rollcall errors"), .faint))
        return lines
    }
}
