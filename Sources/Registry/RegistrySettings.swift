/// What an operator sets: intervals, thresholds and names. The shell reads them from flags and files.
public struct RegistrySettings: Equatable, Sendable {
    /// How often an agent shall send a heartbeat.
    public var heartbeatInterval: Duration
    /// A node is suspect when nothing was heard of it for this long, at the latest; sooner where its path is known to
    /// be quick (`PathMemory`). A reset connection makes it suspect at once.
    public var suspectAfter: Duration
    /// Nobody is suspect before this long a silence, however quick the path.
    public var suspectAfterMin: Duration
    /// Between quick and careful, within those two: see `DeadlineTuning.margin`.
    public var suspicionMargin = 1.0
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
    /// Whom the server asks before it judges a silent node.
    public var askSuspects = AskPolicy.connection
    /// How many questions it asks in a second, about the whole fleet; a fifth as many machines from outside.
    public var asksPerSecond = 100
    /// This server's version, "MAJOR.MINOR.PATCH", to compare agents' with; empty: they are not compared.
    public var serverVersion = ""
    /// How long a node may take to register after failover was declared (the product that this one follows waits 15
    /// minutes).
    public var failoverGrace = Duration.seconds(15 * 60)
    /// Lost and back so often within `flappingWindow` is flapping.
    public var flappingCount = 4
    /// See `flappingCount`.
    public var flappingWindow: Duration
    /// What flaps does so no more when it has stayed one way for this long.
    public var flappingQuiet: Duration
    /// How long a node may stay away that said goodbye for a restart or an upgrade: a server's firmware takes its time.
    public var returnGrace = Duration.seconds(15 * 60)
    /// Whether a machine with a new key takes the entry of one that is away, if its hardware says that it is that one.
    public var adoptsByHardware = true
    /// Nodes that are let in; at most `RegistryLimits.nodesMax`.
    public var nodesMax: Int

    /// Settings for a heartbeat interval; what is not given follows from it: suspect after 2 intervals at the
    /// latest and 1.05 at the earliest, unreachable after 3, a homecoming of 3; flapping within 20 times the time to be
    /// unreachable, and no more after 5 times that.
    public init(
        heartbeatInterval: Duration = .seconds(30), suspectAfter: Duration? = nil, suspectAfterMin: Duration? = nil,
        unreachableAfter: Duration? = nil,
        homecomingGrace: Duration? = nil, lastSeenSaveInterval: Duration = .seconds(30),
        serverName: String = "configuration-server", serverPort: Int = 443, fleet: String = "default",
        nodesMax: Int = RegistryLimits.nodesMax
    ) {
        self.heartbeatInterval = heartbeatInterval
        self.suspectAfter = suspectAfter ?? heartbeatInterval * 2
        self.suspectAfterMin = suspectAfterMin ?? min(heartbeatInterval * 21 / 20, self.suspectAfter)
        self.unreachableAfter = unreachableAfter ?? heartbeatInterval * 3
        self.homecomingGrace = homecomingGrace ?? heartbeatInterval * 3
        self.lastSeenSaveInterval = lastSeenSaveInterval
        flappingWindow = self.unreachableAfter * 20
        flappingQuiet = self.unreachableAfter * 5
        self.serverName = serverName
        self.serverPort = serverPort
        self.fleet = fleet
        self.nodesMax = min(nodesMax, RegistryLimits.nodesMax)
    }

    /// How long a suspect may be silent before the verdict. If something of its machine answered since it was last heard,
    /// four times as long: a retransmission timer doubles (RFC 6298, section 5.5), so what an outage held back comes after
    /// at most as long again as the outage lasted, and twice that if the first attempt after it is lost; and a program that
    /// stalls on a machine that is well is not gone.
    /// `heldUp`: so late its last heartbeat was (`Liveness.heldUp`); where an outage held that one up for long, others that it
    /// held up may come as late.
    public func silenceBeforeVerdict(isAnswered: Bool, heldUp: Duration = .zero) -> Duration {
        isAnswered ? max(unreachableAfter * 4, unreachableAfter + heldUp) : unreachableAfter
    }

    /// How long to wait before a suspect is asked again: four questions between two heartbeats.
    public var askInterval: Duration { max(heartbeatInterval / 4, .milliseconds(20)) }

    /// How long an agent may take to answer over its connection before the kernel is asked what it knows: longer than any
    /// round trip on earth and one retransmission.
    public var answerWait: Duration { min(max(askInterval, .milliseconds(500)), .seconds(2)) }

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
        if suspectAfterMin <= heartbeatInterval || suspectAfterMin > suspectAfter {
            return "suspect-after-min \(suspectAfterMin) does not lie between heartbeat-interval \(heartbeatInterval) "
                + "and suspect-after \(suspectAfter); make it a little longer than the interval"
        }
        if unreachableAfter <= suspectAfter {
            return "unreachable-after \(unreachableAfter) is not longer than suspect-after \(suspectAfter); make it "
                + "at least 3 times the heartbeat interval"
        }
        if flappingQuiet < unreachableAfter || flappingWindow < unreachableAfter * 2 {
            return "flapping-quiet \(flappingQuiet) is shorter than unreachable-after \(unreachableAfter), or "
                + "flapping-window \(flappingWindow) shorter than twice that: nothing could be lost and back within; make "
                + "them longer"
        }
        return nil
    }
}
