import Dashboard
import RollcallProtocol
import TestSupport
import Testing

@Suite("In Traditional Chinese")
struct ChineseTests {
    private let golden = Golden()

    private static let views: [(String, @Sendable (Canvas) -> [Line])] = [
        ("status-troubled", { StatusView(.troubled, on: $0).lines() }),
        ("status-coming-home", { StatusView(.comingHome, on: $0).lines() }),
        ("nodes", { NodesView(WireNode.all, total: 9, on: $0).lines() }),
        ("node", { NodeStory(.web03, on: $0).lines() }),
    ]

    @Test("looks as in the golden files", arguments: views.map(\.0))
    func looksAsInTheGoldenFiles(_ name: String) throws {
        let text = try text(of: name)
        #expect(try golden.difference(of: text, from: "\(name)-zh-Hant-120.txt") == nil)
    }

    /// Labels, headings and states; not what agents and the server's history say.
    @Test("no label stays English", arguments: views.map(\.0))
    func noLabelStaysEnglish(_ name: String) throws {
        let text = try text(of: name)
        let words = [
            "fleet ", "active error", "role ", "reachable", "suspect", "healthy", "CRITICAL", "WARNING", "unknown",
            "health ",
            "last seen", " ago", "since", "address ", "component ", "connection ", "reported ", "history,",
            "evidence and", "never", "listening", "mobility agent ", "process server ",
        ]
        for word in words { #expect(!text.contains(word), "“\(word)” in:\n\(text)") }
    }

    private func text(of name: String) throws -> String {
        let view = try #require(Self.views.first { $0.0 == name }).1
        return plain(view(canvas(width: 120, in: .traditionalChinese)), width: 120)
    }
}
