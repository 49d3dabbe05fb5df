import Testing

/// The table of settings in the sources, the example files, and the page about them say the same.
@Suite("Settings")
struct SettingsTests {
    @Test("of the server are all in the example file, and on their page with the same default")
    func server() throws {
        let source = try SourceTree.file("Sources/ConfigurationServer/Settings/Setting.swift").text
        let declared = source.matches(of: /Setting\(\s*"([a-z-]+)",\s*"[^"]+",\s*"[^"]*",\s*"([^"]+)"/)
        var defaults: [String: String] = [:]
        for match in declared { defaults[String(match.1)] = String(match.2) }
        #expect(defaults.count > 10, "the table of settings is not read as it should be: mend \(#fileID)")

        try compare(
            "deploy/rollcall.example.yaml", Self.keys(of: "deploy/rollcall.example.yaml"), with: Set(defaults.keys))
        let rows = try Self.rows(of: "docs/operating/settings.md", under: "## The server")
        try compare("docs/operating/settings.md", Set(rows.keys), with: Set(defaults.keys))
        for (name, row) in rows where defaults[name] != nil && defaults[name] != row.standard {
            untidy(
                "docs/operating/settings.md", row.line, "\(name) defaults to '\(row.standard)' here",
                instead: "'\(defaults[name] ?? "")', as Setting.all has it")
        }
    }

    @Test("of the agent are all in the example file, and on their page")
    func agent() throws {
        let source = try #require(SourceTree.sources.first { $0.path.hasSuffix("/AgentSettingsFile.swift") })
        let table = try #require(source.text.firstMatch(of: /static let keys = \[([^\]]*)\]/))
        let declared = Set(table.1.matches(of: /"([a-z-]+)"/).map { String($0.1) })
        #expect(declared.count > 5, "the table of settings is not read as it should be: mend \(#fileID)")

        try compare("deploy/agent.example.yaml", Self.keys(of: "deploy/agent.example.yaml"), with: declared)
        let rows = try Self.rows(of: "docs/operating/settings.md", under: "## The agent")
        try compare("docs/operating/settings.md", Set(rows.keys), with: declared)
    }

    func compare(_ path: String, _ found: Set<String>, with declared: Set<String>) throws {
        for name in declared.subtracting(found).sorted() {
            untidy(path, 1, "the setting '\(name)' is missing", instead: "document it, with its default")
        }
        for name in found.subtracting(declared).sorted() {
            untidy(path, 1, "'\(name)' is no setting", instead: "remove it, or declare it in the sources")
        }
    }

    /// Keys of a YAML file that is an example: also those that are commented out.
    static func keys(of path: String) throws -> Set<String> {
        let file = try SourceTree.file(path)
        return Set(file.lines.compactMap { $0.text.firstMatch(of: /^(?:# )?([a-z-]+):(?: |$)/).map { String($0.1) } })
    }

    /// Rows of the table under a heading: setting, default, and where it stands.
    static func rows(of path: String, under heading: String) throws -> [String: (standard: String, line: Int)] {
        let file = try SourceTree.file(path)
        let section = file.lines.drop { $0.text != heading }.dropFirst().prefix { !$0.text.hasPrefix("## ") }
        var rows: [String: (standard: String, line: Int)] = [:]
        for line in section {
            guard let row = line.text.firstMatch(of: /^\| `([a-z-]+)` \| ([^|]+) \|/) else { continue }
            rows[String(row.1)] = (String(row.2), line.number)
        }
        return rows
    }
}
