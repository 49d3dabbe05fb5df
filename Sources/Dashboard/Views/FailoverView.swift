public import RollcallProtocol

/// Machines that were failed over, and how long they may still take.
public struct FailoverView {
    private let canvas: Canvas

    /// A view on `canvas`, whose `now` the minutes are by.
    public init(on canvas: Canvas) { self.canvas = canvas }

    /// A line for each machine; without any, a sentence.
    public func lines(_ answer: WireFailoverResponse) -> [Line] {
        guard !answer.failovers.isEmpty else {
            return [Line(canvas.label("No failover is declared.", "沒有宣告任何容錯移轉。"), .good)]
        }
        return answer.failovers.map { failover in
            let name = Line(failover.hostname.printable, .strong)
            guard !failover.overdue, let until = WallTime(field: failover.untilUnixMs) else {
                return name
                    + Line(
                        canvas.label(
                            "  not registered in time: error 95226", "  未在期限內註冊：錯誤 95226"), .bad)
            }
            // Rounded up: "0 minutes left" would not be true.
            let left = max(0, until.since(canvas.now) / .seconds(60)).rounded(.up)
            let minutes = Int(left)
            return name
                + Line(
                    canvas.label(
                        "  wait, \(minutes) \(minutes == 1 ? "minute" : "minutes") left", "  請稍候，尚餘 \(minutes) 分鐘"))
        }
    }
}

extension WireFailoverResponse {
    /// The list as one document.
    public var json: JSONValue {
        .object([
            (
                "failovers",
                .array(
                    failovers.map { failover in
                        .object([
                            ("node_id", .word(failover.nodeID.uuidText)), ("hostname", .text(failover.hostname)),
                            ("declared_at", .time(failover.declaredUnixMs)), ("until", .time(failover.untilUnixMs)),
                            ("overdue", .bool(failover.overdue)),
                        ])
                    })
            )
        ])
    }
}
