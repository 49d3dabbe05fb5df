import Foundation
import GRDB
import Registry

/// A node and its row in `node`; its last-seen time stands in `last_seen`.
extension NodeRecord {
    /// In the order of the row; `last_seen.at` follows as the last one when reading.
    private static let columns = [
        "id", "hostname", "role", "platform", "os_version", "agent_version", "addresses", "site", "process_server",
        "boot_id", "machine_id", "components", "services", "reachability", "reachability_since", "first_seen",
        "registered_at", "clock_skew", "peer_address", "local_address", "failover_declared_at",
        "goodbye", "hardware_id", "network_cards",
    ]

    /// Inserts the node, or replaces what is known of it. Takes `arguments`.
    static let upsertSQL = """
        INSERT INTO node (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (id) DO UPDATE SET \(columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        """

    /// Nodes, for `init(row:)`; to be followed by which, and in which order.
    static let selectSQL = """
        SELECT \(columns.map { "node.\($0)" }.joined(separator: ", ")), coalesce(last_seen.at, node.registered_at)
        FROM node LEFT JOIN last_seen ON last_seen.node = node.number
        """

    var arguments: StatementArguments {
        [
            id.description, facts.hostname, facts.role.word, facts.platform.word, facts.osVersion, facts.agentVersion,
            JSONWriter.list(facts.addresses), facts.site, facts.processServer, Data(facts.bootID), facts.machineID,
            JSONWriter.list(components.map(\.word)), ServiceRecord.list(services), reachability.word,
            reachabilitySince.unixMilliseconds, firstSeen.unixMilliseconds, registeredAt.unixMilliseconds,
            clockSkew.inMilliseconds, peerAddress, localAddress, failoverDeclaredAt?.unixMilliseconds,
            goodbye?.word, facts.hardware.id, JSONWriter.list(facts.hardware.networkCards.map(\.description)),
        ]
    }

    /// Reads a row of `selectSQL`. What rows say alike is taken from those read lately.
    /// - Throws: `MalformedText` if a list or the id is not what it should be.
    init(row: Row, _ recent: inout RecentRows) throws {
        let text: String = row[0]
        guard let id = NodeID(text) else {
            throw MalformedText(description: "node id \"\(text)\" is not a UUID")
        }
        do {
            self.init(
                id: id,
                facts: NodeFacts(
                    hostname: row[1], role: Role(word: row[2]), platform: Platform(word: row[3]), osVersion: row[4],
                    agentVersion: row[5], addresses: try JSONReader.list(row[6]), site: row[7], processServer: row[8],
                    bootID: Array(row[9] as Data), machineID: row[10],
                    hardware: Hardware(id: row[22], networkCards: try JSONReader.list(row[23]))),
                components: try recent.components(row[11]),
                services: try recent.services(row[12]), reachability: Reachability(word: row[13]),
                reachabilitySince: Instant(unixMilliseconds: row[14]),
                firstSeen: Instant(unixMilliseconds: row[15]), registeredAt: Instant(unixMilliseconds: row[16]),
                lastSeen: Instant(unixMilliseconds: row[24]), clockSkew: .milliseconds(row[17] as Int64),
                peerAddress: row[18], localAddress: row[19],
                failoverDeclaredAt: (row[20] as Int64?).map(Instant.init(unixMilliseconds:)),
                goodbye: (row[21] as String?).map(LeaveReason.init(word:)))
        } catch let error as MalformedText {
            throw MalformedText(description: "node \(text): \(error.description)")
        }
    }
}

/// Watched services as the JSON list of column `services`.
extension ServiceRecord {
    /// `[{"name": …, "state": …, "start_type": …, "detail": …, "unit": …, "reported_at": …, "since": …}]`
    static func list(_ services: [ServiceRecord]) -> String {
        if services.isEmpty { return "[]" }
        var writer = JSONWriter()
        writer.array { writer in
            for service in services {
                writer.object { writer in
                    writer.member("name", service.report.name)
                    writer.member("state", service.report.state.word)
                    writer.member("start_type", service.report.startType.word)
                    writer.member("detail", service.report.detail)
                    writer.member("unit", service.report.unit)
                    writer.member("reported_at", service.reportedAt.unixMilliseconds)
                    writer.member("since", service.since.unixMilliseconds)
                }
            }
        }
        return writer.text
    }

    /// Reads that list; members of a newer version are passed over, missing ones are unknown.
    /// - Throws: `MalformedText`.
    static func list(_ text: String) throws -> [ServiceRecord] {
        if text == "[]" { return [] }
        var reader = JSONReader(text)
        var services: [ServiceRecord] = []
        try reader.array { reader in
            var report = ServiceReport(name: "", state: .unknown)
            var reportedAt: Int64 = 0
            var since: Int64 = 0
            try reader.object { name, reader in
                switch name {
                case "name": report.name = try reader.string()
                case "state": report.state = ServiceState(word: try reader.string())
                case "start_type": report.startType = StartType(word: try reader.string())
                case "detail": report.detail = try reader.string()
                case "unit": report.unit = try reader.string()
                case "reported_at": reportedAt = try reader.integer()
                case "since": since = try reader.integer()
                default: try reader.skip()
                }
            }
            services.append(
                ServiceRecord(
                    report: report, reportedAt: Instant(unixMilliseconds: reportedAt),
                    since: Instant(unixMilliseconds: since)))
        }
        try reader.end()
        return services
    }
}
