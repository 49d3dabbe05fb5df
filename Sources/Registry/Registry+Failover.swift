import ErrorCatalogue

/// What came of declaring failover for a node.
public enum FailoverReply: Equatable, Sendable {
    /// It is expected to register by then.
    case expected(until: Instant)
    /// It answers still; if it goes silent before then, it is expected instead of lost.
    case stillAnswers(until: Instant)
    /// The registry cannot be written now, and a declaration must be durable.
    case notWritable(reason: String)
}

/// A node that was failed over and has not registered since.
public struct FailoverView: Equatable, Sendable {
    /// Who.
    public var id: NodeID
    /// Its host name.
    public var hostname: String
    /// When failover was declared.
    public var declaredAt: Instant
    /// When it should have registered.
    public var until: Instant
    /// Whether that is an error by now.
    public var isOverdue: Bool
}

extension Registry {
    /// An operator failed a node over: it may take a while to register from the cloud, and its silence means nothing
    /// until then.
    public mutating func declareFailover(_ id: NodeID, at now: Instant) -> Outcome<FailoverReply>? {
        guard let index = table.index(of: id) else { return nil }
        if let failure = store.failure { return Outcome(.notWritable(reason: failure.reason)) }
        var draft = Draft()
        draft.isRowChanged = true
        table[index].failoverDeclaredAt = now
        let until = now + settings.failoverGrace
        note(
            index, "failover declared", "may take until \(until.clockTime) to register again", at: now, into: &draft)
        deadlines.hang(index, noLaterThan: until)
        guard table[index].reachability != .reachable else {
            return Outcome(.stillAnswers(until: until), finish(draft, about: index))
        }
        clearFindings(of: index, topic: .failover, .clearedCancelled, at: now, into: &draft)
        _ = becomeExpected(index, at: now, into: &draft)
        return Outcome(.expected(until: until), finish(draft, about: index))
    }

    /// It was not failed over after all. Nil for a node that is not known, or was not.
    public mutating func cancelFailover(_ id: NodeID, at now: Instant) -> Effects? {
        guard let index = table.index(of: id), table[index].failoverDeclaredAt != nil else { return nil }
        var draft = Draft()
        draft.isRowChanged = true
        table[index].failoverDeclaredAt = nil
        clearFindings(of: index, topic: .failover, .clearedCancelled, at: now, into: &draft)
        note(index, "failover cancelled", "failover was cancelled", at: now, into: &draft)
        if table[index].reachability == .expected {
            setReachability(.unreachable, of: index, at: now)
            judgeAbsence(of: index, at: now, into: &draft)
        }
        return finish(draft, about: index)
    }

    /// Who is waited for, those waited for longest first.
    public func failovers() -> [FailoverView] {
        table.allIndexes.compactMap { index in
            guard let declared = table[index].failoverDeclaredAt else { return nil }
            let node = table[index]
            return FailoverView(
                id: node.id, hostname: node.hostname, declaredAt: declared,
                until: declared + settings.failoverGrace,
                isOverdue: journal.finding(about: .node(node.id), topic: .failover) != nil)
        }.sorted { ($0.declaredAt, $0.hostname) < ($1.declaredAt, $1.hostname) }
    }

    /// Silent and failed over: expected, not lost. False if that time is over.
    mutating func becomeExpected(_ index: Int32, at now: Instant, into draft: inout Draft) -> Bool {
        guard let declared = table[index].failoverDeclaredAt, now < declared + settings.failoverGrace else {
            return false
        }
        if table[index].isAwaited {
            table[index].isAwaited = false
            homecoming?.returned += 1
        }
        setReachability(.expected, of: index, at: now)
        unfold(index, at: now, into: &draft)
        clearFindings(
            of: index, topic: .reachability, .failoverDeclared,
            ["at": .time(declared), "until": .time(declared + settings.failoverGrace)], at: now, into: &draft)
        draft.isRowChanged = true
        deadlines.hang(index, noLaterThan: declared + settings.failoverGrace)
        return true
    }

    /// The time is over, and it has not registered.
    mutating func judgeFailover(of index: Int32, at now: Instant, into draft: inout Draft) {
        guard let declared = table[index].failoverDeclaredAt else { return }
        let until = declared + settings.failoverGrace
        guard now >= until else { return deadlines.hang(index, noLaterThan: until) }
        let subject = Subject.node(table[index].id)
        guard journal.finding(about: subject, topic: .failover) == nil,
            let row = DecisionTable.row(for: Circumstances(topic: .failover))
        else { return }
        var words = words(for: table[index], at: now)
        words["declared"] = .time(declared)
        let fact = Evidence(
            at: now, source: "operator", .failoverDeclared, ["at": .time(declared), "until": .time(until)])
        raise(row, about: subject, of: index, words, [fact], hasUnit: false, at: now, into: &draft)
    }
}
