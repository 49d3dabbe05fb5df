/// What an operator sets: intervals, thresholds and names. The shell reads them from flags and files.
public struct RegistrySettings: Equatable, Sendable {
    /// How often an agent shall send a heartbeat.
    public var heartbeatInterval: Duration
    /// A node is suspect when nothing was heard of it for this long. A reset connection makes it suspect at once.
    public var suspectAfter: Duration
    /// A node is unreachable when nothing was heard of it for this long, and a suspect one becomes so then.
    public var unreachableAfter: Duration
    /// After a start with a registry that knows nodes, nobody is judged for this long, or until all are back.
    public var homecomingGrace: Duration
    /// How often last-seen times are written. What a restart knows of them may be this old.
    public var lastSeenSaveInterval: Duration
    /// How the server is called in remedies: the host name agents dial.
    public var serverName: String
    /// The port agents dial, for remedies.
    public var serverPort: Int
    /// The fleet's name.
    public var fleet: String
    /// Nodes that are let in; at most `RegistryLimits.nodesMax`.
    public var nodesMax: Int

    /// Settings for a heartbeat interval; what is not given follows from it: suspect after 1.5 intervals, unreachable
    /// after 3, a homecoming of 3.
    public init(
        heartbeatInterval: Duration = .seconds(30), suspectAfter: Duration? = nil, unreachableAfter: Duration? = nil,
        homecomingGrace: Duration? = nil, lastSeenSaveInterval: Duration = .seconds(30),
        serverName: String = "configuration-server", serverPort: Int = 443, fleet: String = "default",
        nodesMax: Int = RegistryLimits.nodesMax
    ) {
        self.heartbeatInterval = heartbeatInterval
        self.suspectAfter = suspectAfter ?? heartbeatInterval * 3 / 2
        self.unreachableAfter = unreachableAfter ?? heartbeatInterval * 3
        self.homecomingGrace = homecomingGrace ?? heartbeatInterval * 3
        self.lastSeenSaveInterval = lastSeenSaveInterval
        self.serverName = serverName
        self.serverPort = serverPort
        self.fleet = fleet
        self.nodesMax = min(nodesMax, RegistryLimits.nodesMax)
    }

    /// What is wrong with these settings, as a sentence that says what to change; nil if nothing is.
    public var problem: String? {
        let shortest = RegistryLimits.heartbeatIntervalMin
        if heartbeatInterval < shortest || heartbeatInterval > RegistryLimits.heartbeatIntervalMax {
            return "heartbeat-interval \(heartbeatInterval) is outside \(shortest) to "
                + "\(RegistryLimits.heartbeatIntervalMax); choose one within"
        }
        if suspectAfter <= heartbeatInterval {
            return "suspect-after \(suspectAfter) is not longer than heartbeat-interval \(heartbeatInterval): every "
                + "node would be suspect between two heartbeats; make it at least 1.5 times the interval"
        }
        if unreachableAfter <= suspectAfter {
            return "unreachable-after \(unreachableAfter) is not longer than suspect-after \(suspectAfter); make it "
                + "at least 3 times the heartbeat interval"
        }
        return nil
    }
}
