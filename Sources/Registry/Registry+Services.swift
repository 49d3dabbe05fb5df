import ErrorCatalogue

// Programs of a node that answers: what the agent reports of them, and what their own clocks say.
extension Registry {
    /// The name under which the application service is told where no report names it.
    static let scoutName = "InMage Scout Application Service"

    /// Compares what the node's programs do with what was found wrong with them.
    mutating func judgeServices(of index: Int32, at now: Instant, into draft: inout Draft) {
        guard table[index].reachability == .reachable, !table[index].isAwaited else { return }
        let services = table[index].services
        for service in services { judge(service, of: index, at: now, into: &draft) }
        judgeSilentComponents(of: index, at: now, into: &draft)
        let names = Set(services.map(\.record.report.name))
        let isScoutSilent = ownClock(.scoutApplicationService, of: index, at: now) == .stale
        clearFindings(of: index, topic: .service, .clearedNotWatched, at: now, into: &draft) { finding in
            guard case .service(_, let name) = finding.subject else { return false }
            return !names.contains(name) && !(isScoutSilent && name == Self.scoutName)
        }
        refreshHealth(of: index)
    }

    /// What the clock of one of a node's programs says.
    func ownClock(_ kind: ComponentKind, of index: Int32, at now: Instant) -> OwnClock {
        guard let component = table[index].components.first(where: { $0.kind == kind }), component.isExpected else {
            return .none
        }
        if component.isFresh { return .fresh }
        return heardUntil(index, at: now) >= missedAt(component, of: index) ? .stale : .fresh
    }

    /// When a silent program is missed. After a restart it has as long to come back as a node has; and when its machine is
    /// back, the first of its programs is not to be the reason to miss the others.
    private func missedAt(_ component: Component, of index: Int32) -> Instant {
        let heard = max(component.lastHeard ?? table[index].registeredAt, table[index].reachabilitySince)
        return max(heard + settings.unreachableAfter, startedAt + settings.homecomingGrace)
    }

    /// Whether one of its programs would be missed by now, but may have spoken without having been read yet.
    func hasProgramYetToBeHeard(_ index: Int32, at now: Instant) -> Bool {
        let heard = heardUntil(index, at: now)
        return table[index].components.contains { component in
            guard component.isExpected, !component.isFresh else { return false }
            let missed = missedAt(component, of: index)
            return missed <= now && missed > heard
        }
    }

    /// A program of a node that is otherwise heard fell silent: it is judged after the same time as a node would be.
    mutating func awaitSilentComponents(of index: Int32) {
        guard table[index].isFresh else { return }
        for component in table[index].components where component.isExpected && !component.isFresh {
            deadlines.hang(index, noLaterThan: missedAt(component, of: index))
        }
    }

    private mutating func judgeSilentComponents(of index: Int32, at now: Instant, into draft: inout Draft) {
        // A node that speaks through one program has no pair of clocks.
        guard table[index].components.count > 1 else { return }
        for component in table[index].components {
            let clock = ownClock(component.kind, of: index, at: now)
            if component.kind == .scoutApplicationService {
                let isReported = table[index].services.contains { $0.record.report.kind == .scoutApplicationService }
                if !isReported, clock != .none {
                    judgeUnreportedScout(component, clock, of: index, at: now, into: &draft)
                }
                continue
            }
            let subject = Subject.service(table[index].id, name: component.kind.name)
            let known = journal.finding(about: subject, topic: .component)
            if clock != .stale {
                guard let known, component.isFresh || clock == .none else { continue }
                clear(
                    known, .clearedHeardComponent,
                    ["component": component.kind.word, "at": .time(component.lastHeard ?? now)], at: now, into: &draft)
                continue
            }
            guard known == nil, table[index].isFresh,
                let row = DecisionTable.row(for: Circumstances(topic: .component, component: component.kind))
            else { continue }
            var words = words(for: table[index], at: now)
            words["component"] = component.kind.word
            raise(
                row, about: subject, of: index, words, [silence(of: component, in: table[index], at: now)],
                hasUnit: false, at: now, into: &draft)
        }
    }

