public import RollcallProtocol

/// What a live view shows: the last answer, how old it is, and whether the server still answers. Pure; the reader's own
/// clock is an argument.
public struct LivePicture: Sendable {
    private let place: String
    private let interval: Duration
    private let note: String?
    private var status: WireGetStatusResponse?
    private var answered: WallTime?
    private var loss: (since: WallTime, reason: String)?

    /// A view of the server at `place`, asked each `interval`. The note is a line of whoever starts it.
    public init(of place: String, every interval: Duration, note: String? = nil) {
        self.place = place
        self.interval = interval
        self.note = note
    }

    /// The server answered at `time` (the reader's clock).
    public mutating func answered(_ status: WireGetStatusResponse, at time: WallTime) {
        self.status = status
        answered = time
        loss = nil
    }

    /// A question asked at `time` got no answer. The loss counts from the first such question.
    public mutating func lost(_ reason: String, asked time: WallTime) {
        loss = (loss?.since ?? time, reason)
    }

    /// The worst of everything, as far as it is known now.
    public var health: WireHealth { loss == nil ? status?.health ?? .unspecified : .unspecified }

    /// The screen at `canvas.now`, here the reader's own clock.
    public func lines(on canvas: Canvas) -> [Line] {
        var lines = heading(on: canvas)
        if let status {
            var below = canvas
            // The server's clock goes on from what it showed in its answer.
            if let answered, let then = WallTime(field: status.serverTimeUnixMs) {
                below.now = then.advanced(by: canvas.now.since(answered))
            }
            below.height = canvas.height.map { max(1, $0 - lines.count) }
            lines += StatusView(status, on: below, isOld: loss != nil).lines()
        }
        guard let height = canvas.height, lines.count > height else { return lines }
        let hidden = lines.count - max(0, height - 1)
        return lines.prefix(max(0, height - 1)) + [Line("… \(hidden) more lines: rollcall status", .faint)]
    }

    private func heading(on canvas: Canvas) -> [Line] {
        let time = Phrases.clock(canvas.now, on: canvas)
        guard let loss else {
            let notes = note.map { [Line($0, .strong)] } ?? []
            return [Line("\(time)  each \(interval.text) from \(place); Ctrl-C ends", .faint)] + notes + [Line()]
        }
        var lines = canvas.paragraph(
            "LOST",
            "no answer for \(Phrases.since(loss.since, on: canvas)): \(loss.reason). Trying again each \(interval.text).",
            .strong, labelInk: .bad)
        if let answered {
            lines += canvas.paragraph(
                "below", "the fleet as it was \(Phrases.ago(answered, on: canvas)), not as it is", .caution)
        }
        return lines + [Line()]
    }
}
