/// What the core keeps of one node, in the table: what changes or is asked for often as fields, the rest packed.
///
/// About 350 bytes for a node without a connection. Its components, load and loss are open values while it has one, and
/// for the length of an event; `settle` packs them.
struct Node: Sendable {
    let id: NodeID
    /// Its site's row in `SiteTable`.
    var site: Int32
    private(set) var role: Role
    private(set) var platform: Platform
    var reachability: Reachability
    var health: Health = .unknown
    /// What its neighbours did when its absence was judged; nil while it is not unreachable.
    var judgedUnder: Neighbours?
    /// Why one of its components said goodbye, since the node last registered.
    var goodbye: LeaveReason?
    /// Known from before the start, answered then, and not heard since.
    var isAwaited = false
    /// Waiting in `Registry.unsavedLastSeen`.
    var isLastSeenUnsaved = false
    var durability: Durability
    /// What it has in common with others.
    var factors = NodeFactors()
    var reachabilitySince: Instant
    let firstSeen: Instant
    var registeredAt: Instant
    var lastSeen: Instant
    private var skewNanoseconds: Int64
    /// Active findings about it or its services.
    var findings: [UInt64] = []
    /// One while any of it holds; else none, as for nearly every node.
    private var seldom: [Seldom] = []
    private(set) var packed: PackedNode
    /// What is open while it has a connection, or an event is about it.
    private var open = Open.nothing

    init(
        id: NodeID, facts: NodeFacts, site: Int32, components: [Component], services: [Service],
        reachability: Reachability, reachabilitySince: Instant, firstSeen: Instant, registeredAt: Instant,
        lastSeen: Instant, clockSkew: Duration, durability: Durability, failoverDeclaredAt: Instant? = nil
    ) {
        self.id = id
        self.site = site
        self.role = facts.role
        self.platform = facts.platform
        self.reachability = reachability
        self.reachabilitySince = reachabilitySince
        self.firstSeen = firstSeen
        self.registeredAt = registeredAt
        self.lastSeen = lastSeen
        self.durability = durability
        skewNanoseconds = clockSkew.inNanoseconds
        let isConnected = components.contains { $0.session != nil }
        let contact = Contact(components: components)
        packed = PackedNode(
            facts, services, components.isEmpty || isConnected ? nil : contact, since: firstSeen)
        if isConnected { open = .components(components) }
        if failoverDeclaredAt != nil { self.failoverDeclaredAt = failoverDeclaredAt }
    }
}

// MARK: - Parts

extension Node {
    /// How a connection ended, and when.
    struct Loss: Equatable, Sendable {
        var how: ConnectionLoss
        var at: Instant
    }

    /// What holds for few nodes, and not for long.
    private struct Seldom: Equatable, Sendable {
        var failoverDeclaredAt: Instant?
        var foldedUnder: Int32?
        var probe: Probe?
    }

    private mutating func setSeldom(_ now: Seldom) {
        if now == Seldom() {
            if !seldom.isEmpty { seldom = [] }
        } else {
            seldom = [now]
        }
    }

    /// When failover was declared; nil where it was not, or is over.
    var failoverDeclaredAt: Instant? {
        get { seldom.first?.failoverDeclaredAt }
        set {
            var now = seldom.first ?? Seldom()
            now.failoverDeclaredAt = newValue
            setSeldom(now)
        }
    }
    /// The row of factors under whose error it is told.
    var foldedUnder: Int32? {
        get { seldom.first?.foldedUnder }
        set {
            var now = seldom.first ?? Seldom()
            now.foldedUnder = newValue
            setSeldom(now)
        }
    }
    /// What asking has brought.
    var probe: Probe? {
        get { seldom.first?.probe }
        set {
            var now = seldom.first ?? Seldom()
            now.probe = newValue
            setSeldom(now)
        }
    }

    /// How far the store has what the table has.
    struct Durability: Equatable, Sendable {
        /// Commits under way that hold this node.
        var commitsPending: Int32 = 0
        /// Some commit with this node has succeeded.
        var isStored: Bool
        /// Facts of it are not in the store and in no commit under way: a registration must write them.
        var hasUnwrittenFacts = false
        /// The row is out of date in any way; written again when the store is back.
        var isRowStale = false
    }

    /// A watched service, and whose clock its age is measured by.
    struct Service: Equatable, Sendable {
        var record: ServiceRecord
        /// The component that reported it; nil for one known only from before the start.
        var carrier: ComponentKind?
    }

    /// Its contact, where it is not packed. Most connections tell nothing but themselves: they need not hold room for more.
    private enum Open: Sendable {
        case nothing
        case components([Component])
        /// One.
        case contact([Contact])
    }

    /// What comes with a connection, and what is left of it afterwards.
    struct Contact: Equatable, Sendable {
        /// One clock for each component that ever spoke, in the order of first words. Usually one.
        var components: [Component] = []
        var load: Load?
        var loadAt: Instant?
        /// How the last open connection ended, while none is open.
        var loss: Loss?

        /// Its components are all there is.
        var isPlain: Bool { load == nil && loadAt == nil && loss == nil }
    }
}

// MARK: - What is packed

extension Node {
    /// What it said of itself. Unpacked at each look: `hostname` and `role` are at hand without.
    var facts: NodeFacts {
        get { packed.facts(role: role, platform: platform) }
        set {
            (role, platform) = (newValue.role, newValue.platform)
            packed.setFacts(newValue)
        }
    }

