/// A disaster, as values: what happens to which machines, and when. Read from a file by `ScenarioFile`.
public struct Scenario: Equatable, Sendable {
    /// What people call it.
    public var name: String
    /// The fleet it was written for; nil: any.
    public var fleet: FleetOptions?
    /// The heartbeat interval it was written for; nil: the usual one.
    public var interval: Duration?
    /// How long to look; nil: until a while after the last step.
    public var duration: Duration?
    /// What happens, in the order of the file.
    public var steps: [Step]
    /// What must be raised, and nothing else; nil: the file does not say.
    public var expectations: [Expectation]?

    /// A disaster with a name.
    public init(name: String = "", steps: [Step] = []) {
        self.name = name
        self.steps = steps
    }

    /// One line of the disaster.
    public struct Step: Equatable, Sendable {
        /// When, after the start of the simulation.
        public var at: Duration
        /// What.
        public var act: Act
        /// To whom.
        public var target: Target
        /// Undone after this long; nil: not undone.
        public var lasting: Duration?
        /// The line of the file, for messages.
        public var line: Int

        /// A step.
        public init(at: Duration, act: Act, target: Target, lasting: Duration? = nil, line: Int = 0) {
            self.at = at
            self.act = act
            self.target = target
            self.lasting = lasting
            self.line = line
        }
    }

    /// What can happen to a machine.
    public enum Act: Equatable, Sendable {
        /// A watched service stops.
        case stopService(String)
        /// It starts again.
        case startService(String)
        /// The machine's program dies: its connection is reset, and nothing comes back.
        case kill
        /// The program hangs: its connection stays open and says nothing.
        case freeze
        /// It goes on.
        case thaw
        /// Nothing gets through in either direction, and nobody is told.
        case partition
        /// The network is whole again.
        case heal
        /// Killed and back, again and again: `times` times, every `period`.
        case flap(period: Duration, times: Int)
        /// Says goodbye, boots anew, comes back.
        case restart
        /// Says goodbye and goes.
        case leave
        /// One that was killed or has left comes back.
        case comeBack
        /// Of the packets of its path so many per cent are lost.
        case losePackets(Int)
        /// A copy of the machine comes up elsewhere, with the same identity.
        case clone
        /// The copy goes.
        case endClone
        /// The server dies at once, and comes back later.
        case restartServer
        /// The server's process stands still.
        case stallServer
        /// A server that was down or stood still goes on.
        case resumeServer
        /// Nothing can be written to the server's store.
        case breakStore
        /// Each commit of the store takes seconds.
        case slowStore
        /// The store works again.
        case mendStore
    }

    /// Whom it happens to: those who fit everything that is named.
    public struct Target: Equatable, Sendable {
        /// Pattern of the host name; `*` is any text, `?` any character. Nil: any.
        public var hostname: String?
        /// "agent", "process-server", "master-target". Nil: any.
        public var role: String?
        /// The site. Nil: any.
        public var site: String?
        /// Only so many of them, picked by the seed. Nil: all.
        public var count: Int?

        /// A target.
        public init(hostname: String? = nil, role: String? = nil, site: String? = nil, count: Int? = nil) {
            self.hostname = hostname
            self.role = role
            self.site = site
            self.count = count
        }
    }
}
