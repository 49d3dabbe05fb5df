public import RollcallProtocol

extension WireNode {
    /// The node as a document.
    public var json: JSONValue {
        .object([
            ("id", .word(id.uuidText)),
            ("hostname", .text(hostname)),
            ("role", .word(role.word)),
            ("platform", .word(platform.word)),
            ("os_version", .text(osVersion)),
            ("agent_version", .text(agentVersion)),
            ("addresses", .array(addresses.map { .string($0) })),
            ("site", .text(site)),
            ("process_server", .text(processServer)),
            ("boot_id", .word(bootID.uuidText)),
            ("machine_id", .text(machineID)),
            ("key", .word(key.uuidText ?? id.uuidText)),
            ("hardware_id", .text(hardwareID)),
            ("network_cards", .array(networkCards.map { .string($0) })),
            ("reachability", .string(reachability.word)),
            ("reachability_since", .time(reachabilitySinceUnixMs)),
            ("health", .string(health.word)),
            ("first_seen_at", .time(firstSeenUnixMs)),
            ("last_seen_at", .time(lastSeenUnixMs)),
            ("registered_at", .time(registeredUnixMs)),
            ("components", .array(components.map(\.json))),
            ("services", .array(services.map(\.json))),
            ("load", hasLoad ? load.json : nil),
            ("load_at", .time(loadUnixMs)),
            ("clock_skew_ms", registeredUnixMs == 0 ? nil : .integer(clockSkewMs)),
            ("error_codes", .array(errorCodes.map { .string($0) })),
            ("asked", .array(asked.map(\.json))),
        ])
    }
}

extension WireComponentStatus {
    fileprivate var json: JSONValue {
        .object([
            ("component", .word(component.word)),
            ("last_heard_at", .time(lastHeardUnixMs)),
            ("connected", .bool(connected)),
            ("peer_address", .text(peerAddress)),
            ("local_address", .text(localAddress)),
            ("tls_version", .text(tlsVersion)),
            ("connected_at", .time(connectedUnixMs)),
            ("last_close", .text(lastClose)),
        ])
    }
}

extension WireServiceStatus {
    fileprivate var json: JSONValue {
        .object([
            (
                "report",
                .object([
                    ("name", .text(report.name)),
                    ("state", .string(report.state.word)),
                    ("start_type", .word(report.startType.word)),
                    ("detail", .text(report.detail)),
                    ("unit", .text(report.unit)),
                ])
            ),
            ("reported_at", .time(reportedUnixMs)),
            ("since", .time(sinceUnixMs)),
            ("stale", .bool(stale)),
        ])
    }
}

extension WireLoad {
    fileprivate var json: JSONValue {
        .object([
            ("load_average_1m", hasLoadAverage1M ? .number(loadAverage1M) : nil),
            ("cpu_share", hasCpuShare ? .number(cpuShare) : nil),
            ("memory_total_bytes", hasMemoryTotalBytes ? .unsigned(memoryTotalBytes) : nil),
            ("memory_available_bytes", hasMemoryAvailableBytes ? .unsigned(memoryAvailableBytes) : nil),
        ])
    }
}

extension WireListNodesResponse {
    /// The list as one document.
    public var json: JSONValue {
        .object([("nodes", .array(nodes.map(\.json))), ("total", .unsigned(UInt64(total)))])
    }
}

extension WireGetNodeResponse {
    /// Everything known about one node, as one document.
    public var json: JSONValue {
        .object([
            ("node", node.json),
            ("errors", .array(errors.map(\.json))),
            ("history", .array(history.map(\.json))),
        ])
    }
}

extension WireHistoryEntry {
    fileprivate var json: JSONValue {
        .object([("at", .time(atUnixMs)), ("event", .text(event)), ("text", .text(text))])
    }
}
