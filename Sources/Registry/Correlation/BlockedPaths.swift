/// Machines that report no way to their process server, by the name under which they know it.
struct BlockedPaths: Sendable {
    /// A machine's report.
    struct Report: Sendable {
        var id: NodeID
        var path: Registry.DataPath
    }

    /// A process server that some do not reach.
    struct Gateway: Sendable {
        /// By index of the node.
        var members: [Int32: Report] = [:]
        /// The error that tells all of them as one: about its data port, or about its own silence. Nil: each by itself.
        var toldUnder: UInt64?
        /// When to look at them next.
        var reviewAt: Instant?
    }

    /// So many reports about one process server that is heard itself are told as one.
    static let togetherMin = FactorTable.togetherMin
    /// Names in a sentence.
    static let namesMax = 10

    private(set) var gateways: [String: Gateway] = [:]
    private var gatewayOf: [Int32: String] = [:]

    /// When somebody is next to be looked at. O(process servers that are not reached).
    var nextReview: Instant? { gateways.values.compactMap(\.reviewAt).min() }

    var isEmpty: Bool { gateways.isEmpty }

    /// Whether the node's report is told with those of others.
    func isToldWithOthers(_ index: Int32) -> Bool {
        gatewayOf[index].flatMap { gateways[$0]?.toldUnder } != nil
    }

    subscript(name: String) -> Gateway? {
        get { gateways[name] }
        set { gateways[name] = newValue }
    }

    /// Takes a report in, to be looked at no later than then.
    mutating func note(_ report: Report, of index: Int32, reviewAt due: Instant) {
        let name = report.path.processServer.lowercased()
        if gatewayOf[index] != name { remove(index, reviewAt: due) }
        gatewayOf[index] = name
        gateways[name, default: Gateway()].members[index] = report
        review(name, at: due)
    }

    /// The node reaches it, or is not asked any more.
    mutating func remove(_ index: Int32, reviewAt due: Instant) {
        guard let name = gatewayOf.removeValue(forKey: index) else { return }
        gateways[name]?.members[index] = nil
        review(name, at: due)
    }

    /// Has one of them looked at, no later than then.
    mutating func review(_ name: String, at due: Instant) {
        guard let known = gateways[name]?.reviewAt, known <= due else {
            gateways[name]?.reviewAt = due
            return
        }
    }

    /// Has all of them looked at: a process server has come, or gone.
    mutating func reviewAll(at due: Instant) {
        for name in gateways.keys { review(name, at: due) }
    }
}