    private mutating func judgeUnreportedScout(
        _ component: Component, _ clock: OwnClock, of index: Int32, at now: Instant, into draft: inout Draft
    ) {
        let since = component.lastHeard ?? now
        let report = ServiceReport(name: Self.scoutName, state: clock == .stale ? .unknown : .running)
        judge(
            Node.Service(record: ServiceRecord(report: report, reportedAt: since, since: since), carrier: nil),
            of: index, at: now, into: &draft)
    }

    private func silence(of component: Component, in node: Node, at now: Instant) -> Evidence {
        let heard = component.lastHeard ?? node.registeredAt
        return Evidence(
            at: now, source: "heartbeat", .componentSilent,
            [
                "component": component.kind.word, "at": .time(heard), "silence": .duration(now - heard),
                "other_at": .time(node.lastSeen),
            ])
    }

    private mutating func judge(
        _ service: Node.Service, of index: Int32, at now: Instant, into draft: inout Draft
    ) {
        let report = service.record.report
        let subject = Subject.service(table[index].id, name: report.name)
        let known = journal.finding(about: subject, topic: .service)
        let scout = table[index].components.first { $0.kind == .scoutApplicationService }
        let clock =
            report.kind == .scoutApplicationService
            ? ownClock(.scoutApplicationService, of: index, at: now) : OwnClock.none
        // Heard itself just now: it runs, whatever the agent last saw.
        let isHeard = clock == .fresh && scout?.isFresh ?? false
        let circumstances = Circumstances(
            topic: .service, role: table[index].role, service: report.kind,
            serviceState: isHeard ? .running : report.state, startType: report.startType, ownClock: clock)
        guard let row = DecisionTable.row(for: circumstances) else {
            // On its way up, or not known: neither raises nor clears.
            guard isHeard || report.state == .running else { return }
            noteReturn(of: service.record, at: index, hadError: known != nil, now: now, into: &draft)
            guard let known else { return }
            let since = isHeard ? scout?.connectedAt ?? now : service.record.since
            clear(
                known, .clearedServiceRuns, ["service": .text(report.name), "at": .time(since)], at: now, into: &draft)
            return
        }
        let node = table[index]
        var words = words(for: node, service: service.record, at: now)
        if clock == .stale, let heard = scout?.lastHeard { words["since"] = .time(heard) }
        var facts: [Evidence] = []
        if service.carrier != nil || report.state != .unknown {
            facts.append(evidence(of: service.record))
        }
        if clock == .stale, let scout {
            facts.append(silence(of: scout, in: node, at: now))
        }
        guard let known else {
            guard !isFlapping(subject) else { return }
            facts.append(
                Evidence(at: node.lastSeen, source: "heartbeat", .machineAnswers, ["at": .time(node.lastSeen)]))
            raise(
                row, about: subject, of: index, words, facts, hasUnit: !report.unit.isEmpty, at: now, into: &draft)
            return
        }
        // The same report again is no news.
        guard
            known.form.row != row.name
                || known.evidence.last(where: { $0.source == "service report" })?.text
                    != facts.first(where: { $0.source == "service report" })?.text
        else { return }
        update(
            known, with: row, words, facts, on: node.platform, hasUnit: !report.unit.isEmpty, at: now,
            into: &draft)
    }

    private func evidence(of service: ServiceRecord) -> Evidence {
        let report = service.report
        var words: [String: Word] = [
            "service": .text(report.name), "state": report.state.word, "since": .time(service.since),
            "start_type": report.startType.word,
        ]
        if report.detail.isEmpty {
            return Evidence(at: service.reportedAt, source: "service report", .serviceReport, words)
        }
        words["detail"] = .text(report.detail)
        return Evidence(at: service.reportedAt, source: "service report", .serviceDetail, words)
    }
}
