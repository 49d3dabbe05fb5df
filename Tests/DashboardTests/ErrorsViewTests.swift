import Dashboard
import RollcallProtocol
import TestSupport
import Testing

@Suite("ErrorsView")
struct ErrorsViewTests {
    private let golden = Golden()
    private let errors: [WireConnectivityError] = [.siteSilent, .serviceStopped, .logUploadStopped, .clearedContact]

    @Test("the list looks as in the golden files", arguments: [80, 120])
    func listLooksAsInTheGoldenFiles(width: Int) throws {
        let lines = ErrorsView(on: canvas(width: width)).list(errors, total: 9, all: true)
        #expect(try golden.difference(of: plain(lines, width: width), from: "errors-\(width).txt") == nil)
    }

    @Test("events look as in the golden file")
    func eventsLookAsInTheGoldenFile() throws {
        let events: [WireWatchErrorsResponse] = [
            .with { ($0.event, $0.error) = (.active, .siteSilent) },
            .with { ($0.event, $0.error) = (.raised, .serviceStopped) },
            .with { ($0.event, $0.error) = (.updated, .serviceStopped) },
            .with { ($0.event, $0.error) = (.cleared, .clearedContact) },
        ]
        let lines = events.flatMap { ErrorsView(on: canvas(width: 100)).event($0) }
        #expect(try golden.difference(of: plain(lines, width: 100), from: "errors-follow-100.txt") == nil)
    }

    @Test("a suspect is told in two lines, its return in one, in the reader's language")
    func suspects() {
        let suspect = WireSuspect.with {
            ($0.hostname, $0.site, $0.sinceUnixMs, $0.verdictUnixMs) = ("web-03", "taipei", 1_000, 61_000)
            $0.evidence.text = "its connection from 192.0.2.7:4711 was reset by the peer"
            $0.evidence.statement = "connection-ended"
            $0.evidence.words = ["peer": "192.0.2.7:4711", "loss": "§loss-reset"]
        }
        let suspected = WireWatchErrorsResponse.with { ($0.event, $0.suspect) = (.suspected, suspect) }
        let lines = plain(ErrorsView(on: canvas()).event(suspected)).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("suspect  web-03 (taipei)") == true)
        #expect(lines.last?.contains("was reset by the peer; an error follows at ") == true)

        let back = WireWatchErrorsResponse.with {
            ($0.event, $0.suspect) = (.returned, suspect)
            $0.suspect.returnedUnixMs = 4_000
        }
        let line = plain(ErrorsView(on: canvas()).event(back))
        #expect(line.hasSuffix("returned web-03 (taipei)  heard again after 3 s\n"))
    }

    @Test("no error is a sentence")
    func noErrorIsASentence() {
        #expect(plain(ErrorsView(on: canvas()).list([], total: 0, all: false)) == "No active error.\n")
        #expect(plain(ErrorsView(on: canvas()).list([], total: 0, all: true)) == "No error was ever raised.\n")
    }
}
