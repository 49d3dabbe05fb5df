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
        return lines.prefix(max(0, height - 1)) + [
            Line(canvas.label("… \(hidden) more lines: rollcall status", "… 另有 \(hidden) 行：rollcall status"), .faint)
        ]
    }

    private func heading(on canvas: Canvas) -> [Line] {
        let time = Phrases.clock(canvas.now, on: canvas)
        guard let loss else {
            let notes = note.map { [Line($0, .strong)] } ?? []
            return [
                Line(
                    canvas.label(
                        "\(time)  each \(interval.text) from \(place); Ctrl-C ends",
                        "\(time)  每 \(interval.text) 詢問 \(place)；按 Ctrl-C 結束"), .faint)
            ] + notes + [Line()]
        }
        let since = Phrases.since(loss.since, on: canvas)
        var lines = canvas.paragraph(
            canvas.label("LOST", "失聯"),
            canvas.label(
                "no answer for \(since): \(loss.reason). Trying again each \(interval.text).",
                "沒有回應已 \(since)：\(loss.reason)。每 \(interval.text) 再試一次。"),
            .strong, labelInk: .bad)
        if let answered {
            let then = Phrases.ago(answered, on: canvas)
            lines += canvas.paragraph(
                canvas.label("below", "以下"),
                canvas.label("the fleet as it was \(then), not as it is", "是機群\(then)的樣子，而非現況"), .caution)
        }
        return lines + [Line()]
    }
}
