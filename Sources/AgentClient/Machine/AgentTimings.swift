/// How patient an agent is. The heartbeat interval is the server's to set.
public struct AgentTimings: Equatable, Sendable {
    /// Beat this often whatever the server says; nil, as for every real agent: as it says. For load tests.
    public var ownInterval: Duration?
    /// Name look-up, TCP and TLS, over all of the server's addresses.
    public var dialLimit: Duration
    /// Until a registration is answered: the server answers after its commit, and many may wait for one.
    public var registrationLimit: Duration
    /// Until a heartbeat is answered. Below the server's unreachable-after (90 s), so that an agent whose connection has
    /// died without a sound is back on a new one before anybody is alarmed.
    public var answerLimit: Duration
    /// Until a goodbye is answered, within what `systemctl stop` and a shutting-down machine allow.
    public var goodbyeLimit: Duration
    /// A registration has held when a heartbeat is answered this long after it: only then does the back-off start anew.
    /// A server that takes registrations and dies of them must not be dialled every second.
    public var steadyAfter: Duration
    /// How often the load is reported.
    public var loadInterval: Duration
    /// The limit of the first delay before dialling again.
    public var firstRetry: Duration
    /// The limit of every later one.
    public var longestRetry: Duration

    /// The defaults of a real agent.
    public init(
        ownInterval: Duration? = nil, dialLimit: Duration = .seconds(30), registrationLimit: Duration = .seconds(30),
        answerLimit: Duration = .seconds(20), goodbyeLimit: Duration = .seconds(3),
        steadyAfter: Duration = .seconds(10), loadInterval: Duration = .seconds(60),
        firstRetry: Duration = .seconds(1), longestRetry: Duration = .seconds(60)
    ) {
        self.ownInterval = ownInterval
        self.dialLimit = dialLimit
        self.registrationLimit = registrationLimit
        self.answerLimit = answerLimit
        self.goodbyeLimit = goodbyeLimit
        self.steadyAfter = steadyAfter
        self.loadInterval = loadInterval
        self.firstRetry = firstRetry
        self.longestRetry = longestRetry
    }
}
