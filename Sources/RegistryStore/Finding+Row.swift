import ErrorCatalogue
import GRDB
import Registry

/// A finding and its row in `finding`.
extension Finding {
    private static let columns = [
        "id", "code", "severity", "subject", "subject_node", "subject_service", "subject_name", "site", "title",
        "raised_at", "updated_at", "cleared_at", "cleared_because", "evidence", "likely_cause", "other_cause",
        "remedy", "members", "member_count", "form",
    ]

    /// Inserts the finding, or replaces it. Takes `arguments`.
    static let upsertSQL = """
        INSERT INTO finding (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (id) DO UPDATE SET \(columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        """

    /// To be followed by a condition; for `init?(row:)`.
    static let selectSQL = "SELECT \(columns.joined(separator: ", ")) FROM finding"

    var arguments: StatementArguments {
        let subjectRow = subject.row
        return [
            // Ids count up from 1; the bit pattern keeps even the impossible ones apart.
            Int64(bitPattern: id), code.rawValue, severity.word, subjectRow.kind, subjectRow.node, subjectRow.service,
            subjectName, site, title, raisedAt.unixMilliseconds, updatedAt.unixMilliseconds,
            clearedAt?.unixMilliseconds, clearedBecause, Evidence.list(evidence), likelyCause, otherCause,
            JSONWriter.list(remedy), JSONWriter.list(members), memberCount, form.text,
        ]
    }

    /// Reads a row of `selectSQL`. Nil if its code or subject is of a newer version: it stays in the file for that one.
    /// - Throws: `MalformedText` if a list is not what it should be.
    init?(row: Row) throws {
        let number: Int64 = row[0]
        let site: String = row[7]
        let subject = Subject(kind: row[3], node: row[4], service: row[5], name: row[6])
        guard let code = ErrorCode(rawValue: row[1]), let subject else { return nil }
        do {
            self.init(
                id: UInt64(bitPattern: number), code: code, severity: Severity(word: row[2]), subject: subject,
                subjectName: row[6], site: site, title: row[8], raisedAt: Instant(unixMilliseconds: row[9]),
                updatedAt: Instant(unixMilliseconds: row[10]),
                clearedAt: (row[11] as Int64?).map(Instant.init(unixMilliseconds:)), clearedBecause: row[12],
                evidence: try Evidence.list(row[13]), likelyCause: row[14], otherCause: row[15],
                remedy: try JSONReader.list(row[16]), members: try JSONReader.list(row[17]),
                memberCount: row[18], form: try FindingForm(text: row[19]))
        } catch let error as MalformedText {
            throw MalformedText(description: "finding \(number): \(error.description)")
        }
    }
}

extension Subject {
    /// The three columns of a subject. A site's name stands in `subject_name`, which is always filled.
    fileprivate var row: (kind: String, node: String?, service: String?) {
        switch self {
        case .server: ("server", nil, nil)
        case .site: ("site", nil, nil)
        case .group(let kind, let value): ("group", nil, "\(kind.word):\(value)")
        case .peer(let address, let reason): ("peer", nil, "\(reason.word):\(address)")
        case .node(let node): ("node", node.description, nil)
        case .service(let node, let name): ("service", node.description, name)
        }
    }

    fileprivate init?(kind: String, node: String?, service: String?, name: String) {
        switch (kind, node.flatMap { NodeID($0) }, service) {
        case ("server", _, _): self = .server
        case ("site", _, _): self = .site(name)
        case ("group", _, let text?):
            guard let (kind, value) = Self.halves(text), let factor = FactorKind(word: kind) else { return nil }
            self = .group(factor, value)
        case ("peer", _, let text?):
            guard let (word, address) = Self.halves(text),
                let reason = AttemptReason.allCases.first(where: { $0.word == word })
            else { return nil }
            self = .peer(address, reason)
        case ("node", let node?, _): self = .node(node)
        case ("service", let node?, let service?): self = .service(node, name: service)
        default: return nil
        }
    }

    private static func halves(_ text: String) -> (String, String)? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
}

extension FindingForm {
    /// `{"row": …, "platform": …, "unit": …, "words": {…}, "clearing": …, "clearing_words": {…}}`
    var text: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("row", row)
            writer.member("platform", platform.word)
            writer.member("unit", Int64(hasUnit ? 1 : 0))
            writer.member("words", words)
            guard let clearing else { return }
            writer.member("clearing", clearing.rawValue)
            writer.member("clearing_words", clearingWords)
        }
        return writer.text
    }

    /// Reads that object; members of a newer version are passed over.
    /// - Throws: `MalformedText`.
    init(text: String) throws {
        self.init()
        var form = FindingForm()
        var reader = JSONReader(text)
        try reader.object { name, reader in
            switch name {
            case "row": form.row = try reader.string()
            case "platform": form.platform = Platform(word: try reader.string())
            case "unit": form.hasUnit = try reader.integer() != 0
            case "words": form.words = try reader.words()
            case "clearing": form.clearing = Sentence(rawValue: try reader.string())
            case "clearing_words": form.clearingWords = try reader.words()
            default: try reader.skip()
            }
        }
        try reader.end()
        self = form
    }
}

extension JSONWriter {
    /// Words of a text, in the order of their names.
    mutating func member(_ name: String, _ words: CaseWords) {
        member(name) { writer in
            writer.object { writer in
                for (name, word) in words.encoded.sorted(by: { $0.key < $1.key }) { writer.member(name, word) }
            }
        }
    }
}

extension JSONReader {
    /// Reads words of a text.
    /// - Throws: `MalformedText`.
    mutating func words() throws -> CaseWords {
        var words: [String: String] = [:]
        try object { name, reader in words[name] = try reader.string() }
        return CaseWords(encoded: words)
    }
}

extension Evidence {
    /// `[{"at": …, "source": …, "text": …}]`
    static func list(_ evidence: [Evidence]) -> String {
        var writer = JSONWriter()
        writer.array { writer in
            for fact in evidence {
                writer.object { writer in
                    writer.member("at", fact.at.unixMilliseconds)
                    writer.member("source", fact.source)
                    writer.member("text", fact.text)
                    guard let statement = fact.statement else { return }
                    writer.member("statement", statement.rawValue)
                    writer.member("words", fact.words)
                }
            }
        }
        return writer.text
    }

    /// Reads that list; members of a newer version are passed over.
    /// - Throws: `MalformedText`.
    static func list(_ text: String) throws -> [Evidence] {
        var reader = JSONReader(text)
        var evidence: [Evidence] = []
        try reader.array { reader in
            var fact = Evidence(at: Instant(unixMilliseconds: 0), source: "", text: "")
            try reader.object { name, reader in
                switch name {
                case "at": fact.at = Instant(unixMilliseconds: try reader.integer())
                case "source": fact.source = try reader.string()
                case "text": fact.text = try reader.string()
                case "statement": fact.statement = Sentence(rawValue: try reader.string())
                case "words": fact.words = try reader.words()
                default: try reader.skip()
                }
            }
            evidence.append(fact)
        }
        try reader.end()
        return evidence
    }
}
