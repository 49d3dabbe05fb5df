/// What the core keeps of one node, in the table.
struct Node: Sendable {
    let id: NodeID
    var facts: NodeFacts
    /// Its site's row in `SiteTable`.
    var site: Int32
    /// One clock for each component that ever spoke, in the order of first words. Usually one.
    var components: [Component]
    var services: [Service]
    var load: Load?
    var loadAt: Instant?
    var reachability: Reachability
    var reachabilitySince: Instant
    var health: Health = .unknown
    let firstSeen: Instant
    var registeredAt: Instant
    var lastSeen: Instant
    var clockSkew: Duration
    /// How its last open connection ended, while none is open.
    var loss: Loss?
    /// Why one of its components said goodbye, since the node last registered.
    var goodbye: LeaveReason?
    /// Active findings about it or its services.
    var findings: [UInt64] = []
    var durability: Durability

    /// What its neighbours did when its absence was judged; nil while it is not unreachable.
    var judgedUnder: Neighbours?
    /// Known from before the start, answered then, and not heard since.
    var isAwaited = false
    /// Waiting in `Registry.unsavedLastSeen`.
    var isLastSeenUnsaved = false
}

extension Node {
    /// How a connection ended, and when.
    struct Loss: Equatable, Sendable {
        var how: ConnectionLoss
        var at: Instant
    }

    /// How far the store has what the table has.
    struct Durability: Equatable, Sendable {
        /// Commits under way that hold this node.
        var commitsPending = 0
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

    /// Whether some component of it is connected and in time.
    var isFresh: Bool { components.contains { $0.isFresh } }

    /// Whether the clock that carried the service's report is stale.
    func isStale(_ service: Service) -> Bool {
        guard let carrier = service.carrier else { return true }
        return !components.contains { $0.kind == carrier && $0.isFresh }
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
            id: id, facts: facts, components: components.map(\.kind), services: services.map(\.record),
            reachability: reachability, reachabilitySince: reachabilitySince, firstSeen: firstSeen,
            registeredAt: registeredAt, lastSeen: lastSeen, clockSkew: clockSkew,
            peerAddress: connection.peerAddress, localAddress: connection.localAddress)
    }
}

extension Instant {
    /// Before everything.
    static let distantPast = Instant(nanoseconds: .min)
}
