import ErrorCatalogue

// Which common factor explains a silence best. The counts are kept here and nowhere else.
extension Registry {
    /// Width of a bucket of time: a third of the time after which a node is called lost.
    private var bucketWidth: Int64 { max(Duration.milliseconds(10), settings.unreachableAfter / 3).inNanoseconds }

    private func bucket(of instant: Instant) -> Int32 { Int32(truncatingIfNeeded: instant.nanoseconds / bucketWidth) }

    /// The node's facts or connection changed: it has other things in common with others.
    mutating func refactor(_ index: Int32, _ facts: NodeFacts, _ connection: ConnectionFacts) {
        var factors = NodeFactors()
        factors.site = self.factors.row(.site, facts.site)
        let gateway = facts.role == .processServer ? facts.hostname : facts.processServer
        if !gateway.isEmpty { factors.processServer = self.factors.row(.processServer, gateway.lowercased()) }
        if !facts.agentVersion.isEmpty {
            factors.agentVersion = self.factors.row(.agentVersion, facts.agentVersion)
        }
        if !connection.issuer.isEmpty {
            factors.certificateIssuer = self.factors.row(.certificateIssuer, connection.issuer)
        }
        let local = Attempt.host(of: connection.localAddress)
        if !local.isEmpty { factors.serverAddress = self.factors.row(.serverAddress, local) }
        let peer = Attempt.host(of: connection.peerAddress)
        if !peer.isEmpty, !facts.addresses.isEmpty, !facts.addresses.contains(peer) {
            factors.natAddress = self.factors.row(.natAddress, peer)
        }
        guard !factors.hasSameRows(as: table[index].factors) else { return }
        factors.forEach { self.factors.hold($0) }
        dropFactors(of: index)
        table[index].factors = factors
        countFactors(of: index)
    }

    /// Counts the node where it belongs, by its state.
    mutating func countFactors(of index: Int32) {
        let state = table[index].reachability
        let isDue = state == .reachable || state == .suspect || state == .unreachable
        let isLost = state == .suspect || state == .unreachable
        let old = table[index].factors
        var own = old
        if own.isDue != isDue {
            own.isDue = isDue
            own.forEach { factors.addDue($0, isDue ? 1 : -1) }
        }
        if isLost, own.bucket == nil {
            let bucket = bucket(of: table[index].lastSeen)
            let isEnded = table[index].loss.map { $0.how == .reset || $0.how == .closedWithoutGoodbye } ?? false
            own.bucket = bucket
            own.isEnded = isEnded
            own.forEach { factors.lose($0, bucket, isEnded: isEnded) }
        } else if !isLost, let bucket = own.bucket {
            own.bucket = nil
            own.forEach { factors.find($0, bucket, isEnded: own.isEnded) }
        }
        let isAnswering = isLost && table[index].probeAnswer == .yes
        if own.isAnswering != isAnswering {
            own.isAnswering = isAnswering
            own.forEach { factors[$0].answering += isAnswering ? 1 : -1 }
        }
        if own != old { table[index].factors = own }
    }

    /// The clock was set: what fell silent together still did.
    mutating func moveFactors(by step: Duration) {
        let buckets = Int32(truncatingIfNeeded: Int64((Double(step.inNanoseconds) / Double(bucketWidth)).rounded()))
        for index in table.allIndexes {
            if let bucket = table[index].factors.bucket { table[index].factors.bucket = bucket &+ buckets }
        }
        factors.move(by: step, buckets: buckets)
    }

    /// Takes the node out of all counts of factors: it has nothing in common with others any more.
    mutating func dropFactors(of index: Int32) {
        let own = table[index].factors
        if own.isAnswering { own.forEach { factors[$0].answering -= 1 } }
        if let bucket = own.bucket { own.forEach { factors.find($0, bucket, isEnded: own.isEnded) } }
        if own.isDue { own.forEach { factors.addDue($0, -1) } }
        own.forEach { factors.letGo($0) }
        table[index].factors = NodeFactors()
    }

    /// The factor that explains best why the node is silent; nil if it is silent alone.
    func commonCause(of index: Int32) -> Int32? {
        guard let bucket = table[index].factors.bucket else { return nil }
        // Its machine answers: the path is up, and nothing on it is the cause; its agent may be.
        let isAnswering = table[index].probeAnswer == .yes
        var best: Int32?
        var explained = 0
        var size = Int.max
        table[index].factors.forEach { row in
            guard !isAnswering || factors[row].key.kind == .agentVersion, explains(row, bucket) else { return }
            // Its own machine ended the connection, and others of the row answer: it went for a reason of its own.
            if table[index].factors.isEnded, factors[row].together(bucket) < factors[row].dueBefore(bucket) { return }
            if factors[row].key.kind == .processServer, table[index].role == .processServer { return }
            let together = factors[row].together(bucket)
            let due = factors[row].dueBefore(bucket)
            if together > explained || (together == explained && due < size) {
                (best, explained, size) = (row, together, due)
            }
        }
        return best
    }

    /// Whether those of this row fell silent together about then, and others did not.
    func explains(_ row: Int32, _ bucket: Int32) -> Bool {
        let kind = factors[row].key.kind
        let together = factors[row].together(bucket)
        let due = factors[row].dueBefore(bucket)
        guard together >= 2, kind == .agentVersion || factors[row].answering * 4 <= together else { return false }
        let silent = factors[row].silentTogether(bucket)
        let isMost =
            (silent >= FactorTable.togetherMin && silent * 4 >= due * 3)
            || (together >= FactorTable.togetherMin && together == due)
        switch kind {
        case .site: return isMost || together == due
        case .fleet: return factors.sitesDue >= 2 && together >= 4 && together * 10 >= due * 9
        case .processServer, .serverAddress, .natAddress, .agentVersion, .certificateIssuer:
            guard isMost else { return false }
            // The contrast: of those who do not share it, no more than a quarter fell silent. Sites that are lost as a
            // whole say nothing for or against it.
            var others = factors[FactorTable.fleet].dueBefore(bucket) - due
            var silentOthers = factors[FactorTable.fleet].together(bucket) - together
            for site in factors.lostSites where abs(factors[site].bucket - bucket) <= FactorTable.reach {
                others -= factors[site].dueBefore(bucket)
                silentOthers -= factors[site].together(bucket)
            }
            return others > 0 && silentOthers * 4 <= others
        }
    }

    /// Machines that send through this process server, and how many of them answer.
    func dependants(of index: Int32) -> (count: Int, answering: Int) {
        guard let row = factors.index(.processServer, table[index].hostname.lowercased()) else { return (0, 0) }
        let isSelfDue = table[index].factors.isDue ? 1 : 0
        let isSelfLost = table[index].factors.bucket == nil ? 0 : 1
        let count = max(0, factors[row].due - isSelfDue)
        return (count, max(0, count - (factors[row].lost - isSelfLost)))
    }
}

extension NodeFactors {
    func hasSameRows(as other: NodeFactors) -> Bool {
        site == other.site && processServer == other.processServer && serverAddress == other.serverAddress
            && natAddress == other.natAddress && agentVersion == other.agentVersion
            && certificateIssuer == other.certificateIssuer
    }
}
