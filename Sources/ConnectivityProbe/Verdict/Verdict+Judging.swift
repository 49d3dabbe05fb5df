internal import AgentClient
public import ErrorCatalogue
internal import EventLoop

extension Verdict {
    /// The verdict on a report. Pure: the report says all. A symptom that follows from another (the ping after a broken
    /// handshake) is not named: at each address the first fitting row of the table counts.
    public init(on report: ProbeReport) { self.init(on: report, in: .english) }

    /// The same, with cause and next step in a language.
    public init(on report: ProbeReport, in language: Language) {
        if let name = report.checks.first(where: { $0.kind == .name && $0.state != .passed }),
            let row = VerdictTable.row(of: [name])
        {
            let servers = report.checks.filter { $0.kind == .resolvers }
            // The system takes the first answer it gets: that servers differ is the cause.
            if let doubt = servers.first(where: { $0.symptom != nil }), let why = VerdictTable.row(of: [doubt]) {
                self.init(why, doubt, report, language, evidence: [Self.line(name, language)])
                grade = .failed
            } else {
                self.init(row, name, report, language, evidence: servers.map { Self.line($0, language) })
            }
            return
        }
        let places = report.addresses.map { address in
            let checks = report.checks(at: address)
            return Place(address: address, checks: checks, row: VerdictTable.row(of: checks))
        }
        guard let best = places.filter({ $0.grade != .failed }).first else {
            self.init(failing: places, report, language)
            return
        }
        // An address of a family that this machine does not have costs nobody anything: it is skipped at once.
        let broken = places.filter {
            $0.grade == .failed && $0.row?.symptom != .familyMissing && $0.row?.symptom != .noRoute
        }
        let doubtful = places.first { $0.grade == .doubtful }
        let isIPv6 = !broken.isEmpty && broken.allSatisfy { $0.address.family == .ipv6 } && best.address.family == .ipv4
        let slowName = report.checks.first { $0.symptom != nil && [.name, .idle, .local].contains($0.kind) }
        if let first = broken.first, let check = first.check {
            self.init(
                VerdictTable.row(for: isIPv6 ? .ipv6Broken : .someAddressesFail), check, report, language,

                evidence: broken.dropFirst().compactMap { $0.evidence(language) }
                    + [Phrase("\(best.address): works", "\(best.address)：正常").text(in: language)])
        } else if let doubtful, let row = doubtful.row, let check = doubtful.check {
            self.init(row, check, report, language, evidence: Self.unknowns(best.checks, language))
        } else if let slowName, let row = VerdictTable.row(of: [slowName]) {
            self.init(row, slowName, report, language, evidence: [])
        } else if let names = Self.doubtAboutNames(report), let row = VerdictTable.row(of: [names]) {
            self.init(row, names, report, language, evidence: [])
        } else {
            self.init(passing: best, report, language)
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
        func evidence(_ language: Language) -> String? { check.map { Verdict.line($0, language) } }
    }

    private init(failing places: [Place], _ report: ProbeReport, _ language: Language) {
        let furthest = places.filter { $0.row != nil }.max { ($0.row?.reach ?? 0) < ($1.row?.reach ?? 0) }
        guard let furthest, let row = furthest.row, let check = furthest.check else {
            self.init(
                grade: .failed, symptom: nil,
                cause: Phrase(
                    "\(report.target) was not tried: the report holds no address.", "\(report.target) 沒有試過：報告中沒有位址。"
                ).text(in: language),
                evidence: report.checks.map { Self.line($0, language) },
                nextStep: Phrase("Run the probe again.", "請再探測一次。").text(in: language))
            return
        }
        let others = places.filter { $0.address != furthest.address }.compactMap { $0.evidence(language) }
        let around = furthest.checks.filter {
            $0 != check
                && ($0.state == .failed || $0.kind == .clock && row.symptom.dependsOnClock || row.isBelowTLS($0))
        }
        let evidence = around.map { Self.line($0, language) } + others
        // The wrong address explains whatever happens there.
        if let names = Self.doubtAboutNames(report), let doubt = VerdictTable.row(of: [names]) {
            self.init(doubt, names, report, language, evidence: [Self.line(check, language)] + evidence)
            grade = .failed
        } else {
            self.init(row, check, report, language, evidence: evidence)
        }
    }

    private init(passing place: Place, _ report: ProbeReport, _ language: Language) {
        let server = report.servers.first { $0.address == place.address }
        let isUnchecked = place.checks.contains { $0.kind == .certificate && $0.state == .unknown }
        let cause: String
        let next: String
        switch language {
        case .english:
            let who = server.map { "Rollcall \($0.version) of the fleet \($0.fleet)" } ?? "a server"
            cause = "\(report.target) is reached: \(who) answers."
            next =
                isUnchecked
                ? "To check the certificate too, name the fleet's CA with --ca FILE, or an --identity DIR."
                : "Nothing: the path is fine. If an agent is missing all the same, look at its log on that machine."
        case .traditionalChinese:
            let who = server.map { "機群 \($0.fleet) 的 Rollcall \($0.version)" } ?? "伺服器"
            cause = "\(report.target) 可以連線：\(who) 有回應。"
            next =
                isUnchecked
                ? "若要一併檢查憑證，請以 --ca FILE 指定機群的 CA，或以 --identity DIR 指定身分。"
                : "無須處理：路徑正常。若仍缺少某個代理程式，請查看該機器上的日誌。"
        }
        self.init(
            grade: .passed, symptom: nil, cause: cause, evidence: Self.unknowns(place.checks, language), nextStep: next)
    }

    private init(
        _ row: VerdictRow, _ check: Check, _ report: ProbeReport, _ language: Language, evidence: [String]
    ) {
        let words = VerdictWords.words(for: row.symptom, in: language)
        let path = report.paths.first { $0.address == check.address }
        func filled(_ text: String) -> String {
            text.replacing("{host}", with: report.target.host)
                .replacing("{port}", with: "\(report.target.port)")
                .replacing("{address}", with: check.address?.host ?? report.target.host)
                .replacing("{seen}", with: check.detail.text(in: language))
                .replacing("{largest}", with: path?.largestBytes.map { "\($0)" } ?? "1280")
                .replacing("{interface}", with: path?.interface?.name ?? "INTERFACE")
        }
        self.init(
            grade: row.grade, symptom: row.symptom, cause: filled(words?.cause ?? row.cause),
            evidence: [Self.line(check, language)] + evidence,
            nextStep: filled(words?.nextStep ?? row.nextStep))
    }

    private static func doubtAboutNames(_ report: ProbeReport) -> Check? {
        report.checks.first { $0.kind == .resolvers && $0.symptom != nil }
    }

    private static func unknowns(_ checks: [Check], _ language: Language) -> [String] {
        checks.filter { $0.state == .unknown }.map {
            Phrase("unknown: ", "不明：").text(in: language) + line($0, language)
        }
    }

    private static func line(_ check: Check, _ language: Language) -> String {
        let place = Phrase(same: check.address.map { "\($0) " } ?? "")
        let time = check.took.map { Phrase(" (after \($0.inWords))", "（歷時 \($0.inWords)）") } ?? .nothing
        let line = place + check.kind.title + Phrase(": ", "：") + check.detail
        return (check.state == .failed ? line + time : line).text(in: language)
    }
}

extension Symptom {
    /// Whether a wrong clock alone could be the cause.
    fileprivate var dependsOnClock: Bool { self == .expired || self == .notYetValid }

    /// Whether packets that get lost by chance look like this, too.
    var mayBeLoss: Bool {
        [
            .filtered, .stalledAfterConnect, .silentAfterConnect, .tlsCutOnTheWay, .pingUnanswered, .pingCut,
            .registrySilent,
        ].contains(self)
    }
}

extension VerdictRow {
    /// Whether a line about the way to an address says more about this row.
    fileprivate func isBelowTLS(_ check: Check) -> Bool {
        guard reach <= 4 else { return false }
        return switch check.kind {
        case .trace, .echo: reach <= 3
        case .pathMTU: reach == 4 && symptom != .pathMTU
        case .loss, .notes: true
        case .route: reach <= 2 && check.detail.english.contains("a VPN or tunnel")
        default: false
        }
    }
}
