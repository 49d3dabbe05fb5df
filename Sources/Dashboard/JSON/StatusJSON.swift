public import RollcallProtocol

/// JSON has the protocol's field names, with these differences: a time `…_unix_ms` is RFC 3339 text called `…_at`, or,
/// where the name itself speaks of time (`at`, `since`, `until`, `server_time`), just that; ids are UUID text; enums are
/// lower-case words. Every field is always there, `null` where nothing is known. Names are promises: fields may be
/// added, none is renamed or removed.
extension WireGetStatusResponse {
    /// The summary as one document.
    public var json: JSONValue {
        .object([
            ("health", .string(health.word)),
            ("fleet", .text(fleet)),
            ("server_version", .text(serverVersion)),
            ("server_host", .text(serverHost)),
            ("server_time", .time(serverTimeUnixMs)),
            ("started_at", .time(startedUnixMs)),
            ("nodes", .unsigned(UInt64(nodes))),
            ("connections", .unsigned(UInt64(connections))),
            ("roles", .array(roles.map { $0.json(named: $0.name.split(separator: " ").joined(separator: "-")) })),
            ("sites", .array(sites.map { $0.json(named: $0.name) })),
            ("errors", .array(errors.map(\.json))),
            ("error_count", .unsigned(UInt64(errorCount))),
            ("homecoming", hasHomecoming ? homecoming.json : nil),
            ("listening", .array(listening.map { .string($0) })),
            ("heartbeats", .unsigned(heartbeats)),
        ])
    }
}

extension WireGetStatusResponse.Tally {
    /// A row of numbers. Roles are named by their words: `mobility-agent`.
    fileprivate func json(named name: String) -> JSONValue {
        .object([
            ("name", .string(name)),
            ("nodes", .unsigned(UInt64(nodes))),
            ("reachable", .unsigned(UInt64(reachable))),
            ("suspect", .unsigned(UInt64(suspect))),
            ("unreachable", .unsigned(UInt64(unreachable))),
            ("left", .unsigned(UInt64(left))),
            ("expected", .unsigned(UInt64(expected))),
            ("healthy", .unsigned(UInt64(healthy))),
            ("warning", .unsigned(UInt64(warning))),
            ("critical", .unsigned(UInt64(critical))),
            ("unknown", .unsigned(UInt64(unknown))),
        ])
    }
}

extension WireGetStatusResponse.Homecoming {
    fileprivate var json: JSONValue {
        .object([
            ("expected", .unsigned(UInt64(expected))),
            ("returned", .unsigned(UInt64(returned))),
            ("until", .time(untilUnixMs)),
            ("began", .time(beganUnixMs)),
            ("last_due", .time(lastDueUnixMs)),
            ("admissions_per_second", admissionsPerSecond == 0 ? nil : .unsigned(UInt64(admissionsPerSecond))),
        ])
    }
}
