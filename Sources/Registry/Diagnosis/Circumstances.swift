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

    /// A case; what is not given does not apply.
    public init(
        topic: Topic, role: Role? = nil, ending: Ending? = nil, neighbours: Neighbours? = nil,
        service: ServiceKind? = nil, serviceState: ServiceState? = nil, startType: StartType? = nil
    ) {
        self.topic = topic
        self.role = role
        self.ending = ending
        self.neighbours = neighbours
        self.service = service
        self.serviceState = serviceState
        self.startType = startType
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
    /// The server's own time.
    case selfSuspicion = 4
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
        case .site, .server: nil
        }
    }
}
