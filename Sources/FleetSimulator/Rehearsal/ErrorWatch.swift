internal import ErrorCatalogue
internal import Registry

/// Somebody who only watches errors come and go, and to whom they must make sense: raised once, updated while they are,
/// cleared once, and each saying all that an error has to say.
struct ErrorWatch {
    /// An error as it stood last, and when it came and went, by the true time.
    struct Seen {
        var finding: Finding
        var raisedAt: Instant
        var toldAt: Instant
        var clearedAt: Instant?
        /// The server that raised it died before it was written down, or has a store from before.
        var isForgotten = false
    }

    /// Every error that was published, the oldest first.
    private(set) var seen: [Seen] = []
    /// Those that are: each one's place, by id.
    private var places: [UInt64: Int] = [:]
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
    var active: [Seen] { places.values.map { seen[$0] }.sorted { $0.finding.id < $1.finding.id } }

    /// Errors raised since the last call.
    mutating func takeRaised() -> [Finding] {
        defer { justRaised.removeAll(keepingCapacity: true) }
        return justRaised
    }

    mutating func see(_ event: FindingEvent, _ finding: Finding, at moment: Instant) {
        let place = places[finding.id]
        switch event {
        case .raised:
            if finding.id <= highestID { complain("raised twice", finding) }
            highestID = max(highestID, finding.id)
            justRaised.append(finding)
            raise(finding, at: moment)
        case .updated:
            if place == nil { complain("updated, but not active", finding) }
            if let place, seen[place].finding == finding { complain("updated, but the same", finding) }
        case .cleared:
            if place == nil { complain("cleared, but not active", finding) }
            if let place { seen[place].clearedAt = moment }
            places[finding.id] = nil
        }
        if event != .cleared {
            rows.insert(finding.form.row)
            for what in finding.omissions { complain(what, finding) }
        }
        if let place {
            seen[place].finding = finding
            seen[place].toldAt = moment
        }
    }

    private mutating func raise(_ finding: Finding, at moment: Instant) {
        // What a server forgot and soon finds again is no second error.
        if let place = seen.lastIndex(where: { $0.isForgotten && $0.finding.isSame(as: finding) }),
            let forgottenAt = seen[place].clearedAt, moment - forgottenAt < Rehearsal.aftermath
        {
            places[finding.id] = place
            seen[place] = Seen(finding: finding, raisedAt: seen[place].raisedAt, toldAt: moment)
            return
        }
        raised += 1
        places[finding.id] = seen.count
        seen.append(Seen(finding: finding, raisedAt: moment, toldAt: moment))
    }

    /// A server starts from its store: these are active now.
    mutating func startAgain(from active: [Finding], at moment: Instant) {
        for place in places.values {
            seen[place].clearedAt = moment
            seen[place].isForgotten = true
        }
        places = [:]
        for finding in active {
            // The store may hold it as it was before it changed its code.
            let place = seen.lastIndex { $0.finding.id == finding.id && $0.finding.subject == finding.subject }
            places[finding.id] = place ?? seen.count
            let since = place.map { seen[$0].raisedAt } ?? moment
            if place == nil { seen.append(Seen(finding: finding, raisedAt: since, toldAt: moment)) }
            if let place { seen[place] = Seen(finding: finding, raisedAt: since, toldAt: moment) }
        }
        highestID = active.map(\.id).max() ?? 0
    }

    private mutating func complain(_ what: String, _ finding: Finding) {
        guard nonsense.count < Self.nonsenseMax else { return }
        nonsense.append("\(what): \(finding.title)")
    }
}

extension Finding {
    fileprivate func isSame(as other: Finding) -> Bool { code == other.code && subject == other.subject }

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
        var names = ["host", "address", "peer", "server", "other_host", "service", "unit", "site", "factor"].compactMap
        {
            form.words[$0]?.text(in: .english)
        }
        names.append(subjectName)
        return names.contains { !$0.isEmpty && step.contains($0) }
    }
}
