public import ErrorCatalogue

/// What the decision table looks at: the facts of one case, without names and times.
public struct Circumstances: Equatable, Sendable {
    /// What kind of trouble it is.
    public var topic: Topic
    /// The node's role; nil for the server itself.
    public var role: Role?
    /// How the last word of a silent node came to be the last; nil where silence is not the trouble.
    public var ending: Ending?
    /// What others of its site do.
    public var neighbours: Neighbours?
    /// Which kind of service it is about.
    public var service: ServiceKind?
    /// Its state.
    public var serviceState: ServiceState?
    /// How it comes up.
    public var startType: StartType?
    /// What its own clock says, where it dials in itself.
    public var ownClock: OwnClock?
    /// Whether the machine answered when it was asked.
    public var probe: ProbeAnswer?
    /// Which program of a machine that is otherwise heard is silent.
    public var component: ComponentKind?
    /// What the many have in common that fell silent at once.
    public var factor: FactorKind?
    /// Why somebody does not get in.
    public var attempt: AttemptReason?
    /// How far off a measured value is.
    public var level: Severity?
    /// How two machines came to use one identity.
    public var twin: TwinKind?
    /// How a machine has changed that is still the same.
    public var change: MachineChange?

    /// A case; what is not given does not apply.
    public init(
        topic: Topic, role: Role? = nil, ending: Ending? = nil, neighbours: Neighbours? = nil,
        service: ServiceKind? = nil, serviceState: ServiceState? = nil, startType: StartType? = nil,
        ownClock: OwnClock? = nil, probe: ProbeAnswer? = nil, component: ComponentKind? = nil,
        factor: FactorKind? = nil, attempt: AttemptReason? = nil, level: Severity? = nil, twin: TwinKind? = nil,
        change: MachineChange? = nil
    ) {
        self.topic = topic
        self.role = role
        self.ending = ending
        self.neighbours = neighbours
        self.service = service
        self.serviceState = serviceState
        self.startType = startType
        self.ownClock = ownClock
        self.probe = probe
        self.component = component
        self.factor = factor
        self.attempt = attempt
        self.level = level
        self.twin = twin
        self.change = change
    }
}

/// A subject has at most one active finding of each topic; better knowledge changes it in place, its code included.
public enum Topic: UInt8, Hashable, Sendable, CaseIterable {
    /// A node does not answer.
    case reachability = 1
    /// A watched service does not run.
    case service = 2
    /// The server's own registry.
    case store = 3
    /// One program of a node that is otherwise heard is silent.
    case component = 4
    /// Somebody keeps failing to get in.
    case admission = 5
    /// A node's clock is off.
    case clock = 6
    /// A node's version does not fit the server's.
    case version = 7
    /// A certificate is about to end.
    case certificate = 8
    /// A node does not reach its process server.
    case dataPath = 9
    /// A node that was failed over did not register in time.
    case failover = 10
    /// The server's own time.
    case selfSuspicion = 11
    /// Somebody goes and comes back again and again.
    case flapping = 12
    /// Two machines use one identity.
    case identity = 13
    /// A machine has changed, and is the same.
    case change = 14
    /// Two identities, one hardware.
    case hardware = 22
    /// The server's wall clock was set.
    case serverClock = 20
    /// Another server has this one's identity.
    case serverIdentity = 15
    /// The server's own certificate ends.
    case serverCertificate = 16
    /// The server has more to do than it can.
    case serverLoad = 21
}

/// What a service's own clock says.
public enum OwnClock: UInt8, Hashable, Sendable, CaseIterable {
    /// It does not dial in itself: only the agent's report tells of it.
    case none = 1
    /// It dials in, and was heard in time.
    case fresh = 2
    /// It used to dial in, and is silent.
    case stale = 3
}

/// Whether a silent node's machine answered when it was asked (ICMP echo, TCP connect). The evidence is gathered by
/// whoever asks; the table only weighs it.
public enum ProbeAnswer: UInt8, Hashable, Sendable, CaseIterable {
    /// It answered after it had fallen silent: the machine and its path are up.
    case yes = 1
    /// It was asked, and did not answer.
    case no = 2
    /// It was not asked, or nobody could tell.
    case unknown = 3
}

/// How the last word of a silent node came to be the last.
public enum Ending: UInt8, Hashable, Sendable, CaseIterable {
    /// Its connection was reset.
    case reset = 1
    /// It closed its connection without a goodbye.
    case closed = 2
    /// It fell silent, and its connection stayed open or timed out.
    case fellSilent = 3
    /// It did not come back after the server's restart.
    case notBack = 4
    /// The server closed its connection.
    case closedByServer = 5
    /// It said goodbye because its machine restarts, and is not back.
    case restarting = 6
    /// It said goodbye because it is being upgraded, and is not back.
    case upgrading = 7
}

/// What others of a node's site do.
public enum Neighbours: UInt8, Hashable, Sendable, CaseIterable {
    /// Some of them answer.
    case someAnswer = 1
    /// There are some, and none answers.
    case noneAnswers = 2
    /// There are none who should answer.
    case noNeighbours = 3
}

/// What kind a watched service is of.
public enum ServiceKind: UInt8, Hashable, Sendable, CaseIterable {
    /// The InMage Scout Application Service: without it a machine cannot be reprotected.
    case scoutApplicationService = 1
    /// Any other.
    case other = 2
}

extension ServiceReport {
    /// The service's kind, by its name or its unit's, without regard to case.
    public var kind: ServiceKind {
        let known = ["inmage scout application service", "appservice", "appservice.service"]
        return known.contains(name.lowercased()) || known.contains(unit.lowercased())
            ? .scoutApplicationService : .other
    }
}

extension Ending {
    /// What a loss tells.
    init(_ loss: ConnectionLoss) {
        switch loss {
        case .reset: self = .reset
        case .closedWithoutGoodbye: self = .closed
        case .timedOut: self = .fellSilent
        case .protocolError, .closedByServer, .serverDrained: self = .closedByServer
        }
    }
}

extension Subject {
    /// The node it is about; nil for a site or the server.
    public var node: NodeID? {
        switch self {
        case .node(let id), .service(let id, _): id
        case .site, .server, .group, .peer: nil
        }
    }
}
