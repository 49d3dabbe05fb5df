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
        if !status.roles.isEmpty { sections.append(TallyTable(title: "role", status.roles).lines(on: canvas)) }
        if !status.sites.isEmpty {
            sections.append(TallyTable(title: "site", status.sites, limit: Self.sitesShown).lines(on: canvas))
        }
        return Array(sections.joined(separator: [Line()]))
    }

    // MARK: what is the matter

    private var summary: [Line] {
        var lines =
            isOld
            ? canvas.paragraph("was", "\(status.health.word): \(reason)")
            : canvas.paragraph(status.health.word.uppercased(), reason, .strong, labelInk: status.health.ink)
        lines += canvas.paragraph("fleet", fleet)
        lines += canvas.paragraph("server", server)
        if !status.listening.isEmpty {
            lines += canvas.paragraph("listening", "on \(status.listening.joined(separator: ", "))")
        }
        if status.hasHomecoming { lines += canvas.paragraph("homecoming", homecoming, .caution) }
        return lines
    }

    /// Why the health is what it is.
    private var reason: String {
        if let worst = status.errors.first {
            let others = Int(status.errorCount) - 1
            let more = others > 0 ? ", and \(Phrases.grouped(UInt64(others))) more" : ""
            return "\(worst.fullCode) \(worst.subject): \(worst.bareTitle)\(more)"
        }
        if status.nodes == 0 {
            return "no node has registered yet. On a machine of the fleet: "
                + "rollcall agent --server \(status.serverHost.or("HOST")) --identity DIR"
        }
        let unreachable = sum(\.unreachable)
        if unreachable > 0 { return "\(Phrases.count(unreachable, "node")) unreachable" }
        if status.hasHomecoming {
            let what = isAfterCut ? "many connections were lost at once" : "the server has restarted"
            return "\(what); \(status.homecoming.returned) of \(status.homecoming.expected) "
                + "nodes are back"
        }
        let suspect = sum(\.suspect)
        if suspect > 0 { return "\(Phrases.count(suspect, "node")) late with a heartbeat; being watched" }
        return answering
    }

    private var answering: String {
        let left = sum(\.left)
        let expected = sum(\.expected)
        let wanted = Int(status.nodes) - left - expected
        let reachable = sum(\.reachable)
        var text = "\(reachable) of \(Phrases.count(wanted, "node")) answer"
        if reachable == wanted {
            text = wanted == 1 ? "the one node answers" : "all \(Phrases.count(wanted, "node")) answer"
        }
        if left > 0 { text += ", \(left) said goodbye" }
        if expected > 0 { text += ", \(expected) announced and awaited" }
        return text
    }

    private func sum(_ count: KeyPath<WireGetStatusResponse.Tally, UInt32>) -> Int {
        status.roles.reduce(0) { $0 + Int($1[keyPath: count]) }
    }

    private var fleet: String {
        "\(status.fleet.or("without a name")), \(Phrases.count(Int(status.nodes), "node")), "
            + "\(Phrases.count(Int(status.connections), "connection")), "
            + "\(Phrases.grouped(status.heartbeats)) heartbeats taken in"
    }

    private var server: String {
        var parts = [
            "\(status.serverHost.or("an unnamed host")), rollcall \(status.serverVersion.or("of unknown version"))"
        ]
        if let started = WallTime(field: status.startedUnixMs) {
            parts.append("up \(Phrases.since(started, on: canvas))")
        }
        return parts.joined(separator: ", ")
    }

    /// It began later than the server.
    private var isAfterCut: Bool { status.homecoming.beganUnixMs / 1_000 > status.startedUnixMs / 1_000 + 1 }

    private var homecoming: String {
        let home = status.homecoming
        var back = "\(home.returned) of \(home.expected) back"
        if let due = WallTime(field: home.lastDueUnixMs), home.returned < home.expected {
            back += ", the last due at \(Phrases.clock(due, on: canvas))"
            if home.admissionsPerSecond > 0 { back += " (\(home.admissionsPerSecond) a second)" }
        }
        guard let until = WallTime(field: home.untilUnixMs) else { return back }
        let left = until.since(canvas.now)
        return "\(back); nobody is judged before \(Phrases.clock(until, on: canvas))"
            + (left > .zero ? " (in \(Phrases.length(left)))" : "")
    }

    private func errors(inFull: Int) -> [Line] {
        let count = Int(status.errorCount)
        var lines = [
            Line(count == 1 ? "1 active error" : "\(Phrases.count(count, "active error")), worst first", .faint)
        ]
        for (index, error) in status.errors.enumerated() {
            let block = ErrorBlock(error: error, canvas: canvas)
            lines += index < inFull ? block.brief() : [block.oneLine()]
        }
        let hidden = count - status.errors.count
        let rest = hidden > 0 ? "… and \(hidden) more; " : ""
        lines.append(Line("\(rest)evidence and all steps: rollcall errors", .faint))
        return lines
    }
}
