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
    /// Whom the server asks about those it suspects.
    public var asking = Asking.connection
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
        /// A watched service stops; how it comes up with its machine is set to this, if it is said.
        case stopService(String, startType: ServiceStart? = nil)
        /// It starts again.
        case startService(String)
        /// It is not installed any more.
        case removeService(String)
        /// A service that dials in itself says nothing more; the agent goes on reporting this state of it.
        case hangService(String, seenAs: HungState)
        /// The agent alone dies; other programs of its machine that dial in go on.
        case killAgent
        /// The agent alone hangs.
        case hangAgent
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
        /// Loses its power: nobody is told, and nothing of it answers; it comes back with a new boot.
        case powerOff
        /// Nothing of the server reaches the machine; what it sends arrives.
        case deafen
        /// Says goodbye, with a reason, and goes.
        case leave(Goodbye)
        /// Says goodbye, and comes back with another version of the agent.
        case upgrade(String)
        /// Sends what is no message: the server closes the connection, and the agent ends.
        case garble
        /// One that was killed or has left comes back.
        case comeBack
        /// Of the packets of its path so many per cent are lost.
        case losePackets(Int)
        /// From its next connection on it does not get in, for this reason; its certificate has this issuer.
        case refuse(reason: String, issuer: String)
        /// It gets in again.
        case admit
        /// Its clock is set, to so much ahead of the true time; behind it if negative.
        case setClock(Duration)
        /// From its next connection on it shows a certificate that ends so long after now; nil: in a year.
        case certificate(endsIn: Duration?)
        /// From its next connection on it comes from this address, which is none of its own; empty: its own.
        case comeFrom(String)
        /// From its next connection on it dials this address of the server; empty: the usual one.
        case arriveAt(String)
        /// From its next connection on its certificate is issued by this authority; empty: by that of the others.
        case issuedBy(String)
        /// Its system is installed anew: it boots with another machine id, with its identity put back or with a new key.
        case reinstall(Key)
        /// It boots on other hardware: it was failed over, restored or migrated.
        case migrate
        /// From its next connection on it has this host name.
        case rename(String)
        /// From its next connection on this is its address.
        case move(String)
        /// Its agent cannot reach the data port of its process server, and says so.
        case blockData
        /// The data port answers again.
        case openData
        /// A firewall drops what the server asks the machine; nil: whatever it asks.
        case hide(Door?)
        /// The server's questions get through again.
        case show
        /// An operator declares that it was failed over.
        case declareFailover
        /// The operator takes that back.
        case cancelFailover
        /// A copy of the machine comes up elsewhere, with the same identity.
        case clone(Copy)
        /// The copy goes.
        case endClone
        /// From now on these machines reach a copy of the server, under its name and with its identity.
        case cloneServer
        /// The copy of the server goes.
        case endServerClone
        /// The server dies at once, and comes back later.
        case restartServer
        /// The server dies, and comes back with its registry as it was so long ago.
        case restoreServer(age: Duration)
        /// The server's clock is set, to so much ahead of the true time; behind it if negative.
        case setServerClock(Duration)
        /// The server reads a certificate that ends so long after now; nil: in a year.
        case serverCertificate(endsIn: Duration?)
        /// The server's process stands still.
        case stallServer
        /// A server that was down starts.
        case startServer
        /// A server that stood still goes on.
        case resumeServer
        /// The server's loops lose so many per cent of their time.
        case overloadServer(Int)
        /// Nothing can be written to the server's store.
        case breakStore
        /// Each commit of the store takes seconds.
        case slowStore
        /// The store works again.
        case mendStore
    }

    /// Whom a server asks about a silent node, as its settings call it.
    public enum Asking: String, Sendable, CaseIterable {
        /// Nobody.
        case off
        /// The agent, and the kernel at the other end of its connection.
        case connection
        /// The machine, too.
        case machine
    }

    /// How a service comes up with its machine.
    public enum ServiceStart: String, Sendable, CaseIterable {
        /// With the machine.
        case automatic
        /// When somebody starts it.
        case manual
        /// Not at all.
        case disabled
    }

    /// What an agent sees of a service that hangs.
    public enum HungState: String, Sendable, CaseIterable {
        /// A process that runs.
        case running
        /// A start that does not end.
        case starting
        /// A stop that does not end.
        case stopping
        /// Nothing it could tell.
        case unknown
    }

    /// By what a machine is known that was installed anew.
    public enum Key: String, Sendable, CaseIterable {
        /// Its identity was put back.
        case old
        /// It was given a new one.
        case new
    }

    /// How a machine can be asked from outside.
    public enum Door: String, Sendable, CaseIterable {
        /// ICMP echo.
        case echo
        /// TCP connections.
        case ports
    }

    /// What of a machine its copy has.
    public enum Copy: String, Sendable, CaseIterable {
        /// Its disk: a clone of a template, a restored backup.
        case disk
        /// Its identity directory only.
        case identity
        /// All of it: a second agent on the machine itself.
        case agent
        /// Its disk and its memory: a snapshot that runs on.
        case snapshot
        /// Its hardware's id only: the copy has an identity of its own.
        case hardware
    }

    /// Why a machine says goodbye.
    public enum Goodbye: String, Sendable, CaseIterable {
        /// It is switched off.
        case shutdown
        /// It boots anew.
        case reboot
        /// Its agent is stopped.
        case serviceStop = "service-stop"
        /// Its agent is replaced.
        case upgrade
        /// It is taken out of service for good.
        case decommission
    }

    /// Whom it happens to: those who fit everything that is named.
    public struct Target: Equatable, Sendable {
        /// Pattern of the host name; `*` is any text, `?` any character. Nil: any.
        public var hostname: String?
        /// "agent", "process-server", "master-target". Nil: any.
        public var role: String?
        /// The site. Nil: any.
        public var site: String?
        /// Pattern of the process server it sends to. Nil: any.
        public var processServer: String?
        /// Only so many of them, picked by the seed. Nil: all.
        public var count: Int?
        /// Those that an earlier step hit, by its place in the file, from 1; then nothing else is said.
        public var sameAs: Int?

        /// A target.
        public init(
            hostname: String? = nil, role: String? = nil, site: String? = nil, processServer: String? = nil,
            count: Int? = nil
        ) {
            self.hostname = hostname
            self.role = role
            self.site = site
            self.processServer = processServer
            self.count = count
        }
    }
}
