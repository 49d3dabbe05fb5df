import HeapModule

// A page of nodes, from a million as from ten. Three ways lead to it:
//
// * Sorted by name, role, health or site, and many match: a walk through the order of names, until the page is full.
// * Few match: a sweep over the columns, one byte a node, and a sort of those.
// * Part of a name or an address is asked for, or the order is by last-seen time: a sweep that looks at every node.
extension Registry {
    /// A page of nodes, at once. A loop asks `beginPage` and `advance` instead.
    /// - Throws: if the page token is none, or of another order.
    public func nodes(_ query: NodeQuery) throws(InvalidPageToken) -> NodePage {
        var scan = try beginPage(query)
        while true { if let page = advance(&scan, looks: .max) { return page } }
    }

    /// Begins to answer a question for a page of nodes.
    /// - Throws: if the page token is none, or of another order.
    public func beginPage(_ query: NodeQuery) throws(InvalidPageToken) -> NodePageScan {
        let list = query.order.rawValue << 1 | (query.descending ? 1 : 0)
        let after = query.pageToken.isEmpty ? nil : try NodePageScan.Row(query, list)
        let kinds = NodeKinds(role: query.role, reachability: query.reachability, health: query.health)
        let counts = query.site.map { site in sites.index(of: site).map { sites[$0].counts } ?? KindCounts() }
        let mustSweep = !query.text.isEmpty || query.order == .lastSeen
        return NodePageScan(
            query: query, size: Self.pageSize(query.pageSize, limit: RegistryLimits.nodesPerPageMax), list: list,
            text: query.text.utf8.map(\.folded), kinds: kinds, after: after,
            total: mustSweep ? 0 : (counts ?? table.counts).count(of: kinds), countsTotal: mustSweep)
    }

    /// Goes on with a page for at most so many looks at nodes, and so many places of columns.
    /// - Returns: the page; nil if it is not ready yet.
    public func advance(_ scan: inout NodePageScan, looks: Int = RegistryLimits.looksPerSliceMax) -> NodePage? {
        var left = looks
        while left > 0 {
            switch scan.stage {
            case .choosing:
                if scan.missing > 0, let group = nextGroup(&scan) {
                    let isMany = group.count.map { $0 > RegistryLimits.sweptMatchesMax } ?? false
                    scan.stage =
                        isMany
                        ? .walking(group, after: firstKey(in: group, scan))
                        : .sweeping(group, from: 0, best: Heap())
                } else {
                    scan.stage = .done
                }
            case .walking(let group, let after): walk(&scan, group, after: after, &left)
            case .sweeping(let group, let from, var best):
                scan.stage = .done  // Gives its heap up, so that it is not copied.
                sweep(&scan, group, from: from, &best, &left)
            case .done: return page(scan)
            }
        }
        return nil
    }

    private func page(_ scan: NodePageScan) -> NodePage {
        let rows = scan.rows.prefix(scan.size)
        let next = scan.rows.count > scan.size ? rows.last?.token(scan.list).text ?? "" : ""
        // One that is gone since it was looked at is not shown.
        let nodes = rows.filter { table.contains($0.index) && table[$0.index].id == $0.key.id }
        return NodePage(nodes: nodes.map { view($0.index) }, nextPageToken: next, total: scan.total)
    }

    // MARK: which nodes come next

    /// The next nodes in the order, those before the token left out where they are a group of their own.
    private func nextGroup(_ scan: inout NodePageScan) -> NodePageScan.Group? {
        let query = scan.query
        var group: NodePageScan.Group?
        switch scan.countsTotal ? .hostname : query.order {
        case .hostname, .lastSeen:
            guard scan.lastGroup == nil else { break }
            group = restricted(scan.kinds, scan)
            if scan.countsTotal { group?.count = nil }
        case .role:
            group = nextGroup(Role.allCases.map { (Int64($0.rawValue), NodeKinds(role: $0)) }, scan)
        case .health:
            let healths = Health.allCases.map { (-$0.badness, NodeKinds(health: $0)) }
            group = nextGroup(healths.sorted { $0.0 < $1.0 }, scan)
        case .site: group = nextSites(scan)
        }
        if let group { scan.lastGroup = (group.number, group.site) }
        return group
    }

    private func nextGroup(_ all: [(number: Int64, kinds: NodeKinds)], _ scan: NodePageScan) -> NodePageScan.Group? {
        for (number, kinds) in scan.query.descending ? all.reversed() : all {
            if let last = scan.lastGroup, !isBefore(last.number, number, scan) { continue }
            if let after = scan.after, isBefore(number, after.number, scan) { continue }
            var group = restricted(scan.kinds.intersection(kinds), scan)
            group.number = number
            if group.count != 0 { return group }
        }
        return nil
    }

    private func isBefore<Value: Comparable>(_ left: Value, _ right: Value, _ scan: NodePageScan) -> Bool {
        scan.query.descending ? left > right : left < right
    }

    /// Nodes of these kinds, and of the site that is asked for.
    private func restricted(_ kinds: NodeKinds, _ scan: NodePageScan) -> NodePageScan.Group {
        guard let site = scan.query.site else {
            return NodePageScan.Group(kinds: kinds, count: table.counts.count(of: kinds))
        }
        var mask = [Bool](repeating: false, count: sites.rows.count)
        guard let row = sites.index(of: site) else { return NodePageScan.Group(kinds: kinds, sites: mask, count: 0) }
        mask[Int(row)] = true
        return NodePageScan.Group(kinds: kinds, sites: mask, count: sites[row].counts.count(of: kinds))
    }

