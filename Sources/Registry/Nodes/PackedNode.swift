/// What is seldom looked at of a node, as bytes: most of a fleet's nodes are quiet, and a million of them as Swift
/// values of a dozen strings and three arrays each would be 1.3 GB (measured); so they are a third of that.
///
/// Three parts stand one after another: what the node said of itself, its services, and, while it has no connection,
/// what is left of the last one.
struct PackedNode: Sendable {
    private var bytes: [UInt8]
    /// All of it stays below 16 KiB: the limits of a registration see to it, its longest texts stand apart.
    private var factsEnd: UInt16
    private var servicesEnd: UInt16
    /// Some of the texts below are not shared yet.
    private var isUnshared = true
    /// Texts of the three parts that other nodes have too.
    private var factTexts: [String]
    private var serviceTexts: [String]
    private var contactTexts: [String]

    /// All three parts; the last one nil if somebody has it open, or there was no connection.
    init(_ facts: NodeFacts, _ services: [Node.Service], _ contact: Node.Contact?, since base: Instant) {
        var writer = PackedWriter()
        writer.facts(facts)
        factsEnd = UInt16(writer.bytes.count)
        factTexts = writer.takeShared()
        writer.services(services, after: base)
        servicesEnd = UInt16(writer.bytes.count)
        serviceTexts = writer.takeShared()
        if let contact { writer.contact(contact, after: base) }
        contactTexts = writer.takeShared()
        bytes = writer.packed
    }

    /// Bytes it takes, without the array's own and the shared texts.
    var byteCount: Int { bytes.count }
    /// Bytes it has room for.
    var byteCapacity: Int { bytes.capacity }

    /// Has its texts kept once with those of other nodes.
    mutating func share(_ texts: inout SharedTexts) {
        guard isUnshared else { return }
        factTexts = texts.shared(factTexts, .facts)
        serviceTexts = texts.shared(serviceTexts, .services)
        contactTexts = texts.shared(contactTexts, .contact)
        isUnshared = false
    }

    // MARK: what it said of itself

    /// The host name stands first, so that lists are sorted without reading the rest.
    var name: PackedName { PackedName(bytes) }

    var hostname: String {
        var reader = PackedReader(bytes, from: 0, [])
        return reader.text()
    }

    func facts(role: Role, platform: Platform) -> NodeFacts {
        var reader = PackedReader(bytes, from: 0, factTexts)
        return reader.facts(role: role, platform: platform)
    }

    /// By what its hardware is known; empty where unknown.
    var hardwareID: String {
        var reader = PackedReader(bytes, from: 0, [])
        reader.skipText()
        for _ in 0..<reader.number() { reader.skipText() }
        reader.skip(Int(reader.number() >> 1))
        reader.skip(Int(reader.number()))
        return reader.uuid()
    }

    mutating func setFacts(_ facts: NodeFacts) {
        var writer = PackedWriter()
        writer.facts(facts)
        replace(0, Int(factsEnd), by: writer)
        factTexts = writer.shared
    }

    /// Whether an address of the node holds the text, which is in small letters.
    func hasAddress(with text: [UInt8]) -> Bool {
        var reader = PackedReader(bytes, from: 0, [])
        reader.skipText()
        for _ in 0..<reader.number() {
            let count = Int(reader.number())
            if bytes.contains(text, within: reader.position, count) { return true }
            reader.skip(count)
        }
        return false
    }

    // MARK: its services

    func services(since base: Instant) -> [Node.Service] {
        var reader = PackedReader(bytes, from: Int(factsEnd), serviceTexts)
        return reader.services(after: base)
    }

    mutating func setServices(_ services: [Node.Service], since base: Instant) {
        var writer = PackedWriter()
        writer.services(services, after: base)
        replace(Int(factsEnd), Int(servicesEnd), by: writer)
        // As a rule only times and states have changed.
        if writer.shared != serviceTexts { serviceTexts = writer.shared }
    }

    // MARK: what is left of its connection

    /// Nil if nothing was left, or somebody took it out.
    func contact(since base: Instant) -> Node.Contact? {
        guard bytes.count > Int(servicesEnd) else { return nil }
        var reader = PackedReader(bytes, from: Int(servicesEnd), contactTexts)
        return reader.contact(after: base)
    }

    /// Keeps what is left of a connection; nil: takes it out.
    mutating func setContact(_ contact: Node.Contact?, since base: Instant) {
        var writer = PackedWriter()
        writer.append(bytes[..<Int(servicesEnd)])
        if let contact { writer.contact(contact, after: base) }
        bytes = writer.packed
        contactTexts = writer.shared
        isUnshared = true
    }

    private mutating func replace(_ start: Int, _ end: Int, by part: PackedWriter) {
        let growth = part.bytes.count - (end - start)
        var writer = PackedWriter()
        writer.append(bytes[..<start])
        writer.append(part.bytes[...])
        writer.append(bytes[end...])
        bytes = writer.packed
        if end == Int(factsEnd) { factsEnd = UInt16(Int(factsEnd) + growth) }
        servicesEnd = UInt16(Int(servicesEnd) + growth)
        isUnshared = true
    }
}

extension PackedWriter {
    fileprivate mutating func facts(_ facts: NodeFacts) {
        text(facts.hostname)
        number(UInt64(facts.addresses.count))
        for address in facts.addresses { text(address) }
        hexadecimal(facts.machineID)
        number(UInt64(facts.bootID.count))
        append(facts.bootID[...])
        uuid(facts.hardware.id)
        number(UInt64(facts.hardware.networkCards.count))
        for card in facts.hardware.networkCards { number(card.bits) }
        sharedText(facts.osVersion)
        sharedText(facts.agentVersion)
        sharedText(facts.site)
        sharedText(facts.processServer)
    }

