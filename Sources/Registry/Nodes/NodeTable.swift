/// Every node, densely: a node is named by its index inside the core, so that events neither copy nor hash it twice.
/// Indexes of removed nodes are used again. Nothing in here ever moves a million of anything at once.
struct NodeTable: Sendable {
    private var nodes = ChunkedArray<Node>()
    /// What questions ask for, a column each, so that a look at a million nodes reads five megabytes and not 150.
    private var kinds = ContiguousArray<NodeKind>()
    private var sites = ContiguousArray<Int32>()
    /// How their ids begin, so that the beginning of one is looked for in four megabytes.
    private var idHeads = ContiguousArray<UInt32>()
    private var ids = ChainedIndex()
    /// Those whose hardware has a name, by it.
    private var hardware = ChainedIndex()
    private(set) var names = NameOrder()
    private var free: [Int32] = []
    /// Counts by kind, kept with the columns.
    private(set) var counts = KindCounts()
    private var texts = SharedTexts()

    /// How many there are.
    var count: Int { ids.count }

    /// Indexes are below this; some may be free.
    var indexesEnd: Int32 { Int32(nodes.count) }

    func index(of id: NodeID) -> Int32? { ids.first(id.hash) { nodes[Int($0)].id == id } }

    /// Those whose hardware has this name; none if more than `limit` have it, for then it is no name.
    func indexes(ofHardware id: String, limit: Int) -> [Int32] {
        guard !id.isEmpty else { return [] }
        var found: [Int32] = []
        _ = hardware.first(Self.hash(id)) { index in
            if nodes[Int(index)].hardwareID == id { found.append(index) }
            return found.count > limit
        }
        return found.count > limit ? [] : found
    }

    private mutating func indexHardware(of index: Int32) {
        let id = nodes[Int(index)].hardwareID
        if !id.isEmpty { hardware.insert(index, hash: Self.hash(id)) }
    }