    /// As many sites as fill the page, in the order of their names; a large one by itself.
    private func nextSites(_ scan: NodePageScan) -> NodePageScan.Group? {
        var group = NodePageScan.Group(
            kinds: scan.kinds, sites: [Bool](repeating: false, count: sites.rows.count), count: 0)
        var count = 0
        for row in sites.inOrder(from: scan.lastGroup?.site ?? scan.after?.site, descending: scan.query.descending) {
            let name = sites[row].name
            if let last = scan.lastGroup, !isBefore(last.site, name, scan) { continue }
            if let wanted = scan.query.site, wanted != name { continue }
            let matches = sites[row].counts.count(of: scan.kinds)
            if count > 0, matches > RegistryLimits.sweptMatchesMax { break }
            group.sites?[Int(row)] = true
            group.site = name
            count += matches
            // Those of the token's own site may all stand before it.
            if count >= scan.missing, name != scan.after?.site { break }
            if matches > RegistryLimits.sweptMatchesMax { break }
        }
        group.count = count
        return count > 0 ? group : nil
    }

    // MARK: looking at them

    /// Where a walk begins: behind the token, if that stands in this group.
    private func firstKey(in group: NodePageScan.Group, _ scan: NodePageScan) -> NameOrder.Key? {
        guard let after = scan.after, after.number == group.number, after.site == group.site else { return nil }
        return after.key
    }

    private func walk(
        _ scan: inout NodePageScan, _ group: NodePageScan.Group, after key: NameOrder.Key?, _ left: inout Int
    ) {
        let isDescending = scan.query.descending
        var place: NameOrder.Place?
        if let key {
            place = table.firstPlace(from: key)
            if isDescending {
                place = place.flatMap(table.names.place(before:))
            } else if let same = place, let index = table.names.node(at: same), table[index].nameKey == key {
                place = table.names.place(after: same)
            }
        } else {
            place = isDescending ? table.names.place(before: table.names.end) : table.names.start
        }
        var last = key
        while left > 0, scan.missing > 0 {
            guard let here = place, let index = table.names.node(at: here) else {
                scan.stage = .choosing
                return
            }
            left -= 1
            scan.placesRead += 1
            if group.contains(table.column(index)) {
                let row = row(of: index, group.number, group.site, &scan)
                scan.rows.append(row)
            }
            if left == 0 || scan.missing == 0 { last = table[index].nameKey }
            place = isDescending ? table.names.place(before: here) : table.names.place(after: here)
        }
        scan.stage = scan.missing > 0 ? .walking(group, after: last) : .choosing
    }

    private func sweep(
        _ scan: inout NodePageScan, _ group: NodePageScan.Group, from start: Int32,
        _ best: inout Heap<NodePageScan.Row>,
        _ left: inout Int
    ) {
        let end = Int32(min(Int(start) + left, Int(table.indexesEnd)))
        left -= Int(end - start)
        scan.placesRead += Int(end - start)
        var worst = best.count == scan.missing ? best.max : nil
        for index in start..<end where group.contains(table.column(index)) {
            guard scan.text.isEmpty || hasText(index, &scan) else { continue }
            if scan.countsTotal { scan.total += 1 }
            let number = number(of: index, scan.query.order)
            // Most of those that do not come in are told by a look at their number or their name.
            if let worst, isBefore(worst.number, number, scan) { continue }
            if let worst, worst.number == number, scan.query.order != .site,
                isBefore(worst.key, table[index].nameKey, scan)
            {
                continue
            }
            let site = scan.query.order == .site ? sites[table[index].site].name : ""
            let row = row(of: index, number, site, &scan)
            if let after = scan.after, !(after < row) { continue }
            if worst == nil { best.insert(row) } else if let last = worst, row < last { best.replaceMax(with: row) }
            if best.count == scan.missing { worst = best.max }
        }
        guard end == table.indexesEnd else {
            scan.stage = .sweeping(group, from: end, best: best)
            return
        }
        while let row = best.popMin() { scan.rows.append(row) }
        scan.stage = .choosing
    }

    private func row(
        of index: Int32, _ number: Int64, _ site: String, _ scan: inout NodePageScan
    ) -> NodePageScan.Row {
        scan.nodesLookedAt += 1
        return NodePageScan.Row(
            number: number, site: site, key: table[index].nameKey, index: index, isDescending: scan.query.descending)
    }

    private func hasText(_ index: Int32, _ scan: inout NodePageScan) -> Bool {
        scan.nodesLookedAt += 1
        return table[index].packed.name.contains(scan.text) || table[index].packed.hasAddress(with: scan.text)
    }

    private func number(of index: Int32, _ order: NodeOrder) -> Int64 {
        switch order {
        case .hostname, .site: 0
        case .health: -table[index].health.badness
        case .lastSeen: table[index].lastSeen.nanoseconds
        case .role: Int64(table[index].role.rawValue)
        }
    }
}

extension Health {
    /// Larger is worse; unknown is worse than healthy.
    fileprivate var badness: Int64 {
        switch self {
        case .healthy: 0
        case .unknown: 1
        case .warning: 2
        case .critical: 3
        }
    }
}
