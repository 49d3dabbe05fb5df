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
        if isComplete {
            let names = Set(reports.map(\.name))
            let gone = table[index].services.map(\.record.report.name).filter { !names.contains($0) }
            for name in gone { forgetService(name, of: index, at: now, into: &draft) }
        }
        for report in reports {
            let position = table[index].services.firstIndex { $0.record.report.name == report.name }
            guard let position else {
                let record = ServiceRecord(report: report, reportedAt: now, since: now)
                table[index].services.append(Node.Service(record: record, carrier: carrier))
                markServicesChanged(in: &draft)
                continue
            }
            let old = table[index].services[position].record
            table[index].services[position].carrier = carrier
            table[index].services[position].record.reportedAt = now
            guard old.report != report else { continue }
            table[index].services[position].record.report = report
            markServicesChanged(in: &draft)
            guard old.report.state != report.state else { continue }
            table[index].services[position].record.since = now
            let text =
                "\(report.name): \(old.report.state.inWords) → \(report.state.inWords)"
                + (report.detail.isEmpty ? "" : " (\(report.detail))")
            note(index, "service", text, at: now, into: &draft)
        }
        if isComplete {
            // In the order of the report, so that an unchanged one compares equal.
            let services = table[index].services
            table[index].services = reports.compactMap { report in
                services.first { $0.record.report.name == report.name }
            }
        }
        judgeServices(of: index, at: now, into: &draft)
    }

    private func markServicesChanged(in draft: inout Draft) {
        draft.isRowChanged = true
        draft.areFactsChanged = true
    }

    private mutating func forgetService(_ name: String, of index: Int32, at now: Instant, into draft: inout Draft) {
        table[index].services.removeAll { $0.record.report.name == name }
        markServicesChanged(in: &draft)
        note(index, "service", "\(name) is no longer watched", at: now, into: &draft)
    }
}
