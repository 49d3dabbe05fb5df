/// What a node that reports changes is told.
public enum ReportReply: Equatable, Sendable {
    /// Taken in.
    case accepted
    /// Not taken in, and why.
    case refused(RegistrationRefusal)
}

extension Registry {
    /// A heartbeat told of changed services or of load. Services it does not name are as before.
    public mutating func reported(
        _ session: SessionID, services: [ServiceReport], load: Load?, at now: Instant
    ) -> Outcome<ReportReply> {
        guard let index = sessions[session] else { return Outcome(.refused(.notRegistered)) }
        var draft = Draft()
        do throws(RegistrationRefusal) {
            let checked = try services.checked()
            let names = Set(table[index].services.map(\.record.report.name)).union(checked.map(\.name))
            guard names.count <= RegistryLimits.servicesPerNodeMax else {
                throw RegistrationRefusal.tooMany(
                    field: "services", count: names.count, countMax: RegistryLimits.servicesPerNodeMax)
            }
            hear(session, of: index, at: now)
            if let load { (table[index].load, table[index].loadAt) = (load, now) }
            takeServices(
                checked, of: index, isComplete: false,
                carrier: table[index].components.first { $0.session == session }?.kind, at: now, into: &draft)
            return Outcome(.accepted, finish(draft, about: index))
        } catch {
            return Outcome(.refused(error))
        }
    }

    /// Takes over what was reported, notes what changed, and looks for what is wrong.
    mutating func takeServices(
        _ reports: [ServiceReport], of index: Int32, isComplete: Bool, carrier: ComponentKind? = nil,
        at now: Instant, into draft: inout Draft
    ) {
        let carrier = carrier ?? table[index].components.first { $0.lastHeard == now }?.kind
        // On a copy: the node keeps them packed.
        var services = table[index].services
        if isComplete {
            let names = Set(reports.map(\.name))
            for gone in services where !names.contains(gone.record.report.name) {
                markServicesChanged(in: &draft)
                let text = "\(gone.record.report.name) is no longer watched"
                note(index, "service", text, at: now, into: &draft)
            }
            services.removeAll { !names.contains($0.record.report.name) }
        }
        for report in reports {
            let position = services.firstIndex { $0.record.report.name == report.name }
            guard let position else {
                let record = ServiceRecord(report: report, reportedAt: now, since: now)
                services.append(Node.Service(record: record, carrier: carrier))
                markServicesChanged(in: &draft)
                continue
            }
            let old = services[position].record
            services[position].carrier = carrier
            services[position].record.reportedAt = now
            guard old.report != report else { continue }
            services[position].record.report = report
            markServicesChanged(in: &draft)
            guard old.report.state != report.state else { continue }
            services[position].record.since = now
            let text =
                "\(report.name): \(old.report.state.inWords) → \(report.state.inWords)"
                + (report.detail.isEmpty ? "" : " (\(report.detail))")
            note(index, "service", text, at: now, into: &draft)
        }
        if isComplete {
            // In the order of the report, so that an unchanged one compares equal.
            services = reports.compactMap { report in services.first { $0.record.report.name == report.name } }
        }
        if !services.isEmpty || isComplete { table[index].services = services }
        judgeServices(of: index, at: now, into: &draft)
    }

    private func markServicesChanged(in draft: inout Draft) {
        draft.isRowChanged = true
        draft.areFactsChanged = true
    }
}
