internal import AgentClient
internal import EventLoop

extension Verdict {
    /// The verdict on a report. Pure: the report says all. A symptom that follows from another (the ping after a broken
    /// handshake) is not named: at each address the first fitting row of the table counts.
    public init(on report: ProbeReport) {
        if let name = report.checks.first(where: { $0.kind == .name && $0.state != .passed }),
            let row = VerdictTable.row(of: [name])
        {
            self.init(row, name, report, evidence: [])
            return
        }
        let places = report.addresses.map { address in
            let checks = report.checks(at: address)
            return Place(address: address, checks: checks, row: VerdictTable.row(of: checks))
        }
        guard let best = places.filter({ $0.grade != .failed }).first else {
            self.init(failing: places, report)
            return
        }
        // An address of a family that this machine does not have costs nobody anything: it is skipped at once.
        let broken = places.filter {
            $0.grade == .failed && $0.row?.symptom != .familyMissing && $0.row?.symptom != .noRoute
        }
        let doubtful = places.first { $0.grade == .doubtful }
        let slowName = report.checks.first { $0.kind == .name && $0.symptom != nil }
        if let first = broken.first, let check = first.check {
            self.init(
                VerdictTable.row(for: .someAddressesFail), check, report,
                evidence: broken.dropFirst().compactMap(\.evidence) + ["\(best.address): works"])
        } else if let doubtful, let row = doubtful.row, let check = doubtful.check {
            self.init(row, check, report, evidence: Self.unknowns(best.checks))
        } else if let slowName, let row = VerdictTable.row(of: [slowName]) {
            self.init(row, slowName, report, evidence: [])
        } else {
            self.init(passing: best, report)
        }
    }

    /// What is known of one address.
    private struct Place {
        let address: SocketAddress
        let checks: [Check]
        let row: VerdictRow?

        var grade: Grade { row?.grade ?? (checks.contains { $0.state == .failed } ? .failed : .passed) }
        /// The line that the row rests on.
        var check: Check? { checks.last { $0.symptom != nil && $0.symptom == row?.symptom } }
        var evidence: String? { check.map(Verdict.line) }
    }

    private init(failing places: [Place], _ report: ProbeReport) {
        let furthest = places.filter { $0.row != nil }.max { ($0.row?.reach ?? 0) < ($1.row?.reach ?? 0) }
        guard let furthest, let row = furthest.row, let check = furthest.check else {
            self.init(
                grade: .failed, symptom: nil, cause: "\(report.target) was not tried: the report holds no address.",
                evidence: report.checks.map(Self.line), nextStep: "Run the probe again.")
            return
        }
        let others = places.filter { $0.address != furthest.address }.compactMap(\.evidence)
        let around = furthest.checks.filter {
            $0 != check && ($0.state == .failed || $0.kind == .clock && row.symptom.dependsOnClock)
        }
        self.init(row, check, report, evidence: around.map(Self.line) + others)
    }

    private init(passing place: Place, _ report: ProbeReport) {
        let server = report.servers.first { $0.address == place.address }
        let who = server.map { "Rollcall \($0.version) of the fleet \($0.fleet)" } ?? "a server"
        self.init(
            grade: .passed, symptom: nil, cause: "\(report.target) is reached: \(who) answers.",
            evidence: Self.unknowns(place.checks),
            nextStep: place.checks.contains { $0.kind == .certificate && $0.state == .unknown }
                ? "To check the certificate too, name the fleet's CA with --ca FILE, or an --identity DIR."
                : "Nothing: the path is fine. If an agent is missing all the same, look at its log on that machine.")
    }

    private init(_ row: VerdictRow, _ check: Check, _ report: ProbeReport, evidence: [String]) {
        func filled(_ text: String) -> String {
            text.replacing("{host}", with: report.target.host)
                .replacing("{port}", with: "\(report.target.port)")
                .replacing("{address}", with: check.address?.host ?? report.target.host)
                .replacing("{seen}", with: check.detail)
        }
        self.init(
            grade: row.grade, symptom: row.symptom, cause: filled(row.cause), evidence: [Self.line(check)] + evidence,
            nextStep: filled(row.nextStep))
    }

    private static func unknowns(_ checks: [Check]) -> [String] {
        checks.filter { $0.state == .unknown }.map { "unknown: \(line($0))" }
    }

    private static func line(_ check: Check) -> String {
        let place = check.address.map { "\($0) " } ?? ""
        let time = check.took.map { " (after \($0.inWords))" } ?? ""
        return "\(place)\(check.kind.title): \(check.detail)\(check.state == .failed ? time : "")"
    }
}

extension Symptom {
    /// Whether a wrong clock alone could be the cause.
    fileprivate var dependsOnClock: Bool { self == .expired || self == .notYetValid }
}