    fileprivate mutating func services(_ services: [Node.Service], after base: Instant) {
        var base = base
        number(UInt64(services.count))
        for service in services {
            let report = service.record.report
            sharedText(report.name)
            byte(report.state.rawValue << 4 | report.startType.rawValue)
            sharedText(report.detail)
            sharedText(report.unit)
            byte(service.carrier?.rawValue ?? 0)
            time(service.record.reportedAt, after: &base)
            time(service.record.since, after: &base)
        }
    }

    fileprivate mutating func contact(_ contact: Node.Contact, after base: Instant) {
        var base = base
        number(UInt64(contact.components.count))
        for component in contact.components {
            byte(component.kind.rawValue | (component.isExpected ? 0 : 0x80))
            optional(component.lastSession) { writer, session in
                writer.number(UInt64(session.loop))
                writer.number(session.number)
            }
            optional(component.lastHeard) { $0.time($1, after: &base) }
            let connection = component.connection
            text(connection.peerAddress)
            sharedText(connection.localAddress)
            sharedText(connection.tlsVersion)
            sharedText(component.lastClose)
        }
        optional(contact.loss) { writer, loss in
            writer.time(loss.at, after: &base)
            writer.loss(loss.how)
        }
        optional(contact.loadAt) { $0.time($1, after: &base) }
        optional(contact.load) { writer, load in
            writer.optional(load.loadAverage1m) { $0.signed(Int64(bitPattern: $1.bitPattern)) }
            writer.optional(load.cpuShare) { $0.signed(Int64(bitPattern: $1.bitPattern)) }
            writer.optional(load.memoryTotalBytes) { $0.number($1) }
            writer.optional(load.memoryAvailableBytes) { $0.number($1) }
        }
    }

    private mutating func loss(_ loss: ConnectionLoss) {
        switch loss {
        case .reset: byte(0)
        case .closedWithoutGoodbye: byte(1)
        case .timedOut: byte(2)
        case .serverDrained: byte(3)
        case .protocolError(let what):
            byte(4)
            sharedText(what)
        case .closedByServer(let why):
            byte(5)
            sharedText(why)
        }
    }

    private mutating func optional<Value>(_ value: Value?, _ write: (inout PackedWriter, Value) -> Void) {
        byte(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }
}

extension PackedReader {
    fileprivate mutating func skip(_ count: Int) { position += count }
    fileprivate mutating func skipText() { skip(Int(number())) }

    fileprivate mutating func facts(role: Role, platform: Platform) -> NodeFacts {
        var facts = NodeFacts(hostname: text(), role: role, platform: platform)
        let count = number()
        if count > 0 { facts.addresses = (0..<count).map { _ in text() } }
        facts.machineID = hexadecimal()
        facts.bootID = bytes(Int(number()))
        facts.hardware.id = uuid()
        let cards = number()
        if cards > 0 { facts.hardware.networkCards = (0..<cards).map { _ in NetworkCard(bits: number()) } }
        facts.osVersion = sharedText()
        facts.agentVersion = sharedText()
        facts.site = sharedText()
        facts.processServer = sharedText()
        return facts
    }

    fileprivate mutating func services(after base: Instant) -> [Node.Service] {
        var base = base
        let count = number()
        return (0..<count).map { _ in
            let name = sharedText()
            let states = byte()
            let report = ServiceReport(
                name: name, state: ServiceState(rawValue: states >> 4) ?? .unknown,
                startType: StartType(rawValue: states & 0xF) ?? .unknown, detail: sharedText(), unit: sharedText())
            let carrier = ComponentKind(rawValue: byte())
            let reportedAt = time(after: &base)
            return Node.Service(
                record: ServiceRecord(report: report, reportedAt: reportedAt, since: time(after: &base)),
                carrier: carrier)
        }
    }

    fileprivate mutating func contact(after base: Instant) -> Node.Contact {
        var base = base
        var contact = Node.Contact()
        for _ in 0..<number() {
            let kind = byte()
            var component = Component(kind: ComponentKind(rawValue: kind & 0x7F) ?? .mobilityAgent)
            component.isExpected = kind & 0x80 == 0
            component.lastSession = optional { reader in
                SessionID(loop: UInt16(truncatingIfNeeded: reader.number()), number: reader.number())
            }
            component.lastHeard = optional { $0.time(after: &base) }
            component.connection = ConnectionFacts(
                peerAddress: text(), localAddress: sharedText(), tlsVersion: sharedText())
            component.lastClose = sharedText()
            contact.components.append(component)
        }
        contact.loss = optional { reader in
            let at = reader.time(after: &base)
            return Node.Loss(how: reader.loss(), at: at)
        }
        contact.loadAt = optional { $0.time(after: &base) }
        contact.load = optional { reader in
            Load(
                loadAverage1m: reader.optional { Double(bitPattern: UInt64(bitPattern: $0.signed())) },
                cpuShare: reader.optional { Double(bitPattern: UInt64(bitPattern: $0.signed())) },
                memoryTotalBytes: reader.optional { $0.number() },
                memoryAvailableBytes: reader.optional { $0.number() })
        }
        return contact
    }

    private mutating func loss() -> ConnectionLoss {
        switch byte() {
        case 0: .reset
        case 1: .closedWithoutGoodbye
        case 2: .timedOut
        case 3: .serverDrained
        case 4: .protocolError(sharedText())
        default: .closedByServer(sharedText())
        }
    }

    private mutating func optional<Value>(_ read: (inout PackedReader) -> Value) -> Value? {
        byte() == 0 ? nil : read(&self)
    }
}
