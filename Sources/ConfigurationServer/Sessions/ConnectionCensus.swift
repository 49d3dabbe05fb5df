internal import Synchronization

/// How many connections are open, on all loops, and how many of them have not proven who they are. Any thread.
final class ConnectionCensus: Sendable {
    /// How a session is counted.
    enum Count {
        /// Not at all: an operator on the local socket.
        case uncounted
        /// As one of the connections, and of the strangers.
        case unproven
        /// As one of the connections.
        case proven
    }

    private let open = Atomic<Int>(0)
    private let strangers = Atomic<Int>(0)
    private let outside = Atomic<Int>(0)
    private let readOnly = Atomic<Bool>(false)
    private let connectionsMax: Int
    private let unauthenticatedMax: Int

    init(connections: Int, unauthenticated: Int) {
        connectionsMax = connections
        unauthenticatedMax = unauthenticated
    }

    /// Counts a newcomer in. If a limit is reached it is not counted, and the limit is returned in words.
    func enter() -> String? {
        guard open.add(1, ordering: .relaxed).newValue <= connectionsMax else {
            open.subtract(1, ordering: .relaxed)
            return "\(connectionsMax) connections are open, the limit (max-connections)"
        }
        guard strangers.add(1, ordering: .relaxed).newValue <= strangersMax else {
            strangers.subtract(1, ordering: .relaxed)
            open.subtract(1, ordering: .relaxed)
            return "\(strangersMax) connections have not proven who they are, the limit (max-unauthenticated)"
        }
        return nil
    }

    /// Nodes that are known and not connected: each may knock at any moment, and nobody sees from outside that it is no
    /// stranger.
    var awaited: Int {
        get { outside.load(ordering: .relaxed) }
        set { outside.store(newValue, ordering: .relaxed) }
    }

    /// As many strangers as were allowed, and room for every node that is awaited.
    private var strangersMax: Int { unauthenticatedMax + awaited }

    /// A stranger has proven who it is.
    func proved() { strangers.subtract(1, ordering: .relaxed) }

    func leave(_ count: Count) {
        switch count {
        case .uncounted: return
        case .unproven:
            strangers.subtract(1, ordering: .relaxed)
            open.subtract(1, ordering: .relaxed)
        case .proven: open.subtract(1, ordering: .relaxed)
        }
    }

    var count: Int { open.load(ordering: .relaxed) }

    /// Whether the registry cannot be written now: what a ping tells.
    var isReadOnly: Bool {
        get { readOnly.load(ordering: .relaxed) }
        set { readOnly.store(newValue, ordering: .relaxed) }
    }
}
