import Dashboard
import RollcallProtocol
import TestSupport
import Testing

@Suite("NodeStory")
struct NodeStoryTests {
    private let golden = Golden()

    @Test("looks as in the golden files", arguments: [80, 120])
    func looksAsInTheGoldenFiles(width: Int) throws {
        let text = plain(NodeStory(.web03, on: canvas(width: width)).lines(), width: width)
        #expect(try golden.difference(of: text, from: "node-\(width).txt") == nil)
    }

    @Test("what a stale report said is shown as what was")
    func staleReportIsShownAsWhatWas() {
        let text = plain(NodeStory(.web03, on: canvas()).lines())
        #expect(text.contains("unknown, was running"))
        #expect(text.contains("stopped for 4 min"))
    }

    @Test("a node of which nothing is known looks unknown")
    func nothingKnownLooksUnknown() {
        let text = plain(NodeStory(.init(), on: canvas()).lines())
        #expect(text.hasPrefix("(unnamed)  UNKNOWN  unknown\n"))
        #expect(text.contains("last seen   never"))
        #expect(!text.contains("healthy"))
        #expect(!text.contains("clock"))
    }
}
