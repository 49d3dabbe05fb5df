import Dashboard
import RollcallProtocol
import TestSupport
import Testing

@Suite("NodesView")
struct NodesViewTests {
    private let golden = Golden()

    @Test("looks as in the golden files", arguments: [80, 120])
    func looksAsInTheGoldenFiles(width: Int) throws {
        let lines = NodesView(WireNode.all, total: 27, on: canvas(width: width)).lines()
        #expect(try golden.difference(of: plain(lines, width: width), from: "nodes-\(width).txt") == nil)
        #expect(lines.allSatisfy { $0.width <= width })
    }

    @Test("in a pipe nothing is cut")
    func nothingIsCutInAPipe() {
        let text = plain(NodesView(WireNode.all, total: 4, on: canvas()).lines())
        #expect(!text.contains("…"))
        #expect(text.contains("資料庫伺服器-高雄-01.example.com.tw"))
    }

    @Test("any width yields lines that fit it", arguments: [1, 2, 7, 20, 33, 50, 64, 79, 100, 200])
    func linesFitAnyWidth(width: Int) {
        let lines = NodesView(WireNode.all, total: 4, on: canvas(width: width)).lines()
        for line in canvas(width: width).render(lines, in: .plain) { #expect(line.displayWidth <= width) }
    }

    @Test("no node is a sentence, not an empty table")
    func noNodeIsASentence() {
        #expect(plain(NodesView([], total: 0, on: canvas()).lines()) == "No node matches.\n")
    }
}
