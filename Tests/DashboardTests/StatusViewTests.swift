import Dashboard
import RollcallProtocol
import TestSupport
import Testing

@Suite("StatusView")
struct StatusViewTests {
    private let golden = Golden()

    private func text(of status: WireGetStatusResponse, width: Int?, height: Int? = nil) -> String {
        plain(StatusView(status, on: canvas(width: width, height: height)).lines(), width: width)
    }

    @Test("looks as in the golden files", arguments: ["healthy", "troubled", "coming-home"], [80, 120])
    func looksAsInTheGoldenFiles(sample: String, width: Int) throws {
        let samples: [String: WireGetStatusResponse] = [
            "healthy": .healthy, "troubled": .troubled, "coming-home": .comingHome,
        ]
        let text = try text(of: #require(samples[sample]), width: width)
        #expect(try golden.difference(of: text, from: "status-\(sample)-\(width).txt") == nil)
    }

    @Test("a healthy fleet fits on a screen, however many sites it has")
    func healthyFleetFitsOnAScreen() {
        let status = WireGetStatusResponse.healthy.with { status in
            status.sites = (1...300).map { number in
                .with {
                    $0.name = "site-\(number)"
                    $0.nodes = 5
                    $0.reachable = 5
                    $0.healthy = 5
                }
            }
        }
        let lines = StatusView(status, on: canvas(width: 80)).lines()
        #expect(lines.count <= 24)
        #expect(lines.last?.text == "… and 292 more sites, 1,460 nodes, without trouble")
    }

    @Test("a site in trouble is never among those left out")
    func siteInTroubleIsShown() {
        let status = WireGetStatusResponse.healthy.with { status in
            status.sites = (1...300).map { number in
                .with {
                    $0.name = "site-\(number)"
                    $0.nodes = 5
                    $0.critical = number == 299 ? 1 : 0
                }
            }
        }
        #expect(text(of: status, width: 80).contains("site-299"))
    }

    @Test("on a low screen errors give up their details before they are cut off")
    func errorsGiveUpDetailsOnALowScreen() {
        let tall = StatusView(.troubled, on: canvas(width: 80)).lines()
        let low = StatusView(.troubled, on: canvas(width: 80, height: 24)).lines()
        #expect(tall.count > 24)
        #expect(low.count <= 24)
        for code in ["95226a", "95226b", "service-not-running"] {
            #expect(low.dropFirst().contains { $0.text.contains(code) })
        }
    }

    @Test("the first line says the health in a word and why")
    func firstLineSaysHealthAndWhy() {
        func first(_ status: WireGetStatusResponse) -> String {
            StatusView(status, on: canvas()).lines().first?.text ?? ""
        }
        #expect(first(.healthy) == "HEALTHY     all 27 nodes answer")
        #expect(
            first(.troubled)
                == "CRITICAL    95226a kaohsiung: No contact with any of the 12 nodes of site kaohsiung, and 2 more")
        #expect(first(.comingHome) == "HEALTHY     the server has restarted; 18 of 27 nodes are back")
        let empty = WireGetStatusResponse.with { $0.serverHost = "cs-01" }
        #expect(
            first(empty)
                == "UNKNOWN     no node has registered yet. On a machine of the fleet: "
                + "rollcall agent --server cs-01 --identity DIR")
    }

    @Test("an answer without anything in it is unknown, not healthy")
    func emptyAnswerIsUnknown() {
        #expect(text(of: .init(), width: 80).hasPrefix("UNKNOWN"))
    }

    @Test("errors beyond those sent are counted, with the command that lists them")
    func hiddenErrorsAreCounted() {
        let status = WireGetStatusResponse.troubled.with { $0.errorCount = 40 }
        #expect(text(of: status, width: 80).contains("… and 37 more; evidence and all steps: rollcall errors\n"))
    }
}
