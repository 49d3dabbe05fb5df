import Foundation

/// A fleet at one moment, or over its whole run: the lines and JSON objects that `rollcall simulate` prints. The field
/// names are promises.
public struct FleetReport: Equatable, Sendable, Encodable {
    /// "second": the time since the last one. "report": the whole run.
    public var kind: String
    /// Seconds since the start.
    public var elapsedSeconds: Double
    /// Nodes of the fleet.
    public var nodes: Int
    /// Nodes whose agent runs.
    public var alive: Int
    /// TLS connections that are open.
    public var connected: Int
    /// Nodes that the server knows on their present connection.
    public var registered: Int
    /// Registrations that were acknowledged.
    public var registrations: UInt64
    /// Heartbeats that were answered.
    public var heartbeats: UInt64
    /// The same, for each second.
    public var heartbeatsPerSecond: Double
    /// Half of the answers came within so many milliseconds; nil if there was none.
    public var latencyP50Ms: Double?
    /// 99 of 100 did.
    public var latencyP99Ms: Double?
    /// Connections lost, or not made.
    public var reconnects: UInt64
    /// Agents that were asked to come back later.
    public var postponed: UInt64
    /// Refusals and failed dials.
    public var errors: UInt64
    /// Why connections were lost or refused, and how often.
    public var reasons: [String: UInt64]

    enum CodingKeys: String, CodingKey {
        case kind, nodes, alive, connected, registered, registrations, heartbeats, reconnects, postponed, errors,
            reasons
        case elapsedSeconds = "elapsed_seconds"
        case heartbeatsPerSecond = "heartbeats_per_second"
        case latencyP50Ms = "latency_p50_ms"
        case latencyP99Ms = "latency_p99_ms"
    }

    /// The object on one line, keys in alphabetical order.
    public var json: String { encoded(self) }

    /// One line for people.
    public var line: String {
        let time = String(format: "%7.1fs", elapsedSeconds)
        let rate = String(format: "%.1f", heartbeatsPerSecond)
        return "\(time)  connected \(connected)/\(nodes)  registered \(registered)  beats/s \(rate)  answer p50 "
            + "\(Self.text(latencyP50Ms)) p99 \(Self.text(latencyP99Ms))  reconnects \(reconnects)  errors \(errors)"
            + (reasonsByCount.first.map { "  (\($0.key))" } ?? "")
    }

    /// Several lines for people: the end of a run.
    public var paragraphs: [String] {
        var lines = [
            String(
                format: "Ran for %.1f s with %d nodes; %d were registered at the end.", elapsedSeconds, nodes,
                registered),
            "Registrations \(registrations), heartbeats \(heartbeats) "
                + String(format: "(%.1f a second)", heartbeatsPerSecond)
                + ", answered in \(Self.text(latencyP50Ms)) (p50), \(Self.text(latencyP99Ms)) (p99).",
            "Reconnects \(reconnects), postponed by the server \(postponed), errors \(errors).",
        ]
        lines += reasonsByCount.map { "  \($0.value) × \($0.key)" }
        return lines
    }

    /// The most frequent reason first.
    public var reasonsByCount: [(key: String, value: UInt64)] {
        reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    }

    private static func text(_ milliseconds: Double?) -> String {
        guard let milliseconds else { return "-" }
        return String(format: milliseconds < 10 ? "%.2f ms" : "%.0f ms", milliseconds)
    }
}

/// A step of a scenario that was carried out.
public struct FleetAct: Equatable, Sendable, Encodable {
    /// "act".
    public let kind = "act"
    /// Seconds since the start.
    public let elapsedSeconds: Double
    /// What, and to whom.
    public let act: String

    enum CodingKeys: String, CodingKey {
        case kind, act
        case elapsedSeconds = "elapsed_seconds"
    }

    init(elapsed: Duration, text: String) {
        elapsedSeconds = elapsed.roundedSeconds
        act = text
    }

    /// The object on one line, keys in alphabetical order.
    public var json: String { encoded(self) }

    /// One line for people.
    public var line: String { String(format: "%7.1fs  ", elapsedSeconds) + act }
}

private func encoded(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let bytes = try? encoder.encode(value) else { return "{}" }
    return String(decoding: bytes, as: UTF8.self)
}

extension Duration {
    /// To the millisecond.
    fileprivate var roundedSeconds: Double { (self / .milliseconds(1)).rounded() / 1000 }
    /// To the microsecond.
    fileprivate var roundedMilliseconds: Double { (self / .microseconds(1)).rounded() / 1000 }
}

extension FleetReport {
    init(
        kind: String, elapsed: Duration, over span: Duration, nodes: Int, gauges: FleetGauges, counters: FleetCounters,
        since earlier: FleetCounters
    ) {
        let seconds = max(0.001, span / .seconds(1))
        let heartbeats = counters.heartbeats - earlier.heartbeats
        let latency = counters.latency.since(earlier.latency)
        self.init(
            kind: kind, elapsedSeconds: elapsed.roundedSeconds, nodes: nodes,
            alive: gauges.alive, connected: gauges.connected, registered: gauges.registered,
            registrations: counters.registrations - earlier.registrations, heartbeats: heartbeats,
            heartbeatsPerSecond: (Double(heartbeats) / seconds * 10).rounded() / 10,
            latencyP50Ms: latency.percentile(0.5).map(\.roundedMilliseconds),
            latencyP99Ms: latency.percentile(0.99).map(\.roundedMilliseconds),
            reconnects: counters.reconnects - earlier.reconnects, postponed: counters.postponed - earlier.postponed,
            errors: counters.errors - earlier.errors, reasons: counters.reasons(since: earlier))
    }
}

/// How many nodes are in which state at one moment.
struct FleetGauges: Equatable, Sendable {
    var alive = 0
    var connected = 0
    var registered = 0
}
