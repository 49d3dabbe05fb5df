internal import ErrorCatalogue
internal import Foundation
internal import Registry
internal import RollcallProtocol

/// What the core knows, in the words of the wire. Values of the core's enums are those of the protocol.
extension WireNode {
    init(_ view: NodeView) {
        self.init()
        id = Data(view.id.bytes)
        hostname = view.facts.hostname
        role = WireRole(rawValue: Int(view.facts.role.rawValue)) ?? .unspecified
        platform = WirePlatform(rawValue: Int(view.facts.platform.rawValue)) ?? .unspecified
        osVersion = view.facts.osVersion
        agentVersion = view.facts.agentVersion
        addresses = view.facts.addresses
        site = view.facts.site
        processServer = view.facts.processServer
        bootID = Data(view.facts.bootID)
        machineID = view.facts.machineID
        hardwareID = view.facts.hardware.id
        networkCards = view.facts.hardware.networkCards.map(\.description)
        if view.key != view.id { key = Data(view.key.bytes) }
        reachability = WireReachability(rawValue: Int(view.reachability.rawValue)) ?? .unspecified
        reachabilitySinceUnixMs = view.reachabilitySince.unixMilliseconds
        health = WireHealth(view.health)
        firstSeenUnixMs = view.firstSeen.unixMilliseconds
        lastSeenUnixMs = view.lastSeen.unixMilliseconds
        registeredUnixMs = view.registeredAt.unixMilliseconds
        components = view.components.map(WireComponentStatus.init)
        services = view.services.map(WireServiceStatus.init)
        if let known = view.load {
            load = WireLoad(known)
            loadUnixMs = view.loadAt?.unixMilliseconds ?? 0
        }
        clockSkewMs = view.clockSkew.inMilliseconds
        errorCodes = view.findings.map(\.code.rawValue)
        asked = view.asked.map(WireEvidence.init)
    }
}

extension WireHealth {
    init(_ health: Health) { self = WireHealth(rawValue: Int(health.rawValue)) ?? .unspecified }
}

extension WireSeverity {
    init(_ severity: Severity) {
        switch severity {
        case .information: self = .information
        case .warning: self = .warning
        case .critical: self = .critical
        }
    }
}

extension WireLoad {
    init(_ load: Load) {
        self.init()
        if let average = load.loadAverage1m { loadAverage1M = average }
        if let share = load.cpuShare { cpuShare = share }
        if let total = load.memoryTotalBytes { memoryTotalBytes = total }
        if let available = load.memoryAvailableBytes { memoryAvailableBytes = available }
    }
}

extension WireComponentStatus {
    init(_ view: ComponentView) {
        self.init()
        component = WireComponent(rawValue: Int(view.kind.rawValue)) ?? .unspecified
        lastHeardUnixMs = view.lastHeard?.unixMilliseconds ?? 0
        connected = view.isConnected
        peerAddress = view.connection.peerAddress
        localAddress = view.connection.localAddress
        tlsVersion = view.connection.tlsVersion
        connectedUnixMs = view.connectedAt?.unixMilliseconds ?? 0
        lastClose = view.lastClose
    }
}

extension WireServiceStatus {
    init(_ view: ServiceView) {
        self.init()
        report.name = view.record.report.name
        report.state = WireServiceState(rawValue: Int(view.record.report.state.rawValue)) ?? .unspecified
        report.startType = WireStartType(rawValue: Int(view.record.report.startType.rawValue)) ?? .unspecified
        report.detail = view.record.report.detail
        report.unit = view.record.report.unit
        reportedUnixMs = view.record.reportedAt.unixMilliseconds
        sinceUnixMs = view.record.since.unixMilliseconds
        stale = view.isStale
    }
}

