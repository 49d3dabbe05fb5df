internal import AgentClient
internal import ConfigurationServer
internal import Registry

/// One machine of a rehearsal: its agent, its path to the server, and what is true of both.
///
/// The path is TCP's: nothing is lost and nothing overtakes. A lost segment comes back after a timer that doubles from
/// 200 ms to 120 s (RFC 6298), and what was sent meanwhile arrives behind it in one clump.
struct RehearsedNode {
    /// A connection as the agent sees it.
    struct Connection {
        /// Names it, at both ends.
        let number: UInt64
        /// When its first beat was due; the schedule is start + n × interval.
        var start: Instant
        var beats: Int64 = 0
        /// Beats the server has answered, by number.
        var answered: Int64 = 0
        /// Nothing overtakes: the last arrival at the server.
        var lastArrival: Instant
        /// Sent while the path was cut; arrives when it is whole again.
        var held: [RehearsedMessage] = []
        /// It ends at the copy of the server.
        var isElsewhere = false
    }

    /// Which program of which machine.
    enum Program: Equatable {
        /// The one that goes with the machine's role.
        case standard
        /// The application service, where it dials in itself.
        case applicationService
        /// The standard one of a copy of the machine.
        case clone
    }

    /// Why it does not get in.
    struct Refusal: Equatable {
        var reason: AttemptReason
        var issuer: String
        var since: Instant
    }

    static let firstRetransmission = Duration.milliseconds(200)
    static let longestRetransmission = Duration.seconds(120)

    let id: NodeID
    /// The id in the certificate that it shows.
    var key: NodeID
    var facts: NodeFacts
    var services: [ServiceReport]
    /// When one of them last changed.
    var servicesSince: Instant?
    let baseDelay: Duration
    let program: Program
    /// Its machine's entry of the application service, where that dials in itself.
    var applicationService: Int?

    var isRunning = false
    var isFrozen = false
    var cutSince: Instant?
    var lossPercent = 0
    /// Its machine has no power, or is on its way down or up.
    var isOff = false
    /// Nothing of the server reaches it.
    var isDeaf = false
    /// What the server asks it so is dropped on the way.
    var hidden: Set<Scenario.Door> = []
    var refusal: Refusal?
    /// What it dials is the copy of the server.
    var isLedElsewhere = false
    /// It tried, and is not in: turned away, or in elsewhere.
    var isOutside = false
    /// The server at which its process registered last.
    var lastServer: ServerTag?
    /// How far its clock is ahead.
    var clockAhead = Duration.zero
    /// Until when the certificate is valid that it shows next.
    var certificateUntil: Instant?
    /// Whence its next connection comes, if not from an address of its own; where it goes, if not to the usual one.
    var peerAddress = ""
    var serverAddress = ""
    /// Who issued the certificate that it shows next, if not the usual authority.
    var issuer = ""
    /// Since when its process server's data port does not answer it.
    var dataBlockedSince: Instant?
    /// Names the process that runs.
    var instance: UInt64 = 0
    /// Void is whatever waits for an earlier life of its agent.
    var life: UInt64 = 0
    var connection: Connection?
    /// Connections the agent gave up while the path was cut: the server still has them.
    var abandoned: [UInt64] = []
    var backoff: Backoff
    var chance: Chance
    /// Since when it could be heard without any hindrance; nil while it cannot.
    var wellSince: Instant?
    /// Since when nothing of it can be heard; nil while something can.
    var silentSince: Instant?
    /// When its kernel or its machine last answered a question, its agent being silent.
    var answeredAt: Instant?
    /// It said goodbye and has not come back.
    var hasLeft = false
    /// It had two identities at one time: what is true of it is not known to a model.
    var wasCloned = false

    init(_ blueprint: NodeBlueprint, seed: UInt64, program: Program, timings: AgentTimings) {
        id = NodeID(blueprint.id.uuidString) ?? NodeID(high: 0, low: UInt64(blueprint.index))
        key = id
        facts = NodeFacts(blueprint)
        services = blueprint.services.map { ServiceReport($0) }
        self.program = program
        let purpose: UInt64 =
            switch program {
            case .standard: 11
            case .clone: 12
            case .applicationService: 13
            }
        chance = Chance(seed: seed, purpose, UInt64(blueprint.index))
        baseDelay = .microseconds(Int.random(in: 500...40_000, using: &chance))
        backoff = Backoff(first: timings.firstRetry, longest: timings.longestRetry)
        setBoot()
    }

    /// A boot of its own id.
    mutating func setBoot() {
        facts.bootID = (0..<16).map { _ in UInt8.random(in: 0 ... .max, using: &chance) }
    }

    /// A new identity.
    mutating func setKey() {
        key = NodeID(
            high: UInt64.random(in: 0 ... .max, using: &chance), low: UInt64.random(in: 0 ... .max, using: &chance))
    }

    /// How long its agent waits before it dials again.
    mutating func nextDelay() -> Duration { backoff.next(using: &chance) }

    /// Whether what its agent says now gets through.
    var isHeard: Bool {
        isRunning && !isFrozen && cutSince == nil && !isOutside && (refusal == nil || connection != nil)
    }

    /// Whether nothing hinders it at all.
    var isUnhindered: Bool { isHeard && lossPercent == 0 && !isDeaf && refusal == nil && !isLedElsewhere }

    /// The program as registrations name it; nil: the one that goes with the role.
    var component: ComponentKind? { program == .applicationService ? .scoutApplicationService : nil }

    /// How long a message takes; lost ones are sent again.
    mutating func transit() -> Duration {
        var delay = baseDelay * Double.random(in: 1...1.5, using: &chance)
        var timer = Self.firstRetransmission
        while lossPercent > 0, Int.random(in: 0..<100, using: &chance) < lossPercent {
            delay += timer
            timer = min(timer * 2, Self.longestRetransmission)
        }
        return delay
    }

    /// How long after a cut of this length TCP's timer next fires.
    mutating func retransmission(afterCut length: Duration) -> Duration {
        min(length, Self.longestRetransmission) * Double.random(in: 0...1, using: &chance)
    }
}

/// What an agent sends.
enum RehearsedMessage {
    case register
    case beat(number: Int64, sent: Instant)
    case report([ServiceReport])
    case dataPath(isOpen: Bool, since: Instant)
    case leave(LeaveReason)
    /// Its end of the connection is closed, or its kernel knows nothing of it any more.
    case closed(ConnectionLoss)
}

extension NodeFacts {
    fileprivate init(_ blueprint: NodeBlueprint) {
        self.init(
            hostname: blueprint.hostname, role: Role(blueprint.role) ?? .mobilityAgent,
            platform: Platform(blueprint.system.platform), osVersion: blueprint.system.version,
            agentVersion: RehearsedServer.version, addresses: blueprint.addresses, site: blueprint.site,
            processServer: blueprint.processServer,
            machineID: "simulated-" + blueprint.id.uuidString.lowercased(),
            hardware: Hardware(
                id: "simulated " + blueprint.id.uuidString.lowercased(), networkCards: ["52:54:00:00:00:01"]))
    }
}