    var hostname: String { packed.hostname }

    /// By what its hardware is known; empty where unknown.
    var hardwareID: String { packed.hardwareID }

    /// Unpacked at each look, packed at each change: change a copy, and put it back once.
    var services: [Service] {
        get { packed.services(since: firstSeen) }
        set { packed.setServices(newValue, since: firstSeen) }
    }

    /// One clock for each component that ever spoke, in the order of first words. Usually one.
    var components: [Component] {
        get { contact.components }
        _modify {
            var components = takeComponents()
            defer { putBack(components) }
            yield &components
        }
    }

    var load: Load? {
        get { contact.load }
        set { changeContact { $0.load = newValue } }
    }

    /// When `load` was told.
    var loadAt: Instant? {
        get { contact.loadAt }
        set { changeContact { $0.loadAt = newValue } }
    }

    /// How its last open connection ended, while none is open.
    var loss: Loss? {
        get { contact.loss }
        set {
            if newValue == nil, contact.loss == nil { return }
            changeContact { $0.loss = newValue }
        }
    }

    /// Agent's clock less server's clock at the last registration.
    var clockSkew: Duration {
        get { .nanoseconds(skewNanoseconds) }
        set { skewNanoseconds = newValue.inNanoseconds }
    }

    /// Packs what is left of its connection, if it has none open, and has texts shared. To be called at the end of each
    /// event about it.
    mutating func settle(_ texts: inout SharedTexts) {
        packContact()
        packed.share(&texts)
        guard openComponents.contains(where: { !$0.isPacked }) else { return }
        var components = takeComponents()
        for position in components.indices { components[position].pack(&texts) }
        putBack(components)
    }

    private mutating func packContact() {
        if case .nothing = open { return }
        let contact = self.contact
        if !contact.components.contains(where: { $0.session != nil }) {
            packed.setContact(contact, since: firstSeen)
            open = .nothing
        } else if contact.isPlain {
            open = .components(contact.components)
        }
    }

    private var contact: Contact {
        switch open {
        case .nothing: packed.contact(since: firstSeen) ?? Contact()
        case .components(let components): Contact(components: components)
        case .contact(let contact): contact[0]
        }
    }

    private mutating func setOpen(_ contact: Contact) {
        open = contact.isPlain ? .components(contact.components) : .contact([contact])
    }

    /// What is packed of it, if anything, is open afterwards.
    private mutating func reopen() {
        guard case .nothing = open else { return }
        setOpen(contact)
        packed.setContact(nil, since: firstSeen)
    }

    private mutating func changeContact(_ change: (inout Contact) -> Void) {
        reopen()
        var contact = self.contact
        change(&contact)
        setOpen(contact)
    }

    /// Takes the components out, so that they are changed where they lie.
    private mutating func takeComponents() -> [Component] {
        reopen()
        switch open {
        case .nothing: return []
        case .components(let components):
            open = .components([])
            return components
        case .contact(var contact):
            open = .nothing
            var components: [Component] = []
            swap(&components, &contact[0].components)
            open = .contact(contact)
            return components
        }
    }

    private mutating func putBack(_ components: [Component]) {
        guard case .contact(var contact) = open else {
            open = .components(components)
            return
        }
        open = .nothing
        contact[0].components = components
        open = .contact(contact)
    }

    /// Those of an open contact: of a packed one none is connected.
    private var openComponents: [Component] {
        if case .nothing = open { [] } else { contact.components }
    }
}

// MARK: - What follows from it

extension Node {
    /// What asking its machine tells of this silence: an answer from before it says nothing.
    var probeAnswer: ProbeAnswer {
        guard let probe, probe.at > lastSeen else { return .unknown }
        return probe.answer
    }

    /// Whether some component of it is connected and in time.
    var isFresh: Bool { openComponents.contains { $0.isFresh } }

    /// Whether some component of it has a connection.
    var isConnected: Bool { openComponents.contains { $0.session != nil } }

    /// Its open connections, each once.
    var openSessions: [SessionID] {
        components.compactMap(\.session).reduce(into: []) { all, session in
            if !all.contains(session) { all.append(session) }
        }
    }

    /// Whether the clock that carried the service's report is stale.
    func isStale(_ service: Service) -> Bool {
        guard let carrier = service.carrier else { return true }
        return !openComponents.contains { $0.kind == carrier && $0.isFresh }
    }

    /// The component's position in `components`.
    func position(of kind: ComponentKind) -> Int? { components.firstIndex { $0.kind == kind } }

    /// The connection to show for the node: that of the component heard last.
    var connection: ConnectionFacts {
        components.max { ($0.lastHeard ?? .distantPast) < ($1.lastHeard ?? .distantPast) }?.connection
            ?? ConnectionFacts()
    }

    /// What a restart must know.
    var record: NodeRecord {
        let connection = connection
        return NodeRecord(
            id: id, facts: facts, components: components.filter(\.isExpected).map(\.kind),
            services: services.map(\.record),
            reachability: reachability, reachabilitySince: reachabilitySince, firstSeen: firstSeen,
            registeredAt: registeredAt, lastSeen: lastSeen, clockSkew: clockSkew,
            peerAddress: connection.peerAddress, localAddress: connection.localAddress,
            failoverDeclaredAt: failoverDeclaredAt, goodbye: goodbye)
    }
}

extension Instant {
    /// Before everything.
    static let distantPast = Instant(nanoseconds: .min)
}
