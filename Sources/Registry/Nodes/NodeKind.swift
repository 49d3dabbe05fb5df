/// Role, reachability and health of a node in one byte: what most questions about a fleet ask for. Zero stands for no
/// node.
struct NodeKind: Hashable, BitwiseCopyable, Sendable {
    static let none = NodeKind(rawValue: 0)
    let rawValue: UInt8

    private init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ role: Role, _ reachability: Reachability, _ health: Health) {
        rawValue = role.rawValue << 5 | reachability.rawValue << 2 | health.rawValue
    }

    var isUnreachable: Bool { rawValue >> 2 & 7 == Reachability.unreachable.rawValue }
}

/// Some of all kinds.
struct NodeKinds: Sendable {
    private var isIn = [Bool](repeating: false, count: 128)

    /// Those that a question asks for; what it leaves open holds always.
    init(role: Role? = nil, reachability: Reachability? = nil, health: Health? = nil) {
        for one in Role.allCases where role ?? one == one {
            for other in Reachability.allCases where reachability ?? other == other {
                for third in Health.allCases where health ?? third == third {
                    isIn[Int(NodeKind(one, other, third).rawValue)] = true
                }
            }
        }
    }

    func contains(_ kind: NodeKind) -> Bool { isIn[Int(kind.rawValue)] }

    /// Those in both.
    func intersection(_ other: NodeKinds) -> NodeKinds {
        var both = self
        for kind in isIn.indices { both.isIn[kind] = isIn[kind] && other.isIn[kind] }
        return both
    }

    fileprivate func forEach(_ body: (Int) -> Void) { for kind in isIn.indices where isIn[kind] { body(kind) } }
}

/// How many nodes there are of each kind. A page's total comes from here, not from counting nodes.
struct KindCounts: Equatable, Sendable {
    private var counts = [Int32](repeating: 0, count: 128)

    mutating func add(_ kind: NodeKind, _ amount: Int) { counts[Int(kind.rawValue)] += Int32(amount) }

    func count(of kinds: NodeKinds) -> Int {
        var sum = 0
        kinds.forEach { sum += Int(counts[$0]) }
        return sum
    }
}
