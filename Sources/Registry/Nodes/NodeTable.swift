/// Every node, densely: a node is named by its index inside the core, so that events neither copy nor hash it twice.
/// Indexes of removed nodes are used again.
struct NodeTable: Sendable {
    private var nodes = ContiguousArray<Node>()
    private var isOccupied = ContiguousArray<Bool>()
    private var indexes: [NodeID: Int32] = [:]
    private var hostnames: [String: Bucket] = [:]
    private var free: [Int32] = []

    /// Nodes of one host name (in lower case). Two machines of one name are rare, so one costs no array.
    private enum Bucket: Equatable {
        case one(Int32)
        case several([Int32])
    }

    /// How many there are.
    var count: Int { indexes.count }

    func index(of id: NodeID) -> Int32? { indexes[id] }

    /// Those with this host name, without regard to ASCII case.
    func indexes(named hostname: String) -> [Int32] {
        switch hostnames[hostname.lowercased()] {
        case nil: []
        case .one(let index): [index]
        case .several(let all): all
        }
    }

    /// Whether a node lives at this index.
    func contains(_ index: Int32) -> Bool { isOccupied.indices.contains(Int(index)) && isOccupied[Int(index)] }

    subscript(index: Int32) -> Node {
        _read { yield nodes[Int(index)] }
        _modify { yield &nodes[Int(index)] }
    }

    mutating func insert(_ node: Node) -> Int32 {
        let index: Int32
        if let reused = free.popLast() {
            index = reused
            nodes[Int(index)] = node
            isOccupied[Int(index)] = true
        } else {
            index = Int32(nodes.count)
            nodes.append(node)
            isOccupied.append(true)
        }
        indexes[node.id] = index
        addName(node.facts.hostname, index)
        return index
    }

    mutating func remove(_ index: Int32) {
        guard contains(index) else { return }
        indexes[self[index].id] = nil
        removeName(self[index].facts.hostname, index)
        isOccupied[Int(index)] = false
        free.append(index)
    }

    /// Replaces a node's facts, and finds it under its new name.
    mutating func setFacts(_ facts: NodeFacts, of index: Int32) {
        let old = self[index].facts.hostname
        self[index].facts = facts
        guard old != facts.hostname else { return }
        removeName(old, index)
        addName(facts.hostname, index)
    }

    /// Indexes in use, ascending.
    var allIndexes: some Sequence<Int32> {
        isOccupied.indices.lazy.filter { isOccupied[$0] }.map { Int32($0) }
    }

    private mutating func addName(_ hostname: String, _ index: Int32) {
        let name = hostname.lowercased()
        switch hostnames[name] {
        case nil: hostnames[name] = .one(index)
        case .one(let other): hostnames[name] = .several([other, index])
        case .several(let others): hostnames[name] = .several(others + [index])
        }
    }

    private mutating func removeName(_ hostname: String, _ index: Int32) {
        let name = hostname.lowercased()
        guard case .several(let all) = hostnames[name] else {
            hostnames[name] = nil
            return
        }
        let rest = all.filter { $0 != index }
        hostnames[name] = rest.count == 1 ? .one(rest[0]) : .several(rest)
    }
}
