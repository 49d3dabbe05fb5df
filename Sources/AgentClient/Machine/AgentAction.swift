public import RollcallProtocol

/// What the shell around an `AgentMachine` does next. Plain values, carried out in their order.
public enum AgentAction: Equatable, Sendable {
    /// Connect to the server, and report `connected` or `closed`.
    case dial
    /// Send a request on the open connection. Its send time is filled in.
    case send(WireRequest)
    /// Close the connection, or give up dialling. Nothing more of it is reported.
    case close
    /// Tell whoever looks after the agent.
    case tell(AgentEvent)
    /// The agent has come to its end: the process may stop.
    case finish
}

/// What is worth telling about an agent: log lines and counters are made of these.
public enum AgentEvent: Equatable, Sendable {
    /// The server knows the node.
    case registered(AgentRegistration)
    /// The server did not take the registration.
    case registrationRefused(StatusCode, message: String)
    /// There was no connection to begin with.
    case dialFailed(String)
    /// A connection came to its end, or was given up.
    case connectionLost(String)
    /// The next attempt will be made after this long.
    case nextAttempt(after: Duration)
    /// The server asked to go away and come back after this long.
    case toldToComeBack(after: Duration, reason: String)
    /// The server set another heartbeat interval.
    case intervalChanged(from: Duration, to: Duration)
    /// The server asked for everything again.
    case fullReportAsked
    /// The server asked whether the agent lives.
    case asked
    /// A heartbeat was answered, this long after it was sent.
    case heartbeatAnswered(after: Duration)
    /// A heartbeat was answered with a complaint.
    case heartbeatRefused(StatusCode, message: String)
    /// The server complained without naming a request.
    case objection(StatusCode, message: String)
    /// These services changed.
    case servicesChanged([WireServiceReport])
    /// The way to the process server opened or closed.
    case dataPathChanged(WireDataPath)
    /// The server is not the one of before, though it should be: an older copy of it, or two that take turns (`isBack`).
    case otherServer(WireServerTag, before: WireServerTag, isBack: Bool)
    /// The agent's clock less the server's, where that is a minute or more.
    case clockDiffers(by: Duration)
    /// The goodbye was written down (true), or not in time (false).
    case saidGoodbye(confirmed: Bool)
}

/// What the server answered to a registration.
public struct AgentRegistration: Equatable, Sendable {
    /// Id of the node, 16 bytes.
    public var nodeID: [UInt8]
    /// How often heartbeats are due.
    public var interval: Duration
    /// Version of the server's software.
    public var serverVersion: String
    /// Where this connection comes from as the server sees it.
    public var observedAddress: String
}
