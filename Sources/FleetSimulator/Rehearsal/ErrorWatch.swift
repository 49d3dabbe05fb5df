internal import ErrorCatalogue
internal import Registry

/// Somebody who only watches errors come and go, and to whom they must make sense: raised once, updated while they are,
/// cleared once, and each saying all that an error has to say.
struct ErrorWatch {
    /// Every error that was published, by id, as it stood last.
    private(set) var published: [UInt64: Finding] = [:]
    /// How often an error was raised.
    private(set) var raised = 0
    /// What could not be made sense of; the first few.
    private(set) var nonsense: [String] = []
    /// Rows of the decision table that decided an error, if only for a while.
    private(set) var rows: Set<String> = []
    private var highestID: UInt64 = 0
    private var justRaised: [Finding] = []

    private static let nonsenseMax = 20

    /// Those that are.
    var active: [Finding] { published.values.filter { $0.clearedAt == nil }.sorted { $0.id < $1.id } }

    /// Errors raised since the last call.
    mutating func takeRaised() -> [Finding] {
        defer { justRaised.removeAll(keepingCapacity: true) }
        return justRaised
    }

    mutating func see(_ event: FindingEvent, _ finding: Finding) {
        let known = published[finding.id]
        let isActive = known.map { $0.clearedAt == nil } ?? false
        switch event {
        case .raised:
            if finding.id <= highestID { complain("raised twice", finding) }
            highestID = max(highestID, finding.id)
            raised += 1
            justRaised.append(finding)
        case .updated:
            if !isActive { complain("updated, but not active", finding) }
            if known == finding { complain("updated, but the same", finding) }
        case .cleared:
            if !isActive { complain("cleared, but not active", finding) }
        }
        if event != .cleared {
            rows.insert(finding.form.row)
            for what in finding.omissions { complain(what, finding) }
        }
        published[finding.id] = finding
    }

    /// The server died, and what was not on its disk never was: these are active now.
    mutating func startAgain(from active: [Finding]) {
        let ids = Set(active.map(\.id))
        published = published.filter { $0.value.clearedAt != nil || ids.contains($0.key) }
        for finding in active { published[finding.id] = finding }
        highestID = ids.max() ?? 0
    }

    private mutating func complain(_ what: String, _ finding: Finding) {
        guard nonsense.count < Self.nonsenseMax else { return }
        nonsense.append("\(what): \(finding.title)")
    }
}

extension Finding {
    /// What an error has to say and this one does not, each in a few words; in both languages.
    var omissions: [String] {
        var missing: [String] = []
        if evidence.isEmpty { missing.append("no evidence") }
        if !evidence.contains(where: \.hasNumbers) { missing.append("no number in its evidence") }
        if updatedAt < raisedAt { missing.append("last evidence before it began") }
        for language in Language.allCases {
            guard let texts = FindingTexts(form, in: language) else {
                missing.append("made of no row of the decision table")
                break
            }
            let sentences =
                [("title", texts.title), ("cause", texts.likelyCause), ("runner-up", texts.otherCause)]
                + texts.remedy.map { ("remedy", $0) } + evidence.map { ("evidence", $0.text(in: language)) }
            for (name, text) in sentences {
                if text.isEmpty { missing.append("no \(name) (\(language))") }
                if text.contains("{") || text.contains("}") { missing.append("\(name) with an open place: \(text)") }
            }
            if texts.remedy.isEmpty { missing.append("no remedy (\(language))") }
            if !texts.remedy.contains(where: namesSubject) { missing.append("remedy names no machine (\(language))") }
        }
        return missing
    }

    /// Whether a step says where to take it: the subject by its name, the machine, an address, or a service.
    private func namesSubject(_ step: String) -> Bool {
        var names = ["host", "address", "peer", "server", "service", "unit", "site", "factor"].compactMap {
            form.words[$0]?.text(in: .english)
        }
        names.append(subjectName)
        return names.contains { !$0.isEmpty && step.contains($0) }
    }
}