extension WireConnectivityError {
    init(_ finding: Finding) {
        self.init()
        id = finding.id
        code = finding.code.number
        variant = finding.code.variant
        title = finding.title
        severity = WireSeverity(finding.severity)
        subject = finding.subjectName
        site = finding.site
        switch finding.subject {
        case .service(let node, _):
            scope = .component
            nodeID = Data(node.bytes)
        case .node(let node):
            scope = finding.code == .processServerSilent ? .processServer : .node
            nodeID = Data(node.bytes)
        case .site: scope = .site
        case .group: scope = .group
        case .peer: scope = .peer
        case .server: scope = .server
        }
        raisedUnixMs = finding.raisedAt.unixMilliseconds
        updatedUnixMs = finding.updatedAt.unixMilliseconds
        clearedUnixMs = finding.clearedAt?.unixMilliseconds ?? 0
        clearedBecause = finding.clearedBecause
        evidence = finding.evidence.map(WireEvidence.init)
        likelyCause = finding.likelyCause
        otherCause = finding.otherCause
        remedy = finding.remedy
        members = finding.members
        memberCount = UInt32(clamping: finding.memberCount)
        row = finding.form.row
        words = finding.form.words.encoded
        platform = WirePlatform(rawValue: Int(finding.form.platform.rawValue)) ?? .unspecified
        hasUnit_p = finding.form.hasUnit
        clearing = finding.form.clearing?.rawValue ?? ""
        clearingWords = finding.form.clearingWords.encoded
    }
}

extension WireEvidence {
    init(_ fact: Evidence) {
        self.init()
        atUnixMs = fact.at.unixMilliseconds
        source = fact.source
        text = fact.text
        statement = fact.statement?.rawValue ?? ""
        words = fact.words.encoded
    }
}

extension WireHistoryEntry {
    init(_ entry: HistoryEntry) {
        self.init()
        atUnixMs = entry.at.unixMilliseconds
        event = entry.event
        text = entry.text
    }
}

extension WireGetStatusResponse.Tally {
    init(_ name: String, _ tally: Tally) {
        self.init()
        self.name = name
        nodes = UInt32(clamping: tally.nodes)
        reachable = UInt32(clamping: tally[.reachable])
        suspect = UInt32(clamping: tally[.suspect])
        unreachable = UInt32(clamping: tally[.unreachable])
        left = UInt32(clamping: tally[.left])
        expected = UInt32(clamping: tally[.expected])
        healthy = UInt32(clamping: tally[.healthy])
        warning = UInt32(clamping: tally[.warning])
        critical = UInt32(clamping: tally[.critical])
        unknown = UInt32(clamping: tally[.unknown])
    }
}

// MARK: - Questions

extension NodeQuery {
    init(_ message: WireListNodesRequest) {
        self.init(
            role: Role(message.role), site: message.site.isEmpty ? nil : message.site,
            reachability: Reachability(rawValue: UInt8(exactly: message.reachability.rawValue) ?? 0),
            health: message.health == .unspecified
                ? nil : Health(rawValue: UInt8(exactly: message.health.rawValue) ?? 0),
            text: message.text, order: NodeOrder(rawValue: UInt8(exactly: message.order.rawValue) ?? 0) ?? .hostname,
            descending: message.descending, pageSize: Int(message.pageSize), pageToken: message.pageToken)
    }
}

extension WireSuspect {
    init(_ suspect: SuspectView) {
        self.init()
        nodeID = .init(suspect.id.bytes)
        hostname = suspect.hostname
        site = suspect.site
        sinceUnixMs = suspect.since.unixMilliseconds
        evidence = WireEvidence(suspect.evidence)
        verdictUnixMs = suspect.verdictAt.unixMilliseconds
    }

    /// One that was heard again.
    init(_ node: NodeView, since: Instant, returned: Instant) {
        self.init()
        nodeID = .init(node.id.bytes)
        hostname = node.facts.hostname
        site = node.facts.site
        sinceUnixMs = since.unixMilliseconds
        returnedUnixMs = returned.unixMilliseconds
    }
}
