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

    @Test("no error is a sentence")
    func noErrorIsASentence() {
        #expect(plain(ErrorsView(on: canvas()).list([], total: 0, all: false)) == "No active error.\n")
        #expect(plain(ErrorsView(on: canvas()).list([], total: 0, all: true)) == "No error was ever raised.\n")
    }
}