    /// FNV-1a (Fowler, Noll, Vo). Who chooses names to collide makes only the look-ups of their own kind slow.
    private static func hash(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    /// Some of what was found, and how many there are in all.
    struct Matches {
        var first: [Int32] = []
        var count = 0
    }

    /// Those with this host name, without regard to ASCII case, in the order of their ids; the first so many.
    func indexes(named hostname: String, limit: Int = .max) -> Matches {
        let name = PackedName(hostname)
        return matches(
            from: NameOrder.Key(name: name, id: NodeID(high: 0, low: 0)),
            to: NameOrder.Key(name: name, id: NodeID(high: .max, low: .max)), limit)
    }

    /// Those whose host name or id begins so; the first so many.
    func indexes(withPrefix prefix: String, limit: Int) -> Matches {
        let name = PackedName(prefix)
        var found = matches(
            from: NameOrder.Key(name: name, id: NodeID(high: 0, low: 0)),
            to: NameOrder.Key(name: name.last, id: NodeID(high: 0, low: 0)), limit)
        guard let ids = NodeID.range(ofPrefix: prefix) else { return found }
        let heads = ids.lowerBound.head...ids.upperBound.head
        // Of a short one, its head tells all; and no node is found by its name as well where none was.
        let isTold = prefix.utf8.count <= 8 && found.count == 0
        for place in idHeads.indices where heads.contains(idHeads[place]) && kinds[place] != .none {
            let node = Int32(place)
            guard isTold || ids.contains(self[node].id) && !self[node].packed.name.hasPrefix(name) else { continue }
            found.count += 1
            if found.first.count < limit { found.first.append(node) }
        }
        return found
    }

    private func matches(from start: NameOrder.Key, to end: NameOrder.Key, _ limit: Int) -> Matches {
        var place = firstPlace(from: start)
        let last = firstPlace(from: end)
        var found = Matches(count: names.count(from: place, to: last))
        while found.first.count < limit, place != last, let index = names.node(at: place) {
            found.first.append(index)
            place = names.place(after: place)
        }
        return found
    }

    /// The first place in the order of names that does not come before the key.
    func firstPlace(from key: NameOrder.Key) -> NameOrder.Place { names.place(of: key, nodes) }

    /// Whether a node lives at this index.
    func contains(_ index: Int32) -> Bool { kinds.indices.contains(Int(index)) && kinds[Int(index)] != .none }

    /// Its kind and its site's row when it was last counted; no kind: free.
    func column(_ index: Int32) -> (kind: NodeKind, site: Int32) { (kinds[Int(index)], sites[Int(index)]) }

    subscript(index: Int32) -> Node {
        _read { yield nodes[Int(index)] }
        _modify { yield &nodes[Int(index)] }
    }

    /// Takes a node in. It is not found by name, id or hardware before `indexAll` if that is put off: for a start.
    mutating func insert(_ node: consuming Node, indexingLater: Bool = false) -> Int32 {
        let index: Int32
        let kind = NodeKind(node.role, node.reachability, node.health)
        let (id, site) = (node.id, node.site)
        if let reused = free.popLast() {
            index = reused
            nodes[Int(index)] = node
            kinds[Int(index)] = kind
            sites[Int(index)] = site
            idHeads[Int(index)] = id.head
        } else {
            index = Int32(nodes.count)
            nodes.append(node)
            kinds.append(kind)
            sites.append(site)
            idHeads.append(id.head)
        }
        settle(index)
        counts.add(kind, +1)
        if !indexingLater {
            ids.insert(index, hash: id.hash)
            names.insert(index, nodes)
            indexHardware(of: index)
        }
        return index
    }

    /// Makes the node small again after an event about it.
    mutating func settle(_ index: Int32) { nodes[Int(index)].settle(&texts) }

    /// Has all nodes found by name, id and hardware.
    mutating func indexAll() {
        ids = ChainedIndex()
        hardware = ChainedIndex()
        ids.expect(nodes.count)
        for index in allIndexes {
            ids.insert(index, hash: nodes[Int(index)].id.hash)
            indexHardware(of: index)
        }
        names = NameOrder(nodes, allIndexes)
    }

    mutating func remove(_ index: Int32) {
        guard contains(index) else { return }
        names.remove(index, nodes)
        ids.remove(index)
        hardware.remove(index)
        counts.add(kinds[Int(index)], -1)
        kinds[Int(index)] = .none
        free.append(index)
    }

    /// Brings the columns up to date with the node.
    mutating func recount(_ index: Int32) {
        let node = (role: nodes[Int(index)].role, nodes[Int(index)].reachability, nodes[Int(index)].health)
        let kind = NodeKind(node.role, node.1, node.2)
        counts.add(kinds[Int(index)], -1)
        counts.add(kind, +1)
        kinds[Int(index)] = kind
        sites[Int(index)] = nodes[Int(index)].site
    }

    /// Replaces a node's facts, and finds it under its new name and hardware.
    mutating func setFacts(_ facts: NodeFacts, of index: Int32) {
        let isRenamed = nodes[Int(index)].hostname != facts.hostname
        if isRenamed { names.remove(index, nodes) }
        let hasNewHardware = nodes[Int(index)].hardwareID != facts.hardware.id
        if hasNewHardware { hardware.remove(index) }
        nodes[Int(index)].facts = facts
        if hasNewHardware { indexHardware(of: index) }
        if isRenamed { names.insert(index, nodes) }
    }

    /// All indexes are below.
    var endIndex: Int32 { Int32(kinds.count) }

    /// Indexes in use, ascending.
    var allIndexes: some Sequence<Int32> { indexes { $0 != .none } }

    /// Indexes of nodes of these kinds, ascending.
    func indexes(of kinds: NodeKinds) -> some Sequence<Int32> { indexes { kinds.contains($0) } }

    private func indexes(where isMeant: @escaping (NodeKind) -> Bool) -> some Sequence<Int32> {
        // Not the table itself: a node that is changed meanwhile would have its part of it copied.
        let kinds = kinds
        return kinds.indices.lazy.filter { isMeant(kinds[$0]) }.map { Int32($0) }
    }
}

extension NodeID {
    /// Its first eight digits.
    fileprivate var head: UInt32 { UInt32(high >> 32) }

    /// For `ChainedIndex`. Identities are given out by the fleet's authority, nobody chooses them to collide.
    fileprivate var hash: UInt32 {
        var bits = high ^ low &* 0x9E37_79B9_7F4A_7C15
        bits ^= bits >> 32
        bits = bits &* 0xD6E8_FEB8_6659_FD93
        return UInt32(truncatingIfNeeded: bits ^ bits >> 32)
    }
}
