/// Every limit of the core, each with its reason. At a limit the core refuses with a clear sentence and goes on.
public enum RegistryLimits {
    /// Nodes in one registry. A million without a connection take 390 bytes each (measured).
    public static let nodesMax = 1_000_000
    /// Watched services of a node. The busiest role has 12; the rest is room for what operators add.
    public static let servicesPerNodeMax = 64
    /// Addresses of a node: hosts with many containers have more interfaces than anyone will read.
    public static let addressesPerNodeMax = 32
    /// Facts kept with a finding: the first is never dropped, of the rest the newest stay.
    public static let evidencePerFindingMax = 16
    /// Host names listed with a finding that folds others; `Finding.memberCount` counts all.
    public static let membersPerFindingMax = 100
    /// Cleared findings kept in memory for operators; older ones are in the store.
    public static let clearedFindingsMax = 1_000
    /// Active findings in a summary: a screenful. `SummaryView.findingCount` counts all.
    public static let findingsPerSummaryMax = 20
    /// Nodes in a page, and its default.
    public static let nodesPerPageMax = 100
    /// Findings in a page, and its default.
    public static let findingsPerPageMax = 50
    /// Last-seen times, or history entries, handed to the store in one turn of the control loop: about a millisecond.
    public static let savedPerSliceMax = 2_048
    /// Nodes looked at in one slice of a page, about a millisecond, so that a search through a million nodes does not
    /// keep the control loop's other work waiting.
    public static let looksPerSliceMax = 8_192
    /// Up to so many matches are picked out of the table and sorted; of more, a walk in the order of names soon finds a
    /// page.
    public static let sweptMatchesMax = 4_096
    /// Candidates named when a name fits several nodes.
    public static let candidatesMax = 10
    /// Nodes judged in one tick, so that a lost site does not stall the control loop (measured: about 30 µs each).
    public static let verdictsPerTickMax = 50
    /// Questions asked in one tick, and silent nodes that fall due for one.
    public static let asksPerTickMax = 50
    /// Factors whose error is told anew in one tick.
    public static let factorsPerTickMax = 20
    /// Errors about peers that keep failing: a fleet that is locked out is one cause, the list of attempts has the rest.
    public static let failingPeerFindingsMax = 200
    /// Sessions looked at in one tick of a loop, so that heartbeats are not kept waiting; and as many may be told to the
    /// registry's owner, who has to take them in within one turn (measured: about 3 µs for each that fell silent).
    public static let newsPerTickMax = 512
    /// Lost nodes of a site that are hung to be looked at again in one tick, when others of it are heard, or no more.
    public static let reviewedPerTickMax = 2_048
    /// History that waits for the next batch, or for the store to come back; the oldest is dropped beyond.
    public static let waitingHistoryMax = 20_000

    /// The shortest heartbeat interval: below it, timers and clocks measure themselves.
    public static let heartbeatIntervalMin = Duration.milliseconds(10)
    /// The longest heartbeat interval: beyond it, "not heard" means nothing.
    public static let heartbeatIntervalMax = Duration.seconds(24 * 3_600)

    /// Bytes of a host name, as DNS has it; and of a process server's name.
    public static let hostnameBytesMax = 255
    /// Bytes of an operating system's description.
    public static let osVersionBytesMax = 128
    /// Bytes of an agent version.
    public static let agentVersionBytesMax = 64
    /// Bytes of one address; the longest IPv6 address with a zone is shorter.
    public static let addressBytesMax = 64
    /// Bytes of a site's name: it stands in every table.
    public static let siteBytesMax = 64
    /// Bytes of a machine id.
    public static let machineIDBytesMax = 64
    /// Bytes of a hardware's name: a UUID, or a maker's name and a serial number.
    public static let hardwareIDBytesMax = 128
    /// Network cards of a machine.
    public static let networkCardsPerNodeMax = 16
    /// A hardware name that more machines have is none: a maker's placeholder.
    public static let hardwareNamesakesMax = 8
    /// Keys of which more is known than that they stand for the node of their own id: each is a machine that came back with
    /// another key.
    public static let keysMax = 100_000
    /// Bytes of a boot id, if there is one.
    public static let bootIDBytes = 16
    /// Bytes of a service's name.
    public static let serviceNameBytesMax = 128
    /// Bytes of what the watcher saw.
    public static let serviceDetailBytesMax = 256
    /// Bytes of a unit's name.
    public static let serviceUnitBytesMax = 128
    /// Sites in one registry. Sites are named by agents: without a limit, a broken one could fill the summary.
    public static let sitesMax = 10_000
}
