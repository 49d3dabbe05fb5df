import Foundation
import Testing

/// What people read, held against what is.
@Suite("Documents")
struct DocumentTests {
    static let pages = SourceTree.files.filter { $0.path.hasSuffix(".md") }

    @Test("link to what is there", arguments: pages)
    func links(_ page: TextFile) {
        let folder = SourceTree.root.appending(path: page.path).deletingLastPathComponent()
        var isCode = false
        for line in page.lines {
            if line.text.hasPrefix("```") { isCode.toggle() }
            guard !isCode else { continue }
            for match in line.text.matches(of: /\]\(([^)\s]+)\)/) where !match.1.contains("://") {
                let parts = match.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target =
                    parts[0].isEmpty
                    ? SourceTree.root.appending(path: page.path) : folder.appending(path: String(parts[0]))
                guard FileManager.default.fileExists(atPath: target.path) else {
                    untidy(page.path, line.number, "a link to \(match.1), which is not there", instead: "mend the link")
                    continue
                }
                if parts.count == 2, !Self.anchors(in: target).contains(String(parts[1])) {
                    untidy(
                        page.path, line.number, "a link to \(match.1), a heading that is not there",
                        instead: "mend the link")
                }
            }
        }
    }

    @Test("in docs/ can be reached from docs/README.md")
    func everyPageIsListed() throws {
        let index = try SourceTree.file("docs/README.md")
        let listed = Set(index.text.matches(of: /\]\(([^)\s#]+)/).map { String($0.1) })
        for page in Self.pages where page.path.hasPrefix("docs/") && page.path != index.path {
            let path = String(page.path.dropFirst("docs/".count))
            let isRecord = path.hasPrefix("decisions/") && listed.contains("decisions/")
            if !isRecord && !listed.contains(path) {
                untidy(page.path, 1, "no reader finds it", instead: "give it a line in docs/README.md")
            }
        }
    }

    @Test("list every command in the README")
    func everyCommandIsListed() throws {
        let readme = try SourceTree.file("README.md").text
        let table = try SourceTree.file("Sources/rollcall/Rollcall.swift")
        let commands = table.text.matches(of: /\b(\w+)Command\.self/).map { $0.1.lowercased() }
        #expect(commands.count >= 5, "the table of commands is not read as it should be: mend \(#fileID)")
        for command in commands where !readme.contains("`rollcall \(command)") && !readme.contains("`\(command) ") {
            untidy("README.md", 1, "the command '\(command)' is missing from the table", instead: "give it a row")
        }
    }

    /// GitHub's anchors of a page's headings.
    static func anchors(in file: URL) -> Set<String> {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        var anchors: Set<String> = []
        for line in text.split(separator: "\n") where line.hasPrefix("#") {
            let heading = line.drop { $0 == "#" }.dropFirst().lowercased()
            anchors.insert(
                String(
                    heading.compactMap {
                        $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : nil
                    }))
        }
        return anchors
    }
}
