/// Whom the server may ask when a node has fallen silent.
public enum AskPolicy: String, Hashable, Sendable, CaseIterable {
    /// Nobody: silence alone decides.
    case off
    /// Its agent, over the connection that is open; what the kernel confirms of it counts, too. Nothing leaves the server
    /// that was not there before.
    case connection
    /// Its machine, too: ICMP echo and a TCP connection to the address that its own connection came from.
    case machine
}

/// What the server asks about a silent node. Whoever carries it out brings back an `Answer` for each way.
public struct Question: Equatable, Sendable {
    /// Whom it is about.
    public var node: NodeID
    /// Its open connections: a ping over each.
    public var sessions: [SessionID]
    /// Where to ask the machine itself; nil: it is not asked.
    public var machine: Machine?

    /// A machine's door.
    public struct Machine: Equatable, Sendable {
        /// The address that its connection came from, which is one of its own.
        public var address: String
        /// A port that its role has. A refusal is an answer, too.
        public var port: UInt16

        /// A door.
        public init(address: String, port: UInt16) {
            self.address = address
            self.port = port
        }
    }
}

/// What a question brought. One that the agent itself answers is none of these: it is a sign of life.
public struct Answer: Equatable, Sendable {
    /// How it was asked.
    public enum Way: Equatable, Sendable {
        /// Over its open connection: so many segments are unconfirmed by its kernel, and were sent again so many times
        /// in a row (tcp(7), `TCP_INFO`).
        case connection(unconfirmed: Int, sentAgain: Int)
        /// ICMP echo, so many.
        case echo(sent: Int)
        /// A TCP connection to this port, and whether somebody listens there.
        case port(UInt16, isOpen: Bool)
    }

    /// How it was asked.
    public var way: Way
    /// Whether its machine answered; nil: that cannot be told.
    public var isAnswered: Bool?
    /// How long the answer took, or was waited for.
    public var after: Duration

    /// What a question brought.
    public init(_ way: Way, isAnswered: Bool?, after: Duration) {
        self.way = way
        self.isAnswered = isAnswered
        self.after = after
    }
}

extension Answer.Way {
    /// Whether an answer of this way takes the place of that one.
    func isSame(as other: Answer.Way) -> Bool {
        switch (self, other) {
        case (.connection, .connection), (.echo, .echo), (.port, .port): true
        default: false
        }
    }

    /// Whether it came by a way of its own, which a firewall may close to everybody.
    var isFromOutside: Bool {
        if case .connection = self { false } else { true }
    }
}

extension Role {
    /// A port that a machine of this role has open where it does its work: 9443 takes replication data, over 20004 the
    /// machines of a group agree. Where nobody listens, the machine's refusal is an answer as good.
    var askedPort: UInt16 { self == .processServer ? 9443 : 20004 }
}
